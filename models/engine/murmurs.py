"""What llama.cpp says while it works: silent in service, and the reason when something fails."""

import ctypes
from typing import Any

from llama_cpp import llama_cpp as c

_ERROR = 3
_KEPT = 40
_said: list[str] = []


@c.llama_log_callback  # type: ignore[untyped-decorator]
def _listen(level: int, text: bytes, _data: Any) -> None:
    if level >= _ERROR and text.strip():
        _said.append(text.decode(errors="replace").strip())
        del _said[:-_KEPT]


class Murmurs:
    """Collects the engine's errors while it is open; one model is opened at a time."""

    def __enter__(self) -> "Murmurs":
        c.llama_log_set(_listen, ctypes.c_void_p(0))
        _said.clear()
        return self

    def __exit__(self, *_: object) -> None:
        """The callback stays: it is silent."""

    def last(self) -> str:
        """Give the most telling line: the first error, without the function's name before it."""
        telling = [line for line in _said if "failed to load model" not in line] or _said
        return telling[0].split(": ", 1)[-1][:200] if telling else ""
