"""What a cell says: yes or no, a place in an order, a length, a time in the set."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from knowledge.importers import durations
from knowledge.importers.columns import number_is

_YES = {"1", "true", "yes", "y", "x", "ja", "j", "oui", "o", "si", "sí", "✓", "segue", "wahr", "vrai", ">", "->", "-->",
        "→", "=>", ">>", "t"}  # fmt: skip
_NO = {"0", "false", "no", "n", "nein", "non", "-", "falsch", "faux", "f"}
_ENCORE = re.compile(r"\b(?:e|enc|encores?|zugaben?|rappels?|bis)\b|\be\d\b", re.IGNORECASE)
_IN_WORDS = re.compile(
    r"(?:(?P<h>\d{1,3})\s*(?:hours?|hrs?|h|std\.?|stunden?|heures?|horas?)\s*)?"
    r"(?:(?P<m>\d{1,4})\s*(?:minutes?|minutos?|minuten?|mins?\.?|m|')?\s*)?"
    r"(?:(?P<s>\d{1,5})\s*(?:seconds?|sekunden?|secondes?|segundos?|secs?\.?|s|\"))?",
    re.IGNORECASE,
)
_SCALES = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WRITTEN_CHARS_MAX = 40
_AT = re.compile(r"\[?(?P<clock>\d{1,3}(?::\d{2}){1,2}(?:\.\d+)?)\]?\s*(?P<half>[ap])?\.?m?\.?", re.IGNORECASE)
_FIRST_HOUR_OF_A_NIGHT = 3
_SECONDS_OF_A_TRACK_MIN = 60


def flag(written: str) -> bool | None:
    """Read yes or no, in words or in signs; None where nothing is said."""
    word = written.strip().lower()
    return True if word in _YES else False if word in _NO else None


def is_encore(written: str) -> bool:
    """Whether the name of a set is that of an encore."""
    return bool(_ENCORE.search(written[:40]))


def number(written: str) -> int:
    """Read the number in "12", "12.", "Set 2" or "1,234"; 0 where there is none."""
    written = written[:_WRITTEN_CHARS_MAX]
    if _THOUSANDS.fullmatch(written):
        return int(float(written.replace(",", "")))
    found = re.search(r"\d{1,6}", written)
    return int(found[0]) if found else 0


def length_ms(written: str, header: str) -> int | None:
    """Read a length; a number alone is read only where the header says what it counts."""
    written = written.strip()
    if len(written) > _WRITTEN_CHARS_MAX or not written:
        return None
    if _THOUSANDS.fullmatch(written) and number_is(header):
        written = written.replace(",", "")
    if _NUMBER.fullmatch(written):
        scale = _SCALES.get(number_is(header))
        return round(float(written.replace(",", ".")) * scale) if scale else None
    read = durations.duration_ms(written)
    return _in_words(written) if read is None else read


def _in_words(written: str) -> int | None:
    found = _IN_WORDS.fullmatch(written)
    if found is None:
        return None
    hours, minutes, seconds = (int(found[part] or 0) for part in ("h", "m", "s"))
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000


class Times:
    """The times of a column: from the beginning of the recording, or by the clock.

    `22:05` first in a set is a clock; `0:00`, `04:50`, `11:24` are minutes of a recording. Where the
    gaps between rows would be seconds, two numbers are hours and minutes.
    """

    def __init__(self, sets: Iterable[Sequence[str]]) -> None:
        found = [[match for match in map(_AT.fullmatch, one) if match] for one in sets]
        parts = [[tuple(map(int, one["clock"].split(".")[0].split(":"))) for one in a_set] for a_set in found if a_set]
        halves = any(one["half"] for a_set in found for one in a_set)
        three = any(len(one) == 3 for a_set in parts for one in a_set)
        late = 2 * sum(a_set[0][0] >= _FIRST_HOUR_OF_A_NIGHT for a_set in parts) > len(parts)
        self.basis = "clock" if halves or (late and (three or _all_hours(parts))) or _too_near(parts) else "recording"

    def ms(self, written: str) -> int | None:
        """Read one time of the column."""
        found = _AT.fullmatch(written.strip())
        if found is None:
            return None
        if self.basis == "recording":
            return durations.from_clock(found["clock"])
        hours, minutes, *seconds = (float(part) for part in found["clock"].split(":"))
        if found["half"]:
            hours = hours % 12 + (12 if found["half"].lower() == "p" else 0)
        return round(((hours * 60 + minutes) * 60 + sum(seconds)) * 1_000)


def _all_hours(parts: Sequence[Sequence[tuple[int, ...]]]) -> bool:
    return all(one[0] < 24 for a_set in parts for one in a_set)


def _too_near(parts: Sequence[Sequence[tuple[int, ...]]]) -> bool:
    """Whether `0:05`, `0:12` would be seven seconds apart if they were minutes and seconds."""
    if any(len(one) != 2 for a_set in parts for one in a_set):
        return False
    gaps = [abs(60 * (later[0] - one[0]) + later[1] - one[1]) for a_set in parts for one, later in pairwise(a_set)]
    return bool(gaps) and median(gaps) < _SECONDS_OF_A_TRACK_MIN
