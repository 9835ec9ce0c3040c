"""Whether what happened may be told to somebody at this moment: it has to be true still, and to be hers to know.

The tier of a letter is the tier of who gets it: of an answer that lies above hers, nothing is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select

from presence.database import Database
from presence.tables import held_keys, inbox, questions
from presence.telling.events import Event
from presence.telling.kinds import Kind
from trustgraph import GrantLog, Tier


class May(Enum):
    """What becomes of an event now."""

    TELL = auto()
    WAIT = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Hearing:
    """Asks. `is_open` says whether a document is there for a tier; `is_behind`, whether a renewal still fails."""

    database: Database
    trust: GrantLog
    is_open: Callable[[str, int], bool]
    is_behind: Callable[[str], bool]

    def may(self, event: Event, now: float) -> May:
        """Say what becomes of an event."""
        if event.until < now:
            return May.NEVER
        if event.kind is Kind.SHE_IS_HERE:
            return May.TELL
        if event.kind is Kind.RENEWAL_FAILED:
            return May.TELL if self.is_behind(event.did) else May.NEVER
        if self.trust.doubt is not None:
            return May.WAIT  # nobody is known now; that is no news
        if event.kind is Kind.QUESTION_ANSWERED:
            return May.TELL if self._answer_is_open(event) else May.WAIT
        trust = self.trust.tier_of(event.did)
        if event.kind is Kind.TIER_ENDS_SOON:
            return May.TELL if trust.until == event.until else May.NEVER  # renewed meanwhile
        return May.TELL if trust.tier > Tier.PUBLIC else May.NEVER

    def tier_of(self, did: str) -> int:
        """Say how deep somebody may read; a key that the node holds opens `supporter` at most."""
        with self.database.records() as records:
            is_held = records.execute(select(held_keys.c.did).where(held_keys.c.did == did)).first() is not None
        tier = self.trust.tier_of(did).tier
        return int(min(tier, Tier.SUPPORTER) if is_held else tier)

    def _answer_is_open(self, event: Event) -> bool:
        asked = select(inbox.c.document_id).join(questions, questions.c.id == inbox.c.question_id)
        hers = questions.c.id == event.about, questions.c.listener == event.did
        with self.database.records() as records:
            document = records.execute(asked.where(*hers)).scalar()
        return document is not None and self.is_open(document, self.tier_of(event.did))
