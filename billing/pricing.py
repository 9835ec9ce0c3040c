"""Keeps the price lists and makes offers from the one that holds."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from billing.contracts import Snapshots, WriteLane
from billing.errors import PricesWrong
from billing.money import parsed
from billing.plain import Plain, statement
from billing.prices import TIERS, Free, Offer, OfFree, PriceList, price_list

NEVER_SET = "free"
"""The version of a node without a price list."""
FIRST = "first"
NO_PRICES = PriceList()
LISTS_KEPT = 8
"""Of so many lists it is kept what they say: each question looks at the one that holds."""

_NEWEST = statement("SELECT version, prices FROM price_lists ORDER BY version DESC LIMIT 1")
_KEEP = statement("INSERT INTO price_lists (prices, at) VALUES (:prices, :at) RETURNING version")
_HISTORY = statement("SELECT version, prices, at FROM price_lists ORDER BY version DESC LIMIT :most")
_USED = statement(
    "SELECT count(*) FROM holds WHERE owner = :owner AND free = :free AND state IN ('pending', 'captured')"
)
_OWNED = statement(
    """SELECT o.paid, o.is_bought FROM owned o JOIN wallets w ON w.id = o.wallet
 WHERE w.owner = :owner AND o.thing = :thing"""
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody would like: an act, about a thing perhaps, at a tier, by a writer."""

    act: str
    tier: int
    writer: str
    owner: str
    thing: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A price list that was written, and when (Unix milliseconds)."""

    version: str
    prices: PriceList
    at: int


class Pricing:
    """The artist's prices. Thread-safe."""

    def __init__(self, snapshots: Snapshots, lane: WriteLane, now: Callable[[], float] = time.time) -> None:
        self._snapshots = snapshots
        self._lane = lane
        self._now = now

    def current(self) -> tuple[str, PriceList]:
        """Give the list that holds, with its version."""
        with self._snapshots() as connection:
            return _newest(Plain(connection))

    def history(self, most: int) -> list[Past]:
        """Give the newest lists that were ever written, the one that holds first."""
        with self._snapshots() as connection:
            rows = Plain(connection).rows(_HISTORY, most=most)
        return [Past(str(version), price_list(json.loads(prices)), int(at)) for version, prices, at in rows]

    def write(self, written: Mapping[str, Any], *, after: str | None = None) -> str:
        """Keep a price list as the next version; offers that were made keep theirs. Raises `PricesWrong`.

        With `after`, only where that version still holds: nobody's list is written over unseen.
        """
        kept = price_list(written).model_dump_json(exclude_none=True, exclude_defaults=True)

        def keep(owner: Connection) -> str:
            if after is not None and _newest(Plain(owner))[0] != after:
                raise PricesWrong("The prices were changed meanwhile. Look at them again, then change what you want.")
            row = Plain(owner).row(_KEEP, prices=kept, at=int(self._now() * 1000))
            return str(row[0]) if row else NEVER_SET

        return self._lane.run(keep)

    def offer(self, wanted: Wanted) -> Offer:
        """Make an offer."""
        with self._snapshots() as connection:
            plain = Plain(connection)
            version, prices = _newest(plain)
            of_act = prices.acts.get(wanted.act)
            if of_act is None:
                return Offer(0, 0, version, "This costs nothing here.", thing=wanted.thing)
            price = of_act.nearest(TIERS[wanted.tier], wanted.writer.partition(":")[0])
            ceiling = price.ceiling_micros
            offer = Offer(ceiling, ceiling, version, None, price.per_sentence_micros, wanted.thing, of_act.buys)
            if not ceiling:
                return replace(offer, free_because="This costs nothing here.")
            if wanted.thing is not None:
                own_at = parsed(of_act.own_at or "0")
                offer = _of_thing(plain, wanted, replace(offer, own_at_micros=own_at))
            return offer if offer.free_because else self._free(plain, wanted, prices.free, offer)

    def _free(self, plain: Plain, wanted: Wanted, free: OfFree, offer: Offer) -> Offer:
        month = datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m")
        places = [
            (Free(FIRST, free.first, free.first_per_client_a_day, free.first_a_day), "The first answers are free."),
            (Free(f"month {month}", free.month.get(TIERS[wanted.tier], 0)), "Some answers a month are free for you."),
        ]
        for place, why in places:
            used = plain.row(_USED, owner=wanted.owner, free=place.name) if place.most else None
            if used is not None and used[0] < place.most:
                return replace(offer, price_micros=0, ceiling_micros=0, free_because=why, free=place)
        return offer


def _newest(plain: Plain) -> tuple[str, PriceList]:
    row = plain.row(_NEWEST)
    return (NEVER_SET, NO_PRICES) if row is None else (str(row[0]), _read(row[1]))


@lru_cache(LISTS_KEPT)
def _read(prices: str) -> PriceList:
    return price_list(json.loads(prices))


def _of_thing(plain: Plain, wanted: Wanted, offer: Offer) -> Offer:
    """What she bought is hers; what she paid about it counts until it is."""
    row = plain.row(_OWNED, owner=wanted.owner, thing=wanted.thing)
    paid, is_bought = row or (0, 0)
    if is_bought:
        return replace(offer, price_micros=0, ceiling_micros=0, free_because="This is yours.")
    if not offer.own_at_micros:
        return offer
    left = max(0, offer.own_at_micros - paid)
    most = min(offer.ceiling_micros, left)
    why = None if most else "This is yours."
    return replace(offer, price_micros=min(offer.price_micros, most), ceiling_micros=most, free_because=why)
