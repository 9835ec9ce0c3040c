"""What asking needs from the four packages; the bootstrap hands it over."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from billing import Allowance, Hold, Offer, Receipt, Sale, Wanted
from knowledge import Before, Finding, Thing
from models import Writer
from presence.persona.files import Persona, Refused

T = TypeVar("T")
HERSELF = "herself"
"""Stands where the writer is named, where none had a part: the artist answered."""

__all__ = [
    "HERSELF",
    "Holds",
    "Listener",
    "Outcome",
    "Personas",
    "Prices",
    "Refuses",
    "Remembered",
    "Remembering",
    "RemembersNothing",
    "Retrieval",
    "StandBy",
    "Standing",
    "TermsOfAsking",
    "TierOf",
    "Unlimited",
    "WithHer",
    "Writer",
]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who asks: an opaque name; the key that she proved; the operator's session where there is one.

    `tier_max` is how far the way goes by which she came, whatever her key may: a key that the node
    holds for her, or one of a program, opens less than her own.
    """

    ident: str
    operator_session: str | None = None
    did: str | None = None
    tier_max: int = 4
    how: str = "cookie"  # cookie, key, mail, program, embed, signature
    questions_per_day: int | None = None
    client: str | None = None
    """A name for where she asks from, that tells nothing of it."""
    allowance: Allowance | None = None
    """How much of her wallet may be spent in this way in a day; None is what she may spend herself."""

    @property
    def payer(self) -> str:
        """Whose wallet pays: of her key, where she has one."""
        return self.did or self.ident


@dataclass(frozen=True, slots=True)
class Standing:
    """What a listener may read at this moment, and until when at the latest if nothing is signed meanwhile.

    The epoch rises with every act that may lower a tier.
    """

    tier: int
    epoch: int
    until: float = math.inf


class Outcome(StrEnum):
    """How an answer ended; a question that is being answered has none."""

    ANSWERED = "answered"
    ASK_BACK = "ask_back"
    NOT_IN_NOTES = "not_in_notes"
    REFUSED = "refused"
    STOPPED = "stopped"
    REVOKED = "revoked"
    FAILED = "failed"


class TierOf(Protocol):
    """Computes a standing from what is signed, each time anew; doubt means `public`."""

    def __call__(self, listener: Listener) -> Standing: ...

    def may_differ(self, standing: Standing) -> bool:
        """Whether a standing has to be computed again."""
        ...


class TermsOfAsking(Protocol):
    """What a tier opens of asking."""

    @property
    def may_ask(self) -> bool: ...

    @property
    def questions_per_day(self) -> int | None: ...

    @property
    def sentences_per_day(self) -> int | None: ...

    @property
    def sentences(self) -> int:
        """The longest answer."""
        ...


@dataclass(frozen=True, slots=True)
class Unlimited:
    """The terms of a house that sets none."""

    may_ask: bool = True
    questions_per_day: int | None = None
    sentences_per_day: int | None = None
    sentences: int = 4


class Prices(Protocol):
    """Says what an act costs."""

    def offer(self, wanted: Wanted) -> Offer: ...


class Holds(Protocol):
    """Sets money aside, and ends it once; a price of zero takes the same calls."""

    def place(
        self,
        ident: str,
        owner: str,
        offer: Offer,
        *,
        client: str | None = None,
        allowance: Allowance | None = None,
        before: Callable[[Connection], object] = ...,
    ) -> Hold: ...

    def capture(
        self, hold: Hold, owed_micros: int, sale: Sale, *, beside: Callable[[Connection, Receipt | None], T]
    ) -> T: ...

    def release(self, hold: Hold) -> None: ...


class StandBy(Protocol):
    """Signs, as the presence, what was answered; None where nobody gave it the right to speak."""

    def __call__(self, answer: str, question: str, text: str, outcome: str, /) -> dict[str, Any] | None: ...


class Retrieval(Protocol):
    """Looks for evidence in what a tier may read; `earlier` is what was said before, the oldest first."""

    def find(self, question: str, tier: int, earlier: Sequence[Before] = ()) -> Finding: ...


class Personas(Protocol):
    """Gives the voice of a tier."""

    def at(self, tier: int) -> Persona: ...


class Refuses(Protocol):
    """Says whether a question is about a topic that is not spoken about."""

    def refused(self, question: str, topics: Sequence[Refused], /) -> Refused | None: ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a listener let the presence remember, as far as a tier goes; `version` changes with it."""

    version: str = ""
    liked: tuple[str, ...] = ()  # names and words, the newest first
    told: frozenset[str] = frozenset()  # keys of things


class WithHer(Protocol):
    """Knows which conversations the artist has taken over; asked within the command that keeps a question."""

    def is_held(self, owner: Connection, conversation: str, /) -> bool: ...

    def wait(self, owner: Connection, question: str, /) -> None:
        """Let a question that was just kept wait for her."""
        ...


class Remembering(Protocol):
    """Remembers for listeners who agreed, and for nobody else."""

    def of(self, listener: Listener, tier: int) -> Remembered: ...

    def recommended(self, listener: Listener, thing: Thing) -> Callable[[Connection], object]:
        """Give the command that notes that a thing was recommended; it runs with the end of the answer that did."""
        ...


class RemembersNothing:
    """A house without a memory."""

    def of(self, listener: Listener, tier: int) -> Remembered:
        """Give nothing."""
        del listener, tier
        return Remembered()

    def recommended(self, listener: Listener, thing: Thing) -> Callable[[Connection], object]:
        """Note nothing."""
        del listener, thing
        return lambda _owner: None
