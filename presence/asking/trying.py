"""Tries a question through the eyes of a tier, for the artist: free, and nothing of it is kept anywhere.

It walks as a listener's question does, over the same notes, with the same voice and writer; only its steps
lie in memory and are gone with the page that shows them. What lies above the tier is not even looked at,
so nothing of it can be told as left out.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from billing import Hold, Offer
from knowledge import AskBack, Evidence, ExactQuestions, FactRow, Facts, Finding, Knowing, Search
from knowledge.candidates import Candidate
from knowledge.evidence import About, SourceSentence
from knowledge.facts.exact import Exact
from knowledge.facts.told import AboutNights, NotKnown
from knowledge.search import PASSAGES_READ
from models import Prompt
from presence.asking.answer import written
from presence.asking.answering import Answering, Ticket
from presence.asking.contracts import Listener, Outcome, RemembersNothing, Standing
from presence.asking.prompt import compose
from presence.asking.question import Question, cleaned
from presence.asking.steps import Step
from presence.asking.transcripts import Transcripts
from presence.persona.files import Persona
from presence.persona.identity import asks_who_speaks

HERSELF_TRYING = "the artist, trying"
PASSAGES_SHOWN = 20


class Fate(StrEnum):
    """What became of a passage that was found, in words that a page shows."""

    QUOTED = "used in the answer"
    OFFERED = "given to the writer, and not used"
    READ = "read; none of its sentences tells enough"
    BEHIND = f"not read: only the first {PASSAGES_READ} are"
    FAR = "too far from the question to answer it"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A passage that was found, with its scores by arm, and what became of it."""

    candidate: Candidate
    fate: Fate


