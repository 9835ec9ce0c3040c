"""The node's own secret: what it seals at rest with, and knows addresses again by. Lost, both are lost."""

import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from presence.home import Home
from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import SECRET_BYTES

_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret_file(home: Home) -> Path:
    """Where it lies."""
    return home.keys / "node.secret"


def node_secret(home: Home) -> bytes:
    """Read the secret, made at its first use; raises `KeyFileWrong` where others can read it too."""
    path = secret_file(home)
    if not path.exists():
        _make(path)
    if path.stat().st_mode & _OPEN_TO_OTHERS:
        raise KeyFileWrong(f"Others on this machine can read {path}. Say: chmod 600 {path}")
    return path.read_bytes()


def _make(path: Path) -> None:
    """Write it whole beside its place, then link it there: a second writer finds the first one's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by its user alone
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    Path(draft).unlink()
