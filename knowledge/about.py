"""Whether a passage speaks of the night, the things or the notes that a question has been traced to.

Facts find which night is meant; prose is then looked for with the date, the names and the notes of it.
A date stands in prose as people write it: 1977-05-08, May 8, 1977, 8 May 1977, 5/8/77.
"""

import re
import unicodedata
from calendar import month_abbr, month_name
from collections.abc import Sequence

from knowledge.candidates import Candidate, by_score
from knowledge.evidence import About, SourcePassage

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


class Concern:
    """What a question is about, ready to be looked for in many passages."""

    def __init__(self, about: About) -> None:
        self._about = about
        self._names = _any_of([rf"(?<!\w){_phrase(name)}(?!\w)" for name in about.names if name.strip()])
        self._dates = _any_of([form for date in about.dates for form in _forms(date)])
        self._kinds = bool(about.dates or about.documents) + (self._names is not None)

    def share(self, passage: SourcePassage) -> float:
        """Of the two things that can be given, when and what, the share that a passage speaks of: 0 to 1."""
        said = folded(f"{passage.title}\n{passage.heading}\n{passage.text}")
        when = self.is_of_then(passage) or (self._dates is not None and self._dates.search(said) is not None)
        what = self._names is not None and self._names.search(said) is not None
        return (when + what) / self._kinds if self._kinds else 0.0

    def is_of_then(self, passage: SourcePassage) -> bool:
        """Whether the whole note is of that night, by its date or because it is one of the notes."""
        dated = any(date and passage.date.startswith(date) for date in self._about.dates)
        return dated or passage.document_id in self._about.documents


def words_of(about: About) -> str:
    """Give everything by which a passage may name the night, for a search by words."""
    return " ".join([*about.names, *about.dates, *(form for date in about.dates for form in _written(date))])


def concerned(candidates: Sequence[Candidate], concern: Concern) -> list[Candidate]:
    """Rank in three tiers: what speaks of when and what, of one of them, of neither; by score within each."""
    shares = [concern.share(candidate.passage) for candidate in candidates]
    return by_score(
        candidate.scored(round((candidate.score + (1 + (share == 1)) * (share > 0)) / 3, 6), share)
        for candidate, share in zip(candidates, shares, strict=True)
    )


def folded(text: str) -> str:
    """Write a text as names are compared: small letters, no accents, plain apostrophes, single spaces."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def _phrase(name: str) -> str:
    return re.escape(folded(name))


def _any_of(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns)) if patterns else None


def _forms(date: str) -> list[str]:
    """Give patterns of the ways in which a date is written; a month or a year by itself has fewer."""
    found = _ISO.fullmatch(date)
    if found is None or not 1 <= int(found[2] or 1) <= 12:
        return [rf"(?<!\w){_phrase(date)}(?!\w)"] if date.strip() else []
    year, month, day = found[1], int(found[2] or 0), int(found[3] or 0)
    if not month:
        return [rf"(?<!\w){year}(?!\w)"]
    name = rf"(?:{month_name[month]}|{month_abbr[month]}t?\.?)".casefold()
    if not day:
        return [rf"(?<!\w)(?:{date}|{name},? {year})(?!\w)"]
    numeral, short = rf"{day}(?:st|nd|rd|th)?", rf"(?:{year[:2]})?{year[2:]}"
    spoken = rf"{name} {numeral},? {year}|{numeral}(?: of)? {name},? {year}|0?{month}/0?{day}/{short}"
    return [rf"(?<![\w/])(?:{date}|{spoken})(?![\w/])"]


def _written(date: str) -> list[str]:
    found = _ISO.fullmatch(date)
    if found is None or not 1 <= int(found[2] or 0) <= 12:
        return []
    month = int(found[2])
    day = int(found[3] or 0) or ""
    return [f"{day} {month_name[month]} {found[1]}", f"{month}/{day}/{found[1][2:]}" if day else ""]
