"""Turns what a model writes, as text or as JSON, into checked units: a few words and a pointer.

A unit is given as soon as it is complete. A pointer at a number that is not in the prompt, or that
was pointed at before, is left out together with the words before it.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from models.thoughts import CLOSING, Thoughts

# Longer words before a pointer than any that could be shown; what stands earlier is forgotten.
PENDING_CHARS_MAX = 2_000

_POINTER = re.compile(r"\[\s*(\d{1,4})\s*\]")
_decoder = json.JSONDecoder()


class Pointing:
    """Reads one answer; `full` once it has all the pointers it may have."""

    def __init__(self, numbers: Iterable[int], pointers_max: int, *, json_form: bool) -> None:
        self._left = set(numbers)
        self._room = pointers_max
        self._json = json_form
        self._begun = False
        self._pending = ""
        self._thoughts = Thoughts()

    @property
    def full(self) -> bool:
        """Whether nothing more may come."""
        return self._room <= 0 or not self._left

    def read(self, text: str) -> str:
        """Take a piece of the answer; gives the units it completes as text, or nothing."""
        self._pending += self._thoughts.without(text)
        # Some templates open the thoughts in the prompt: then only their end is to be seen.
        self._pending = self._pending.rpartition(CLOSING)[2]
        self._begin()
        found = self._json_units() if self._json else self._text_units()
        self._pending = self._pending[-PENDING_CHARS_MAX:]
        return "".join(self._checked(words, number) for words, number in found)

    def _begin(self) -> None:
        """A server may take no notice of the form; then its answer is read as the text it is."""
        if not self._begun and (visible := self._pending.lstrip()):
            self._begun = True
            self._json = self._json and visible[0] in "{`"

    def _text_units(self) -> list[tuple[str, int]]:
        units = []
        while found := _POINTER.search(self._pending):
            units.append((self._pending[: found.start()], int(found[1])))
            self._pending = self._pending[found.end() :]
        return units

    def _json_units(self) -> list[tuple[str, int]]:
        units = []
        while "}" in self._pending and (complete := self._complete_object()):
            value, after = complete
            units += [unit for listed in _listed(value) if (unit := _unit(listed))]
            self._pending = self._pending[after:]
        return units

    def _complete_object(self) -> tuple[dict[str, Any], int] | None:
        """Find the first object that is complete: the outermost seldom is before the end."""
        for found in re.finditer(r"\{", self._pending):
            try:
                value, after = _decoder.raw_decode(self._pending, found.start())
            except (ValueError, RecursionError):
                continue
            return value, after
        return None

    def _checked(self, words: str, number: int) -> str:
        if self.full or number not in self._left:
            return ""
        self._left.discard(number)
        self._room -= 1
        flat = " ".join(words.replace("[", "").replace("]", "").split())
        return f"{flat} [{number}] " if flat else f"[{number}] "


def _unit(value: object) -> tuple[str, int] | None:
    number, words = (value.get("point"), value.get("say")) if isinstance(value, dict) else (None, None)
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return (words if isinstance(words, str) else ""), number


def _listed(value: dict[str, Any]) -> list[object]:
    units = value.get("units", value)
    return units if isinstance(units, list) else [units]
