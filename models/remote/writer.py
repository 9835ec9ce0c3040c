"""The writer over a remote server: pieces come from one background thread, to any number of others."""

import queue
import re
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

import httpx

from models.contracts import Limits, Prompt, Usage
from models.errors import ModelError, WriterStopped, WriterUnreachable
from models.remote.address import address_of, headers_for
from models.remote.answering import Answer, Patience, write_answer
from models.remote.background import Background
from models.remote.line import Line
from models.remote.manners import Constraint
from models.remote.server import Server

# How soon a stop is seen while no bytes come.
LOOK_EVERY_S = 0.1

_Pieces = queue.SimpleQueue["str | BaseException | None"]


class RemoteWriter:
    """Writes through an OpenAI-compatible server; `write` may be called from many threads at once."""

    def __init__(
        self,
        url: str,
        *,
        model: str | None = None,
        key: str | None = None,
        constraint: Constraint = "auto",
        connect_s: float = 5.0,
        first_token_s: float = 120.0,
        between_tokens_s: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Remember where the server is, without a word to it; an address no server has is a `WriterUnreachable`."""
        address = address_of(url)
        line = Line(address, headers_for(key), connect_s=connect_s, transport=transport)
        self._server = Server(line, model=model, constraint=constraint)
        self._patience = Patience(first_token_s, between_tokens_s)
        self._background = Background("remote-writer")

    @property
    def name(self) -> str:
        """Its model, or its host as long as the server has not named one."""
        return f"remote:{_shown(self._server.model or self._server.line.address.host)}"

    def check(self) -> str | None:
        """Ask the server whether it is there; gives a sentence when it cannot be used. Blocks for seconds."""
        try:
            self._background.start(self._server.look()).result()
        except ModelError as error:
            return str(error)
        except CancelledError:
            return str(WriterStopped())
        return None

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        if not prompt.sentences or limits.pointers_max < 1 or stop.is_set():
            return  # nothing to point at, or nobody who wants it
        pieces: _Pieces = queue.SimpleQueue()
        answer = Answer(prompt, limits, pieces.put, usage if usage is not None else Usage())
        work = self._background.start(write_answer(self._server, answer, self._patience))
        work.add_done_callback(lambda done: pieces.put(_end_of(done)))
        try:
            while (piece := _next(pieces, stop)) is not None:
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
        finally:
            work.cancel()  # also when nobody reads to the end; the server sees its connection close

    def close(self) -> None:
        """Break off what is being written, close the connections, end the thread."""
        self._background.close(self._server.line.close)


def _shown(model: str) -> str:
    """Servers may name a model by its file: where that lies is not for listeners."""
    is_path = "\\" in model or model.startswith(("/", ".", "~"))
    return (re.split(r"[\\/]", model)[-1] if is_path else model).removesuffix(".gguf")


def _next(pieces: _Pieces, stop: threading.Event) -> "str | BaseException | None":
    while not stop.is_set():
        try:
            return pieces.get(timeout=LOOK_EVERY_S)
        except queue.Empty:
            continue
    return None


def _end_of(work: "Future[None]") -> BaseException | None:
    if work.cancelled():
        return WriterStopped()
    error = work.exception()
    if error is None or isinstance(error, ModelError):
        return error
    return WriterUnreachable(f"The remote writer could not be followed ({type(error).__name__}).")
