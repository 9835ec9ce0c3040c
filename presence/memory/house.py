"""Memory: what a listener let the presence remember, as a good clerk in a record shop would.

Nothing is remembered of who has not agreed, of who has no key, or where the artist's terms for her tier
say that nothing is. What is remembered is hers: nobody else is given it, and no answer to another rests on it.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from billing.tables import owned, wallets
from knowledge import Thing
from knowledge.contracts import TIERS
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome, Remembered, TierOf
from presence.asking.question import cleaned, thing_bought
from presence.asking.transcripts import Asked
from presence.database import Database
from presence.errors import MemoryOff, NothingToRemember, UnknownMemory
from presence.memory.items import (
    NAME_CHARS_MAX,
    WORDS_CHARS_MAX,
    Item,
    Kind,
    Noted,
    forget,
    has_agreed,
    keep,
)
from presence.memory.tables import agreements, items
from presence.people.terms import TierTerms
from presence.stores import FAILURES
from presence.tables import citations
from presence.write_lane import WriteLane

log = structlog.get_logger()
LIKED_MAX = 12
"""So many of what she likes are used to choose, the newest."""
TITLES_MAX = 3
HIDDEN = max(TIERS) + 1
_TITLE = text("SELECT title FROM documents WHERE id = :ident")


@dataclass(frozen=True, slots=True)
class Memory:
    """One per node; thread-safe. `shown_tiers` gives the tiers of those notes that are shown now."""

    database: Database
    lane: WriteLane
    terms: TierTerms
    tier_of: TierOf
    shown_tiers: Callable[[Collection[str]], dict[str, int]]
    things: Callable[[int], list[Thing]]
    now: Callable[[], float] = time.time

    def has_agreed(self, did: str) -> bool:
        """Whether somebody let the presence remember."""
        with self.database.records() as records:
            return has_agreed(records, did)

    def agree(self, did: str) -> None:
        """Remember from now on."""

        def agree(owner: Connection) -> None:
            if not has_agreed(owner, did):
                owner.execute(insert(agreements).values(did=did, agreed_at=int(self.now())))

        self.lane.run(agree)

    def forget(self, did: str) -> None:
        """Remember nothing any more, and forget what was."""
        self.lane.run(lambda owner: forget(owner, did), ends=True)

    def of(self, listener: Listener, tier: int) -> Remembered:
        """Give what helps to choose for a listener: what she likes, and what she was told of already."""
        did = whose(listener)
        if did is None or not self._remembers(tier):
            return Remembered()
        hers = [item for item in self.items(did, tier) if item.kind in (Kind.LIKED, Kind.TOLD)]
        if not hers:
            return Remembered()
        liked = [" ".join(filter(None, (item.name, item.words))) for item in hers if item.kind is Kind.LIKED]
        told = frozenset(item.about for item in hers if item.kind is Kind.TOLD)
        used = json.dumps([liked[:LIKED_MAX], sorted(told)])
        return Remembered(hashlib.sha256(used.encode()).hexdigest(), tuple(liked[:LIKED_MAX]), told)

    def recommended(self, listener: Listener, thing: Thing) -> Callable[[Connection], object]:
        """Give the command that notes that a thing was recommended, within the end of the answer that did.

        Neither raises: whether she gets her answer does not hang on what is remembered of it.
        """
        did = whose(listener)
        try:
            if did is None or not self._may_note(listener):
                return lambda _owner: None
        except Exception:
            log.exception("remembering failed")
            return lambda _owner: None
        noted, at = noted_thing(Kind.TOLD, thing), int(self.now())

        def note(owner: Connection) -> None:
            try:
                with owner.begin_nested():
                    keep(owner, did, noted, at)
            except (SQLAlchemyError, *FAILURES):
                log.exception("remembering failed")

        return note

    def answered(self, ticket: Ticket, outcome: Outcome) -> None:
        """Note what an answer was about, by its title; it never raises, for the answer is given."""
        try:
            if outcome is not Outcome.ANSWERED or not self._may_note(ticket.question.listener):
                return
            if (noted := self._asked(ticket)) is not None:
                self._note(ticket.question.listener, noted)
        except Exception:
            log.exception("remembering failed")

    def note(self, listener: Listener, noted: Noted) -> None:
        """Note that she likes, or owns, something; raises `MemoryOff`."""
        if not self._note(listener, noted):
            raise MemoryOff

    def like_answer(self, listener: Listener, asked: Asked, tier: int) -> None:
        """Note that she likes an answer, by the titles of what it rests on; raises `MemoryOff`, `NothingToRemember`."""
        with self.database.records() as records:
            cited = select(citations.c.document_id).where(citations.c.question_id == asked.ident)
            documents = list(dict.fromkeys(records.execute(cited.order_by(citations.c.n)).scalars()))
        titled = self._titled(documents, tier)
        if not titled:
            raise NothingToRemember
        name = ", ".join(dict.fromkeys(title for _, title, _ in titled[:TITLES_MAX]))
        needs = max(asked.sources_tier, *(needed for _, _, needed in titled))
        link = f"/answers/{asked.ident}"
        self.note(listener, Noted(Kind.LIKED, f"answer:{asked.ident}", name, needs, documents, link))

    def add(self, listener: Listener, kind: Kind, name: str) -> None:
        """Note what she says herself, in her own words; raises `MemoryOff` and what `cleaned` does."""
        words = cleaned(name, NAME_CHARS_MAX)
        self.note(listener, Noted(kind, f"own:{secrets.token_urlsafe(12)}", words))

    def write(self, did: str, tier: int, ident: str, words: str) -> None:
        """Add her own words to something, in place of those before; raises `UnknownMemory`."""
        kept = cleaned(words, WORDS_CHARS_MAX) if words.strip() else ""
        self._must_see(did, tier, ident)
        hers = items.c.did == did, items.c.id == ident
        self.lane.run(lambda owner: owner.execute(update(items).where(*hers).values(words=kept)))

    def remove(self, did: str, tier: int, ident: str) -> None:
        """Forget one thing; raises `UnknownMemory`."""
        self._must_see(did, tier, ident)
        hers = items.c.did == did, items.c.id == ident
        self.lane.run(lambda owner: owner.execute(delete(items).where(*hers)))

    def items(self, did: str, tier: int) -> list[Item]:
        """Give what is remembered of somebody and may be seen at a tier, the newest first."""
        query = select(items).where(items.c.did == did, items.c.tier <= tier).order_by(items.c.at.desc(), items.c.id)
        with self.database.records() as records:
            rows = records.execute(query).all()
        documents = {row.id: json.loads(row.documents) for row in rows}
        shown = self.shown_tiers({one for held in documents.values() for one in held})
        seen = []
        for row in rows:
            needed = max([row.tier, *(shown.get(one, HIDDEN) for one in documents[row.id])])
            if needed <= tier:
                kind = Kind(row.kind)
                seen.append(Item(row.id, kind, row.about, row.name, row.words, row.link, needed, row.at))
        return seen

    def bought(self, did: str, tier: int) -> list[Thing]:
        """Give what she bought, as far as she may know of it now; the books say that, not the memory."""
        hers = select(owned.c.thing).join(wallets, wallets.c.id == owned.c.wallet)
        with self.database.records() as records:
            names = set(records.execute(hers.where(wallets.c.owner == did, owned.c.is_bought == 1)).scalars())
        return [thing for thing in self.things(tier) if thing_bought(thing) in names] if names else []

    def _asked(self, ticket: Ticket) -> Noted | None:
        thing = ticket.question.thing
        if thing is not None:
            return noted_thing(Kind.ASKED, thing)
        cited = select(citations.c.document_id).where(citations.c.question_id == ticket.ident).order_by(citations.c.n)
        with self.database.records() as records:
            first = records.execute(cited.limit(1)).scalar()  # what the answer leads with
        titled = [] if first is None else self._titled([first], ticket.standing.tier)
        link = f"/answers/{ticket.ident}"
        return Noted(Kind.ASKED, titled[0][0], titled[0][1], titled[0][2], {titled[0][0]}, link) if titled else None

    def _titled(self, documents: Collection[str], tier: int) -> list[tuple[str, str, int]]:
        """Give those notes that a tier may read, each with its title and its own tier."""
        shown = self.shown_tiers(documents)
        with self.database.reader(tier) as reader:
            titles = {one: reader.execute(_TITLE, {"ident": one}).scalar() for one in documents}
        return [(one, title, shown[one]) for one, title in titles.items() if title and shown.get(one, HIDDEN) <= tier]

    def _note(self, listener: Listener, noted: Noted) -> bool:
        did = whose(listener)
        if did is None or not self._may_note(listener):
            return False
        at = int(self.now())
        return self.lane.run(lambda owner: keep(owner, did, noted, at), ends=True) is not None

    def _may_note(self, listener: Listener) -> bool:
        did = whose(listener)
        return did is not None and self.has_agreed(did) and self._remembers(self.tier_of(listener).tier)

    def _remembers(self, tier: int) -> bool:
        return self.terms.of(tier).remembers

    def _must_see(self, did: str, tier: int, ident: str) -> None:
        if ident not in {item.ident for item in self.items(did, tier)}:
            raise UnknownMemory


def whose(listener: Listener) -> str | None:
    """Give whose memory is used: her key's, by whichever way she uses it; a page elsewhere has other readers."""
    return None if listener.how == "embed" else listener.did


def noted_thing(kind: Kind, thing: Thing) -> Noted:
    """Give a record or a night as it is noted."""
    return Noted(kind, thing.key, thing.name, thing.row.tier, {thing.row.document_id}, thing.url)
