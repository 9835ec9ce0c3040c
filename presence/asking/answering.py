"""An accepted question, and what writing its answer takes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from billing import Hold
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

    def revoke(self) -> None:
        """End the answer for want of trust; the writer stops at once."""
        self.revoked.set()
        self.stop.set()


@dataclass(frozen=True, slots=True)
class Answering:
    """What writing an answer takes."""

    artist_name: str
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

    def limits_at(self, tier: int) -> Limits:
        """Give how long an answer for a tier may become."""
        if self.sentences_at is None:
            return self.limits
        return replace(self.limits, pointers_max=self.sentences_at(tier))


def is_revoked(ticket: Ticket, using: Answering) -> bool:
    """Compute the tier again where it may differ; one that does not reach any more ends the answer."""
    if not ticket.revoked.is_set() and using.tier_of.may_differ(ticket.standing):
        standing = using.tier_of(ticket.question.listener)
        if ticket.falls_with(standing.tier):
            ticket.revoke()
        elif standing.tier >= ticket.standing.tier:
            ticket.standing = replace(standing, tier=ticket.standing.tier)
    return ticket.revoked.is_set()
