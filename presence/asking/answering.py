"""An accepted question, and what writing its answer takes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from billing import Hold
from knowledge import Thing
from models import Limits, Place, Places, Writer
from presence.asking.acts import Acts
from presence.asking.contracts import (
    Holds,
    Outcome,
    Personas,
    Refuses,
    Remembering,
    RemembersNothing,
    Retrieval,
    StandBy,
    Standing,
    TierOf,
)
from presence.asking.conversations import Context
from presence.asking.question import Question
from presence.asking.steps import Step
from presence.asking.transcripts import Transcripts
from presence.asking.walk import Walk


@dataclass(slots=True)
class Ticket:
    """An accepted question: nothing can refuse it any more."""

    ident: str
    question: Question
    standing: Standing
    place: Place
    hold: Hold
    context: Context = field(default_factory=Context)
    stop: threading.Event = field(default_factory=threading.Event)
    revoked: threading.Event = field(default_factory=threading.Event)
    needs_tier: int | None = None
    """The highest tier of what the writer was given; before that, what the question was asked with."""
    walk: Walk = field(default_factory=Walk)
    said: list[dict[str, Any]] = field(default_factory=list)
    """Every sentence so far, shown or not yet."""
    notes: dict[int, str] = field(default_factory=dict)
    """By the number of a citation, the document that it is of."""
    sentences_max: int | None = None
    """How long it may become, where that was looked up when it was opened."""
    pending: list[Step] = field(default_factory=list)
    """What was said and is committed with what comes next, or with the end."""
    recommended: Thing | None = None
    """What it names to whoever asked for something to hear; it is remembered with the end, if that is an answer."""

    @property
    def conversation(self) -> str:
        """What it stands in; a question that begins one gives it its name."""
        return self.question.conversation or self.ident

    def needs(self, tier: int) -> None:
        """Note that something of this tier was used."""
        self.needs_tier = max(tier, self.needs_tier or 0)

    def falls_with(self, tier: int) -> bool:
        """Whether somebody who may read up to this tier may not read this answer any more."""
        return tier < (self.standing.tier if self.needs_tier is None else self.needs_tier)

    def says(self, step: Step) -> None:
        """Have a step shown with the next ones that are committed."""
        self.pending.append(step)
        if step.kind == "sentence":
            self.said.append(step.body)
            self.notes.update((source.n, source.document_id) for source in step.sources)

    def shown(self) -> list[Step]:
        """Give what is to be committed now; whoever takes it commits it, or nobody reads it."""
        steps, self.pending = self.pending, []
        return steps

    def forget(self) -> None:
        """Take back what was said and never shown."""
        self.pending.clear()
        self.said.clear()
        self.notes.clear()

    def revoke(self) -> None:
        """End the answer for want of trust; the writer stops at once."""
        self.revoked.set()
        self.stop.set()


@dataclass(frozen=True, slots=True)
class Answering:
    """What writing an answer takes."""

    called: Callable[[], str]
    retrieval: Retrieval
    writer: Writer
    tier_of: TierOf
    holds: Holds
    places: Places
    transcripts: Transcripts
    personas: Personas
    refuses: Refuses
    acts: Acts
    notes_at: Callable[[int], int]
    remembering: Remembering = field(default_factory=RemembersNothing)
    stand_by: StandBy = lambda *_said: None
    watch: Callable[[Ticket, Outcome], object] = lambda *_ended: None  # told of every answer once it is settled
    limits: Limits = field(default_factory=Limits)
    sentences_at: Callable[[int], int] | None = None  # how many sentences of the notes, by tier
    by_words_alone: Callable[[], bool] = lambda: False  # whether notes are found without their meaning now

    @property
    def artist_name(self) -> str:
        """What the artist is called now."""
        return self.called()

    def limits_of(self, ticket: "Ticket") -> Limits:
        """Give how long an answer may become: what its ticket says, else what its tier opens."""
        most = ticket.sentences_max
        if most is None and self.sentences_at is not None:
            most = self.sentences_at(ticket.standing.tier)
        return self.limits if most is None else replace(self.limits, pointers_max=most)


def let_out(ticket: Ticket, using: Answering) -> None:
    """Commit what was said: from now on it may be read. Raises `TakenOver`."""
    steps = ticket.shown()
    if steps:
        using.transcripts.commit(ticket.ident, steps)
        ticket.walk.said(steps)


def is_revoked(ticket: Ticket, using: Answering) -> bool:
    """Compute the tier again where it may differ; one that does not reach any more ends the answer."""
    if not ticket.revoked.is_set() and using.tier_of.may_differ(ticket.standing):
        standing = using.tier_of(ticket.question.listener)
        if ticket.falls_with(standing.tier):
            ticket.revoke()
        elif standing.tier >= ticket.standing.tier:
            ticket.standing = replace(standing, tier=ticket.standing.tier)
    return ticket.revoked.is_set()
