"""Who holds which right at one time, worked out for the oracle from every entry of the log."""

from dataclasses import dataclass
from typing import Any

from tests.trustgraph.reigns import Reign, Row, reigns_of, void_ranges

TIERS = ("public", "follower", "supporter", "circle", "inner")
LENIENCE = 60
LOOKED_AT = 16  # of each tier
GRANTS_UP = 4
ADDED_BY_TILL: dict[str, Any] = {"depth": 1, "max": 10, "tier": "follower"}


def rank(slug: str) -> int:
    return TIERS.index(slug)


@dataclass(frozen=True)
class Right:
    """What somebody holds after everything above has narrowed it, and those it comes through."""

    tier: int
    depth: int
    lends: int  # the highest `max` that it may hand on
    ceiling: int
    room: int
    chain: frozenset[str]
    grants: int


class Rights:
    """The whole log, as it is to be read at one time; `is_next` when another entry is being judged."""

    def __init__(self, rows: list[Row], now: int, *, is_next: bool = False) -> None:
        self.rows, self.now = rows, now
        self.reigns = reigns_of(rows, now if is_next else None)
        self.void = void_ranges(self.reigns)
        self.artist_keys = {reign.key for reign in self.reigns}
        self.revoked = {row.doc["target"] for row in rows if row.kind == "revoke"}
        self.blocked = {target for target in self.revoked if not target.startswith("sha256:")} - self.artist_keys
        self.root = rows[0].ident if rows else None
        self.by_ident = {row.ident: row for row in rows}
        self.pairs = {row.ident: self._pair(row) for row in rows if row.kind in ("grant", "delegate")}
        self.newest: dict[tuple[str, str, str], Row] = {}
        self.successor: dict[str, Row] = {}
        self._follow()

    @property
    def reign(self) -> Reign:
        return self.reigns[-1]

    def tier(self, did: str) -> int:
        if did in self.blocked:
            return 0
        held = [
            row
            for row in self.rows
            if row.kind == "grant" and row.doc["sub"] == did and self.stands(row) and row.doc["exp"] > self.now
        ]
        held.sort(key=lambda row: (self._nearness(row), -row.seq))
        of_tier = [[row for row in held if row.doc["tier"] == tier][:LOOKED_AT] for tier in TIERS]
        rights = [self.right(row) for rows in of_tier for row in rows]
        return max((right.tier for right in rights if right is not None), default=0)

    def _nearness(self, row: Row) -> int:
        """The artist's own come first, then those by her delegates, then those by listeners."""
        parent = row.doc["parent"]
        return 0 if parent is None else 1 if self.by_ident[parent].kind == "delegate" else 2

    def _pair(self, row: Row) -> tuple[str, str, str]:
        issuer = (
            "artist" if row.doc["iss"] in self.artist_keys and row.doc.get("parent") is None else str(row.doc["iss"])
        )
        return row.kind, issuer if row.kind == "grant" else row.doc["role"], row.doc["sub"]

    def _follow(self) -> None:
        """Say of each grant which one superseded it: the next of its pair, unless it was taken back before."""
        gone: set[str] = set()
        for row in self.rows:
            if row.kind == "revoke":
                gone.add(row.doc["target"])
            elif row.ident in self.pairs:
                earlier = self.newest.get(self.pairs[row.ident])
                if earlier is not None and earlier.ident not in gone:
                    self.successor[earlier.ident] = row
                self.newest[self.pairs[row.ident]] = row

    def stands(self, row: Row) -> bool:
        """Neither superseded nor taken back."""
        return self.newest[self.pairs[row.ident]] is row and row.ident not in self.revoked

    def holds(self, row: Row) -> bool:
        """Whether a grant or a delegate counts now, whatever is above it."""
        doc = row.doc
        return (
            self.stands(row)
            and doc["nbf"] <= self.now + LENIENCE
            and doc["exp"] > self.now
            and doc["iss"] not in self.blocked
            and doc["sub"] not in self.blocked
            and not (doc["iss"] in self.artist_keys and any(start <= row.seq < end for start, end in self.void))
        )

    def right(self, row: Row, below: frozenset[str] = frozenset(), hops: int = 1) -> Right | None:
        """Follow a grant up to the artist; `below` are those that it was reached through."""
        doc = row.doc
        if hops > GRANTS_UP or not self.holds(row) or doc["sub"] in below:
            return None
        vouch = doc["vouch"] or {"depth": 0, "max": 0, "tier": "public"}
        mine = (rank(doc["tier"]), vouch["depth"], vouch["max"], rank(vouch["tier"]))
        own = Right(*mine, mine[2], frozenset({doc["sub"]}), 1)
        parent = None if doc["parent"] is None else self.bearer(doc["parent"])
        if parent is None:
            return own if doc["parent"] is None else None
        above = self.above(parent, below | own.chain, hops)
        if above is None or above.depth < 1 or self.ordinal(parent, doc["sub"]) > above.room:
            return None
        most = (above.ceiling, above.depth - 1, above.lends, above.ceiling)
        least = [min(one, limit) for one, limit in zip(mine, most, strict=True)]
        tier, depth, lends, ceiling = least
        return Right(tier, depth, lends, ceiling, lends, own.chain | above.chain, above.grants + 1)

    def above(self, parent: Row, below: frozenset[str], hops: int) -> Right | None:
        if parent.kind == "grant":
            return self.right(parent, below, hops + 1)
        doc = parent.doc
        if not self.holds(parent) or doc["role"] == "presence" or doc["sub"] in below:
            return None
        depth = 2 if doc["role"] == "till" else 1
        most = int(ADDED_BY_TILL["max"])
        return Right(rank(doc["tier"]), depth, most, rank(doc["tier"]), doc["max"], frozenset({doc["sub"]}), 0)

    def bearer(self, ident: str) -> Row | None:
        """The one that bears what names this parent: itself, or what superseded it; none if taken back."""
        row = self.by_ident[ident]
        while row.ident not in self.revoked and row.ident in self.successor:
            row = self.successor[row.ident]
        return None if row.ident in self.revoked else row

    def ordinal(self, parent: Row, sub: str) -> int:
        """The how-manieth person this is, or would be, under the right of the parent's issuer and subject."""
        right = self.pairs[parent.ident]
        below = [row for row in self.rows if row.kind == "grant" and row.doc["parent"] is not None]
        people = list(dict.fromkeys(row.doc["sub"] for row in below if self.pairs[row.doc["parent"]] == right))
        return people.index(sub) + 1 if sub in people else len(people) + 1
