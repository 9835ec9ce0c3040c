"""A Chroma server of our own, on loopback, for as long as a test needs one."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.ports import free_port

START_SECONDS_MAX = 60.0


@dataclass
class ChromaServer:
    """A server over a folder, at one address, however often it is killed and started."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Where it is, or would be."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, or begin again."""
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.folder), "--port", str(self.port), "--host", "127.0.0.1"]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for_heartbeat(self.process, self.address)

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def still(self) -> None:
        """Let it take connections and answer none."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Run a server over this folder; gives its address."""
    with frail_chroma(folder) as server:
        yield server.address


@contextmanager
def frail_chroma(folder: Path) -> Iterator[ChromaServer]:
    """Run a server to which things can be done."""
    folder.mkdir(parents=True, exist_ok=True)
    server = ChromaServer(folder, free_port())
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _wait_for_heartbeat(server: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/api/v2/heartbeat").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the Chroma server did not start")
