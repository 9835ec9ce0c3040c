"""A throw-away PostgreSQL cluster on loopback, from Debian's binaries; it can be stopped, killed and stilled."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from tests.ports import free_port

START_SECONDS_MAX = 60
INITIAL = ("-U", "presence", "-A", "trust", "-E", "UTF8")


def binaries() -> Path | None:
    """Find the newest server's programs, or None when there is no PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that is up, until something is done to it."""

    folder: Path
    programs: Path
    as_server: list[str]
    port: int
    is_durable: bool

    @property
    def address(self) -> str:
        """The address of its administrator, without a database name."""
        return f"postgresql://presence@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, or begin again."""
        fsync = "on" if self.is_durable else "off"
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync={fsync}"
        wait = ["-w", "-t", str(START_SECONDS_MAX), "-l", str(self.folder / "log")]
        _run([*self._control, *wait, "-o", options, "start"])

    def stop(self) -> None:
        """End as if the plug were pulled; whoever is connected is cut off."""
        subprocess.run([*self._control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")

    def still(self) -> None:
        """Let none of its processes move, as on a disk that does not answer."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let them move again."""
        self._signal(signal.SIGCONT)

    def _signal(self, what: signal.Signals) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):  # those that serve a line come and go
                process.send_signal(what)

    @property
    def _control(self) -> list[str]:
        return [*self.as_server, str(self.programs / "pg_ctl"), "-D", str(self.folder / "data")]

    def processes(self) -> list[psutil.Process]:
        """Give all of its processes that are there now."""
        with suppress(psutil.NoSuchProcess, OSError):
            master = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
            return [master, *master.children(recursive=True)]
        return []


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a cluster; gives the address of its administrator, without a database name."""
    with frail_cluster(durable=durable) as running:
        yield running.address


@contextmanager
def frail_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Run a cluster to which things can be done."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="presence-pg-"))
    made = Cluster(folder, programs, _server_user(folder), free_port(), durable)
    try:
        _run([*made.as_server, str(programs / "initdb"), "-D", str(folder / "data"), *INITIAL])
        made.start()
        yield made
    finally:
        try:
            made.go_on()
        finally:
            made.stop()
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


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{command[-1]} failed: {done.stderr or done.stdout}")
