"""Runs the real command in processes of its own, as people do; they can be killed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PROGRAM = str(Path(sys.executable).parent / "presence")
OPEN_SECONDS_MAX = 180.0
_ADDRESS = re.compile(r"open at\s+(http://\S+)/")
_TOKEN = re.compile(r"operator\?token=(\S+)")


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of this machine's settings, the small embedder, and a home."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PRESENCE_")}
    return {**kept, "PRESENCE_HOME": str(home), "PRESENCE_KNOWLEDGE__EMBEDDER": "hashed", **more}


def command(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [PROGRAM, *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def told(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Read what a command told with --json."""
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def share_keys(home: Path, other: Path) -> None:
    """Give another home of the same node what its processes need of `keys/`; the artist's own stays where it is."""
    keys = other / "keys"
    keys.mkdir(mode=0o700, parents=True)
    for name in ("presence.json", "till.json", "door.json", "node.secret"):
        shutil.copy2(home / "keys" / name, keys)


@dataclass(frozen=True, slots=True)
class Serving:
    """A node that is open."""

    process: subprocess.Popen[str]
    address: str
    token: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=30)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(home: Path, *arguments: str, verb: str = "serve", program: str = PROGRAM, **more: str) -> Iterator[Serving]:
    """Serve on a free port until the context ends."""
    home.parent.mkdir(parents=True, exist_ok=True)
    log = home.parent / f"{home.name}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [program, verb, "--port", "0", *arguments],
            env=environment(home, PYTHONUNBUFFERED="1", **more),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield _opened(process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
            process.communicate()


def _opened(process: subprocess.Popen[str], log: Path) -> Serving:
    address, until = "", time.monotonic() + OPEN_SECONDS_MAX
    while time.monotonic() < until and process.stdout is not None:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"it did not open: {log.read_text()[-2000:]}")
        if found := _ADDRESS.search(line):
            address = found[1]
        if found := _TOKEN.search(line):
            _wait_until_it_answers(address)
            return Serving(process, address, found[1])
    raise RuntimeError("it did not open in time")


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
