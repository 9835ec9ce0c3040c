"""An exact answer: sentences made by templates, each with the rows that it rests on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row as it was imported, with its place; `ident` is opaque and safe to show."""

    ident: str
    kind: str  # the table that it stands in
    document_id: str
    title: str  # of the document
    date: str
    speaker: str
    file_name: str
    line: int
    place: str
    raw: str
    tier: int
    event_key: str = ""

    @property
    def locator(self) -> dict[str, str | int]:
        """Where the row stands: file, and line or place."""
        at: dict[str, str | int] = {"file": self.file_name}
        if self.line:
            at["line"] = self.line
        if self.place:
            at["place"] = self.place
        return at


@dataclass(frozen=True, slots=True)
class FactSentence:
    """A sentence and its rows; the first of them is the most telling."""

    text: str
    rows: tuple[FactRow, ...] = ()


@dataclass(frozen=True, slots=True)
class NightMeant:
    """A night that an answer is about, for the prose that is pinned to it."""

    event_key: str
    date: str
    names: tuple[str, ...]  # venue, city, title


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted or looked up. `nights` are few, or none where the answer is about many."""

    intent: str
    sentences: tuple[FactSentence, ...]
    nights: tuple[NightMeant, ...] = ()

    @property
    def tier(self) -> int:
        """The highest tier of its rows."""
        return max((row.tier for sentence in self.sentences for row in sentence.rows), default=0)

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class AboutNights:
    """A question for the prose about nights that were found: what was thought, felt, went wrong."""

    nights: tuple[NightMeant, ...]
    asks: str = ""  # what the question asks beside the names and dates of the night
    is_of_prose: bool = False  # asks why, how it was, what happened: no row can answer it


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The question is about something exact that no row of this tier knows; `why` says what was looked for."""

    why: str
