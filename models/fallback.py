"""Quotes while there is no language model, whatever the reason, and lets the model write once there is.

Opening a model takes seconds or minutes, and may fail; a node is there at once in any case.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Literal

from models.contracts import Limits, Prompt, Usage, Writer
from models.errors import EngineMissing, ModelError, WriterBusy, WriterStopped, WriterUnreachable

RETRY_S = 5.0
OPENING_SECONDS_MAX = 120.0

State = Literal["opening", "ready", "failed"]


class Fallback:
    """Two writers: `meanwhile`, and whatever `opening` gives.

    Tries again by itself while the engine is missing or a remote writer is away.
    """

    def __init__(self, opening: Callable[[], Writer], meanwhile: Writer, *, retry_s: float = RETRY_S) -> None:
        self._opening = opening
        self._meanwhile = meanwhile
        self._retry_s = retry_s
        self._opened: Writer | None = None
        self._closed = threading.Event()
        self.settled = threading.Event()
        self.reason: str | None = None
        self._thread = threading.Thread(target=self._open, name="opening the writer", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """Whether the model writes; `reason` says why it does not, once that is known."""
        if self._now() is not self._meanwhile:
            return "ready"
        return "failed" if self.reason is not None else "opening"

    def awaited(self, seconds: float = OPENING_SECONDS_MAX) -> str | None:
        """Wait until it is known whether the model writes; gives the reason why it does not, if so."""
        self.settled.wait(seconds)
        return self.reason

    @property
    def name(self) -> str:
        """Of the writer that would write now."""
        return self._now().name

    @property
    def sha256(self) -> str | None:
        """Of its weights, where it has any."""
        return getattr(self._now(), "sha256", None)

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        writer = self._now()
        begun = False
        try:
            for piece in writer.write(prompt, limits, stop, usage):
                begun = True
                yield piece
        except (WriterStopped, WriterBusy):
            raise
        except ModelError as error:
            self.reason = str(error)
            if begun or writer is self._meanwhile:
                raise
        else:
            if writer is not self._meanwhile:
                self.reason = None
            return
        yield from self._meanwhile.write(prompt, limits, stop, usage)

    def close(self) -> None:
        """Close both; a model that is just being opened is closed when it is."""
        self._closed.set()
        if self._opened is not None:
            self._opened.close()
        self._meanwhile.close()

    def _now(self) -> Writer:
        opened = self._opened
        return opened if opened is not None and getattr(opened, "alive", True) else self._meanwhile

    def _open(self) -> None:
        while not self._closed.is_set():
            try:
                opened = self._opening()
            except (EngineMissing, WriterUnreachable) as error:
                self.reason = str(error)
                self.settled.set()
                self._closed.wait(self._retry_s)
                continue
            except ModelError as error:
                self.reason = str(error)
            except Exception as error:  # noqa: BLE001  # a node does not fall over its writer
                self.reason = f"The language model could not be opened: {error}"
            else:
                self._take(opened)
            self.settled.set()
            return

    def _take(self, opened: Writer) -> None:
        self.reason, self._opened = None, opened
        if self._closed.is_set():
            opened.close()
