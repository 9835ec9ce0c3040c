"""A throw-away PostgreSQL cluster on loopback, from Debian's binaries."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_SECONDS_MAX = 60


def binaries() -> Path | None:
    """Find the newest server's programs, or None when there is no PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a cluster; gives the address of its administrator, without a database name."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="presence-pg-"))
    as_server = _server_user(folder)
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync={'on' if durable else 'off'}"
    try:
        data = folder / "data"
        _run([*as_server, str(programs / "initdb"), "-D", str(data), "-U", "presence", "-A", "trust", "-E", "UTF8"])
        log = folder / "log"
        start = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", str(START_SECONDS_MAX), "-l", str(log)]
        _run([*as_server, *start, "-o", options, "start"])
        yield f"postgresql://presence@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [*as_server, str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, name: str) -> str:
    """Make an empty database; gives its address."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{address}/{name}"


def drop_database(address: str, name: str) -> None:
    """Drop a database, whoever is connected, and its roles: hundreds take minutes to delete in the end."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{name}_tier_"])
        for (role,) in roles.fetchall():
            connection.execute(f'DROP ROLE "{role}"'.encode())


def _server_user(folder: Path) -> list[str]:
    """The server refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return []
    user = next(name for name in ("postgres", "nobody") if _exists(name))
    shutil.chown(folder, user)
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{command[-1]} failed: {done.stderr or done.stdout}")
