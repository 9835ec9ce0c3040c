"""What a search gives: evidence to answer from, a question back, or nothing with the nearest notes."""

from dataclasses import dataclass

from knowledge.facts.told import Facts


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """A passage as a reader at its tier may see it; `ident` is opaque and safe to show."""

    ident: str
    document_id: str
    title: str
    kind: str
    date: str
    speaker: str
    licence: str
    file_name: str
    heading: str
    tier: int
    text: str
    document_sha256: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """A sentence that can be quoted: characters `start` to `end` of its passage."""

    passage: SourcePassage
    index: int
    start: int
    end: int
    line: int
    time: str | None
    relevance: float  # 0 to 1, comparable within one search only

    @property
    def text(self) -> str:
        """The words, verbatim, line breaks included."""
        return self.passage.text[self.start : self.end]

    @property
    def locator(self) -> dict[str, str | int]:
        """Where the sentence stands: file, line, and heading or time where there is one."""
        place: dict[str, str | int] = {"file": self.passage.file_name, "line": self.line}
        if self.passage.heading:
            place["heading"] = self.passage.heading
        if self.time:
            place["time"] = self.time
        return place


@dataclass(frozen=True, slots=True)
class About:
    """What a question has been traced to, so that prose is looked for there: any of these may be empty."""

    dates: tuple[str, ...] = ()  # ISO 8601, to the day, the month or the year
    names: tuple[str, ...] = ()  # of works, places, people, as they are written
    documents: frozenset[str] = frozenset()  # ids
    surely: bool = False  # one night, and a question that only its notes can answer
    asks: str = ""  # what is asked beside all that; sentences are chosen by it, "" by the whole question


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier turn of the same conversation: what was asked, and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences that bear on the question, the most telling first.

    `as_told`: the first of them stand together in one note and tell something in their own order.
    """

    sentences: tuple[SourceSentence, ...]
    passages_seen: int
    as_told: bool = False

    @property
    def tier(self) -> int:
        """The highest tier of its sources."""
        return max((sentence.passage.tier for sentence in self.sentences), default=0)


@dataclass(frozen=True, slots=True)
class AskBack:
    """The question can be meant in several ways: 2 to 4 choices, each a question of its own."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No note answers it; the nearest ones, for the listener to look at. `why` says what the lists lack, if they do."""

    nearest: tuple[SourcePassage, ...]
    why: str = ""


Finding = Evidence | Facts | AskBack | Nothing
