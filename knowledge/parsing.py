"""Hands files to the parser's process and takes documents back; a file that kills it kills only it."""

import contextlib
import json
import selectors
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO

from knowledge.errors import ImportRefused
from knowledge.importers import ImportedDoc

PARSE_SECONDS_MAX = 60.0
PARSE_MEMORY_BYTES_MAX = 2 * 1024**3


class Parser:
    """One child process, started when first needed and again after a failure. A context manager."""

    def __init__(
        self, *, seconds_max: float = PARSE_SECONDS_MAX, memory_bytes_max: int = PARSE_MEMORY_BYTES_MAX
    ) -> None:
        self._seconds_max = seconds_max
        self._memory_bytes_max = memory_bytes_max
        self._child: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> "Parser":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path, name: str) -> tuple[ImportedDoc, ...]:
        """Parse one file, or raise `ImportRefused` with the reason."""
        request = json.dumps({"path": str(path), "name": name}) + "\n"
        with self._lock:
            line = self._asked(request)
        try:
            answer = json.loads(line)
        except ValueError:  # nothing, or the half of it: the process died
            raise ImportRefused("The reader of this format failed on it; the file is left as it was.") from None
        if "refused" in answer:
            raise ImportRefused(answer["refused"])
        return tuple(ImportedDoc.from_dict(document) for document in answer["documents"])

    def close(self) -> None:
        """End the child process."""
        if self._child is not None:
            self._child.kill()
            with contextlib.suppress(BrokenPipeError, ValueError):  # what was not flushed is for nobody
                self._child.communicate()
            self._child = None

    def _running(self) -> subprocess.Popen[str]:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            # -P: the folder in which somebody happens to stand must not be searched for modules.
            self._child = subprocess.Popen(  # noqa: S603  # our own module, our own interpreter
                [sys.executable, "-P", "-m", "knowledge.importers.child", str(self._memory_bytes_max)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        return self._child

    def _asked(self, request: str) -> str:
        """Put one request; give the answer's line, or "" when the process died of it."""
        child = self._running()
        if child.stdin is None or child.stdout is None:
            raise ImportRefused("The parser could not be started.")
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(request)
            child.stdin.flush()
        return self._answer(child.stdout)

    def _answer(self, output: IO[str]) -> str:
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            if not selector.select(self._seconds_max):
                self.close()
                raise ImportRefused(f"Reading it took longer than {self._seconds_max:g} seconds.")
        line = output.readline()
        if not line:
            self.close()
        return line
