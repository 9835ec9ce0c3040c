"""What is asked of a source, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Cited:
    """What a sentence leaned on: one sentence of a note or a few that stand together, and whose words they are.

    `date` is ISO 8601, to the day, the month or the year, or ""; words such as "tonight" are read by it.
    """

    text: str
    speaker: str = ""
    title: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Persons:
    """Who is who: the artist, and other names by which somebody or something goes (any name → the full one)."""

    artist: str
    aliases: Mapping[str, str] = field(default_factory=dict)


class How(StrEnum):
    """How a sentence was found in its sources."""

    VERBATIM = "verbatim"
    WORD_BY_WORD = "word by word"
    RETOLD = "retold"
    JOINED = "joined"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a sentence is supported, how, and by which of the sources (numbered from 0).

    `why` says, for whoever looks into it, what was missing; it may hold words of sources and is not for listeners.
    """

    how: How
    sources: tuple[int, ...] = ()
    why: str = ""

    def __bool__(self) -> bool:
        return self.how is not How.NOT
