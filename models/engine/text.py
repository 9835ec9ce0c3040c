"""From tokens to text: bytes that never stall, stop strings held back, thinking left out."""

import codecs

from models.thoughts import Thoughts, begun


class Transcriber:
    """Turns the bytes of one answer into the pieces of text that may be shown."""

    def __init__(self, stop: tuple[str, ...] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._thoughts = Thoughts()
        self._stop = tuple(mark for mark in stop if mark)
        self._held = ""
        self.stopped = False

    def take(self, data: bytes, *, last: bool = False) -> str:
        """Take bytes, give text; whatever could be the beginning of a mark is held back until it is known."""
        if self.stopped:
            return ""
        self._held += self._thoughts.without(self._decoder.decode(data, last))
        self._held += self._thoughts.rest() if last else ""
        places = [place for mark in self._stop if (place := self._held.find(mark)) >= 0]
        self.stopped = bool(places)
        shown = self._held[: min(places)] if places else self._held[: len(self._held) - self._kept(last=last)]
        self._held = self._held[len(shown) :]
        return shown

    def _kept(self, *, last: bool) -> int:
        return 0 if last else max((begun(mark, self._held) for mark in self._stop), default=0)