@dataclass(frozen=True, slots=True)
class Offered:
    """A sentence that the writer was given, by the number it bore, and whether it stands in the answer."""

    number: int
    sentence: SourceSentence
    is_used: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer as somebody would get it, and why it is this one."""

    question: str
    tier: int
    outcome: Outcome
    said: tuple[dict[str, Any], ...]  # the bodies of its sentences
    more: dict[str, Any]  # what its end tells: choices, the nearest notes, a message
    understood: str  # as which kind of exact question; "" where it was none
    rows: tuple[FactRow, ...]
    passages: tuple[Weighed, ...]
    passages_found: int
    offered: tuple[Offered, ...]
    told: Prompt | None  # all that a writer is told, where sentences were found
    voice: Persona
    seconds: float

    @property
    def text(self) -> str:
        return " ".join(body["text"] for body in self.said)


class Trying:
    """One per node; thread-safe."""

    def __init__(self, answering: Answering, exact: ExactQuestions, search: Search, question_chars_max: int) -> None:
        self._answering = answering
        self._exact = exact
        self._search = search
        self._question_chars_max = question_chars_max

    def answer(self, text: str, tier: int) -> Tried:
        """Answer a question as this tier would get it; raises `QuestionEmpty`, `QuestionTooLong`, `WriterBusy`."""
        began = time.monotonic()
        question = Question(cleaned(text, self._question_chars_max), Listener(HERSELF_TRYING))
        looking = _Looking(self._exact, self._search)
        using = replace(
            self._answering,
            retrieval=looking,
            tier_of=_Steady(tier),
            transcripts=_Unkept(),
            remembering=RemembersNothing(),
            stand_by=lambda *_said: None,
            watch=lambda *_ended: None,
        )
        ident = f"trying {secrets.token_urlsafe(8)}"
        place = using.places.take(ident)
        try:
            hold = Hold(ident, HERSELF_TRYING, Offer(0, 0, ""))
            ticket = Ticket(ident, question, Standing(tier, 0), place, hold)
            outcome, more = written(ticket, using)
        finally:
            using.places.give_back(place)
        return self._explained(question.text, tier, outcome, more, looking, tuple(ticket.said), began)

    def found(self, text: str, tier: int) -> Finding | None:
        """Give what an answer would rest on, without writing it; None where the topic is refused."""
        question = cleaned(text, self._question_chars_max)
        if self._answering.refuses.refused(question, self._answering.personas.at(tier).refuse) is not None:
            return None
        return self._answering.retrieval.find(question, tier)

    def _explained(
        self,
        question: str,
        tier: int,
        outcome: Outcome,
        more: dict[str, Any],
        looking: "_Looking",
        said: tuple[dict[str, Any], ...],
        began: float,
    ) -> Tried:
        using = self._answering
        used = {one["url"] for body in said for one in body.get("cited", ())}
        evidence = looking.finding if isinstance(looking.finding, Evidence) else None
        offered = _offered(evidence, used)
        voice = using.personas.at(tier)
        told = None if evidence is None else compose(using.artist_name, evidence, question, tier=tier, voice=voice)
        if asks_who_speaks(question, using.artist_name):
            looking = _Looking(self._exact, self._search)
        ranked = looking.ranked(tier)
        weighed = tuple(
            Weighed(one, _fate(place, one, offered, evidence)) for place, one in enumerate(ranked[:PASSAGES_SHOWN])
        )
        facts = looking.finding if isinstance(looking.finding, Facts) else None
        rows = tuple(row for sentence in facts.sentences for row in sentence.rows) if facts else ()
        seconds = time.monotonic() - began
        return Tried(question, tier, outcome, said, more, looking.understood, rows, weighed, len(ranked), offered,
                     told, voice, seconds)  # fmt: skip


def _offered(evidence: Evidence | None, used: set[str]) -> tuple[Offered, ...]:
    if evidence is None:
        return ()
    return tuple(
        Offered(number, one, f"/sources/{one.passage.ident}#s{one.index}" in used)
        for number, one in enumerate(evidence.sentences, start=1)
    )


def _fate(place: int, candidate: Candidate, offered: Sequence[Offered], evidence: Evidence | None) -> Fate:
    mine = [one for one in offered if one.sentence.passage.ident == candidate.passage.ident]
    if mine:
        return Fate.QUOTED if any(one.is_used for one in mine) else Fate.OFFERED
    if evidence is None:
        return Fate.FAR
    return Fate.READ if place < PASSAGES_READ else Fate.BEHIND


@dataclass(slots=True)
class _Looking:
    """Looks as the house does, and remembers by what the notes were searched last."""

    exact: ExactQuestions
    search: Search
    understood: str = field(default="", init=False)
    finding: Finding | None = field(default=None, init=False)
    searches: list[tuple[str, About | None, Finding]] = field(default_factory=list, init=False)

    def find(self, question: str, tier: int, earlier: Sequence[object] = ()) -> Finding:
        del earlier  # a question that is tried begins a conversation
        self.finding = Knowing(_Reading(self), _Searching(self)).find(question, tier)
        return self.finding

    def ranked(self, tier: int) -> list[Candidate]:
        """Rank again what the finding was made of: the last search, where it is of none in particular."""
        if not self.searches:
            return []
        question, about, _ = next((one for one in self.searches if one[2] is self.finding), self.searches[-1])
        return self.search.passages(question, tier, about)


@dataclass(frozen=True, slots=True)
class _Reading:
    looking: _Looking

    def answer(self, question: str, tier: int) -> Exact:
        exact = self.looking.exact.answer(question, tier)
        self.looking.understood = _understood(exact)
        return exact


@dataclass(frozen=True, slots=True)
class _Searching:
    looking: _Looking

    def find(self, question: str, tier: int, about: About | None = None) -> Finding:
        found = self.looking.search.find(question, tier, about)
        self.looking.searches.append((question, about, found))
        return found


def _understood(exact: Exact) -> str:
    match exact:
        case Facts():
            return f"a question that is counted or looked up ({exact.intent.replace('_', ' ')})"
        case AskBack():
            return "a question that can be meant in several ways"
        case AboutNights():
            return "a question about what happened at a date or a place"
        case NotKnown():
            return f"a question that is counted or looked up, and nothing was found. {exact.why}"
    return ""


@dataclass(frozen=True, slots=True)
class _Steady:
    """A tier that nothing changes while a question is tried."""

    tier: int

    def __call__(self, listener: Listener) -> Standing:
        del listener
        return Standing(self.tier, 0)

    def may_differ(self, standing: Standing) -> bool:
        del standing
        return False


class _Unkept(Transcripts):
    """A transcript that nobody keeps."""

    def __init__(self) -> None:
        pass

    def commit(self, ident: str, steps: Sequence[Step]) -> None:
        """Keep nothing: the ticket knows what was said."""


__all__ = ["Fate", "Offered", "Tried", "Trying", "Weighed"]
