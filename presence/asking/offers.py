"""The price before asking: an offer names the act, the ceiling and what is free, and keeps for a while."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from billing import Offer, Wanted, offer_of
from presence.asking.contracts import Prices, TierOf
from presence.asking.question import Question, sha256
from presence.database import Database
from presence.errors import OfferExpired
from presence.tables import offers
from presence.write_lane import WriteLane


def offer_for(question: Question, tier: int, writer: str, prices: Prices) -> Offer:
    """Give the price for somebody. Whose presence it is pays nothing, through whichever eyes she looks."""
    offer = prices.offer(Wanted(question.act, tier, writer, question.listener.payer, question.thing_bought))
    if question.listener.operator_session is None or not offer.ceiling_micros:
        return offer
    return Offer(0, 0, offer.version, "You are its operator.", thing=offer.thing)


@dataclass(frozen=True, slots=True)
class PinnedOffer:
    """An offer with its name and the moment it ends, in Unix seconds."""

    ident: str
    act: str
    tier: int
    offer: Offer
    expires_at: float

    def as_json(self) -> dict[str, Any]:
        """Give what the listener sees before she sends."""
        shown: dict[str, Any] = {
            "offer_id": self.ident,
            "act": self.act,
            "price_micros": self.offer.price_micros,
            "ceiling_micros": self.offer.ceiling_micros,
            "tier": self.tier,
            "expires_at": int(self.expires_at),
        }
        if self.offer.free_because:
            shown["free_because"] = self.offer.free_because
        return shown


class Offers:
    """Makes offers and finds them again."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        prices: Prices,
        tier_of: TierOf,
        *,
        seconds: int,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._prices = prices
        self._tier_of = tier_of
        self._seconds = seconds
        self._now = now

    def make(self, question: Question, writer: str, *, free_because: str | None = None) -> PinnedOffer:
        """Price an act for a listener and keep the price."""
        tier = self._tier_of(question.listener).tier
        offer = offer_for(question, tier, writer, self._prices)
        if free_because is None or not offer.ceiling_micros:
            return self.pin(question, tier, offer)
        free = Offer(0, 0, offer.version, free_because, thing=offer.thing)
        return self.pin(question, tier, free, only_in=question.conversation or "")

    def pin(self, question: Question, tier: int, offer: Offer, *, only_in: str | None = None) -> PinnedOffer:
        """Keep a price for a while; one that was made for a key is nobody else's.

        `only_in` is the one conversation that it is good for, "" for the beginning of one; None for any.
        """
        pinned = PinnedOffer(secrets.token_urlsafe(12), question.act, tier, offer, self._now() + self._seconds)
        row = {
            "id": pinned.ident,
            "act": question.act,
            "question_sha256": _subject(question),
            "price_micros": offer.price_micros,
            "ceiling_micros": offer.ceiling_micros,
            "version": offer.version,
            "terms": json.dumps({"offer": offer.as_json(), "did": question.listener.did, "only_in": only_in}),
            "tier": tier,
            "expires_at": pinned.expires_at,
        }

        def keep(owner: Connection) -> None:
            owner.execute(delete(offers).where(offers.c.expires_at < self._now()))
            owner.execute(insert(offers).values(**row))

        self._lane.run(keep)
        return pinned

    def pinned(self, offer_id: str, question: Question, tier: int) -> Offer:
        """Find an offer that still holds for this question, listener and tier, or raise `OfferExpired`."""
        with self._database.records() as records:
            row = records.execute(select(offers).where(offers.c.id == offer_id)).first()
        if row is None or row.expires_at < self._now() or not _is_for(row, question):
            raise OfferExpired
        terms = json.loads(row.terms)
        if row.tier > tier or terms["did"] not in (None, question.listener.did):
            raise OfferExpired
        if terms.get("only_in") not in (None, question.conversation or ""):
            raise OfferExpired
        return offer_of(terms["offer"])


def _is_for(row: Any, question: Question) -> bool:
    return (row.question_sha256, row.act) == (_subject(question), question.act)


def _subject(question: Question) -> str:
    """What is priced: the words, and the thing that they are about."""
    return sha256(json.dumps([question.text, question.thing_bought]))
