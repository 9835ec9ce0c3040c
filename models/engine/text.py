"""From tokens to text: bytes that never stall, stop strings held back, thinking left out."""

import codecs

OPEN, SHUT = "<think>", "</think>"


class Transcriber:
    """Turns the bytes of one answer into the pieces of text that may be shown."""

    def __init__(self, stop: tuple[str, ...] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stop = tuple(mark for mark in stop if mark)
        self._held = ""
        self._thinking = False
        self.stopped = False

    def take(self, data: bytes, *, last: bool = False) -> str:
        """Take bytes, give text; whatever could be the beginning of a mark is held back until it is known."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(data, last)
        return self._without_thinking(last=last)

    def _without_thinking(self, *, last: bool) -> str:
        shown = ""
        while True:
            mark = SHUT if self._thinking else OPEN
            before, found, after = self._held.partition(mark)
            if not found:
                break
            shown += "" if self._thinking else self._until_stop(before)
            self._thinking, self._held = not self._thinking, after
            if self.stopped:
                return shown
        return shown + self._rest(last=last)

    def _rest(self, *, last: bool) -> str:
        marks = (SHUT,) if self._thinking else (OPEN, *self._stop)
        if not self._thinking:
            shown = self._until_stop(self._held)
            if self.stopped:
                return shown
        keep = 0 if last else max(_begun(self._held, mark) for mark in marks)
        cut = len(self._held) - keep
        ready, self._held = self._held[:cut], self._held[cut:]
        return "" if self._thinking else ready

    def _until_stop(self, text: str) -> str:
        places = [place for mark in self._stop if (place := text.find(mark)) >= 0]
        if not places:
            return text
        self.stopped, self._held = True, ""
        return text[: min(places)]


def _begun(text: str, mark: str) -> int:
    """How many characters at the end of `text` could be the beginning of `mark`."""
    return next((size for size in range(min(len(mark) - 1, len(text)), 0, -1) if text.endswith(mark[:size])), 0)
