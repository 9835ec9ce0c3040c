"""Leaves out what a model thinks aloud between `<think>` and `</think>`."""

OPENING = "<think>"
CLOSING = "</think>"


class Thoughts:
    """Reads a text in pieces; a tag may be split over them, and may never close."""

    def __init__(self) -> None:
        self._pending = ""
        self._inside = False

    def without(self, piece: str) -> str:
        """Give the text outside the thoughts, as far as it is certain."""
        self._pending += piece
        shown = ""
        while (at := self._pending.find(self._tag)) >= 0:
            shown += "" if self._inside else self._pending[:at]
            self._pending = self._pending[at + len(self._tag) :]
            self._inside = not self._inside
        kept = begun(self._tag, self._pending)
        certain = self._pending[: len(self._pending) - kept]
        self._pending = self._pending[len(certain) :]
        return shown if self._inside else shown + certain

    def rest(self) -> str:
        """Give what was held back, now that nothing more comes."""
        rest, self._pending = "" if self._inside else self._pending, ""
        return rest

    @property
    def _tag(self) -> str:
        return CLOSING if self._inside else OPENING


def begun(tag: str, text: str) -> int:
    """Count the characters at the end of the text that may be the beginning of the tag."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
