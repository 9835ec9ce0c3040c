"""Runs the real command in processes of its own, as people do; they can be killed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests import stores
from tests.ports import free_port
from tests.turns import taking_turns

PROGRAM = str(Path(sys.executable).parent / "presence")
OPEN_SECONDS_MAX = 180.0
STOP_SECONDS_MAX = 60.0
_ADDRESS = re.compile(r"open at\s+(http://\S+)/")
_TOKEN = re.compile(r"operator\?token=(\S+)")


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of this machine's settings, the small embedder, a home, and what it stands on."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PRESENCE_")}
    there = {} if _chosen(more) else stores.settings_of(home)
    return {**kept, "PRESENCE_HOME": str(home), "PRESENCE_KNOWLEDGE__EMBEDDER": "hashed", **there, **more}


def _chosen(settings: dict[str, str]) -> bool:
    """Whether a test says itself what a home stands on."""
    return any(name in settings for name in stores.CHOSEN)


def command(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    if "restore" in arguments and not _chosen(more):
        stores.settings_of(home, with_nothing=True)
    return subprocess.run(
        [PROGRAM, *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def begin(home: Path) -> Path:
    """Make a folder a home, without keys and with nothing set."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "presence.toml").touch()
    return home


def told(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Read what a command told with --json."""
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def share_keys(home: Path, other: Path) -> None:
    """Give another home of the same node what its processes need of `keys/`; the artist's own stays where it is."""
    keys = other / "keys"
    keys.mkdir(mode=0o700, parents=True)
    for name in ("presence.json", "till.json", "door.json", "node.secret"):
        if (home / "keys" / name).exists():  # a home that was never founded has none but the secret
            shutil.copy2(home / "keys" / name, keys)


def share_home(home: Path) -> Path:
    """Make a home for a second process beside the first one's, with what the guide has it share, and the last head."""
    other = home.parent / f"{home.name}-beside"
    shutil.rmtree(other, ignore_errors=True)
    share_keys(home, other)
    for name in ("keys/head.json", "presence.toml"):
        if (home / name).exists():
            shutil.copy2(home / name, other / name)
    for name in ("uploads", "brought", "persona", "models"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
        (other / name).symlink_to(home / name)
    return other


@dataclass(frozen=True, slots=True)
class Serving:
    """A node that is open, by one process or more."""

    process: subprocess.Popen[str]
    address: str
    token: str
    logs: tuple[Path, ...] = ()
    others: tuple[subprocess.Popen[str], ...] = ()

    def printed(self) -> str:
        """Give what its processes have printed so far, one after the other."""
        return "".join(log.read_text() for log in self.logs)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=30)

    def kill(self) -> None:
        for process in (self.process, *self.others):
            process.send_signal(signal.SIGKILL)
            process.wait()


@contextmanager
def serving(home: Path, *arguments: str, verb: str = "serve", program: str = PROGRAM, **more: str) -> Iterator[Serving]:
    """Serve on a free port until the context ends; by two processes, where all homes of tests are."""
    if verb == "serve":
        begin(home)
    if stores.PROCESSES == 1 or _chosen(more) or "PRESENCE_PUBLIC_URL" in more:
        with _serving(home, 0, program, verb, *arguments, **more) as one:
            yield one
        return
    with taking_turns() as front:
        there = {**stores.settings_of(home), "PRESENCE_PUBLIC_URL": front.url, **more}
        first, second = free_port(), free_port()
        with (
            _serving(home, first, program, verb, *arguments, **there) as one,
            _serving(share_home(home), second, program, verb, *arguments, **there) as two,
        ):
            front.ports = [first, second]
            yield Serving(one.process, front.url, one.token, one.logs + two.logs, (two.process,))


@contextmanager
def _serving(home: Path, port: int, program: str, verb: str, *arguments: str, **more: str) -> Iterator[Serving]:
    home.parent.mkdir(parents=True, exist_ok=True)
    log = home.parent / f"{home.name}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [program, verb, "--port", str(port), *arguments],
            env=environment(home, PYTHONUNBUFFERED="1", **more),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield _opened(process, log, port)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOP_SECONDS_MAX)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.communicate()


def _opened(process: subprocess.Popen[str], log: Path, port: int) -> Serving:
    late = threading.Timer(OPEN_SECONDS_MAX, process.kill)  # who says nothing would be listened to for ever
    late.start()
    try:
        address, token = _told(process)
    finally:
        late.cancel()
    if not token:
        raise RuntimeError(f"it did not open: {log.read_text()[-2000:]}")
    _wait_until_it_answers(f"http://127.0.0.1:{port}" if port else address)
    return Serving(process, address, token, (log,))


def _told(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Read at which address it opens and with which token; empty where it ends before it says so."""
    address = ""
    for line in process.stdout or ():
        if found := _ADDRESS.search(line):
            address = found[1]
        if found := _TOKEN.search(line):
            return address, found[1]
    return "", ""


def _wait_until_it_answers(address: str) -> None:
    until = time.monotonic() + OPEN_SECONDS_MAX
    while time.monotonic() < until:
        try:
            httpx.get(f"{address}/healthz", timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("it does not answer")
