"""Ports for servers that have to know theirs before they open."""

import fcntl
import os
import secrets
import socket
import tempfile
from functools import cache
from pathlib import Path

HOST = "127.0.0.1"
PORTS = range(20_000, 30_000)
"""Below those that the system gives to whoever takes any, be it for a connection that goes out."""
TRIES_MAX = 1_000
_ours: set[int] = set()


def free_port() -> int:
    """Give a port that nobody has; as long as this process lives, no other one that asks here is given it."""
    for _ in range(TRIES_MAX):
        port = secrets.choice(PORTS)
        if port not in _ours and _is_free(port):
            _ours.add(port)
            return port
    raise RuntimeError("no port is free")


def _is_free(port: int) -> bool:
    try:
        fcntl.lockf(_given(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        with socket.socket() as probe:
            probe.bind((HOST, port))
    except OSError:
        return False
    return True


@cache
def _given() -> int:
    """Open the file in which a byte stands for each port; its lock ends with the process that has it."""
    return os.open(Path(tempfile.gettempdir()) / f"presence-ports-{os.getuid()}", os.O_RDWR | os.O_CREAT, 0o600)
