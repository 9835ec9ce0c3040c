"""What is accepted and who may see what, worked out again from the whole log for every question.

Written from the specification and the decision record alone, without a look at the walker: slow, plain,
and with nothing kept between two questions. Signatures are taken as given; it says yes or no, not why.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from tests.trustgraph.reigns import DAY, Row, under_way
from tests.trustgraph.rights import ADDED_BY_TILL, GRANTS_UP, LENIENCE, Rights, rank

CEILINGS = {"presence": 0, "till": 2, "door": 1}
LIFE_MAX = 3 * 366 * DAY


def ident_of(doc: dict[str, Any]) -> str:
    data = json.dumps(doc, sort_keys=True, separators=(",", ":")).encode()
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Oracle:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, kind: str, doc: dict[str, Any], now: int) -> None:
        self.rows.append(Row(len(self.rows) + 1, self.entry_time(now), kind, doc, ident_of(doc)))

    def entry_time(self, now: int) -> int:
        """The time of an entry, by which it is judged, too: the log's own times never go back."""
        return max(now, self.rows[-1].at) if self.rows else now

    def accepts(self, kind: str, doc: dict[str, Any], now: int) -> bool:
        if any(row.ident == ident_of(doc) for row in self.rows):
            return True
        if self.clock_is_behind(now):
            return False
        return Moment(self.rows, self.entry_time(now), is_next=True).accepts(kind, doc)

    def tier(self, did: str, now: int) -> int:
        return 0 if self.clock_is_behind(now) else Moment(self.rows, now).tier(did)

    def tiers(self, dids: list[str], now: int) -> list[int]:
        if self.clock_is_behind(now):
            return [0] * len(dids)
        moment = Moment(self.rows, now)
        return [moment.tier(did) for did in dids]

    def clock_is_behind(self, now: int) -> bool:
        return bool(self.rows) and now < self.rows[-1].at - LENIENCE


class Moment(Rights):
    """The whole log, as it is to be read at one time; `is_next` when another entry is being judged."""

    def accepts(self, kind: str, doc: dict[str, Any]) -> bool:
        if kind == "key" and "mode" not in doc:
            return not self.rows
        if not self.rows or doc["root"] != self.root:
            return False
        judges = {"grant": self._grant, "delegate": self._delegate, "revoke": self._revoke, "key": self._key}
        return judges[kind](doc)

    def is_timely(self, doc: dict[str, Any]) -> bool:
        return bool(abs(doc["t"] - self.now) <= LENIENCE)

    def lives(self, doc: dict[str, Any]) -> bool:
        is_form = doc["nbf"] < doc["exp"] <= doc["nbf"] + LIFE_MAX and doc["iss"] != doc["sub"]
        is_now = doc["nbf"] <= self.now + LENIENCE and self.now < doc["exp"]
        return is_form and is_now and not {doc["iss"], doc["sub"]} & self.blocked

    def _grant(self, doc: dict[str, Any]) -> bool:
        vouch = doc["vouch"]
        if not self.lives(doc) or rank(doc["tier"]) < 1:
            return False
        if vouch is not None:
            ceiling = rank(vouch["tier"])
            if not (1 <= vouch["depth"] <= 3 and vouch["max"] >= 1 and 1 <= ceiling <= min(rank(doc["tier"]), 3)):
                return False
        if doc["iss"] == self.reign.key or doc["parent"] is None:
            return doc["iss"] == self.reign.key and doc["parent"] is None
        return doc["parent"] in self.pairs and self._fits(doc, self.by_ident[doc["parent"]])

    def _fits(self, doc: dict[str, Any], parent: Row) -> bool:
        above = self.above(parent, frozenset(), 0) if self.stands(parent) else None
        if above is None or parent.doc["sub"] != doc["iss"] or doc["sub"] in above.chain:
            return False
        is_within = parent.doc["nbf"] <= doc["nbf"] and doc["exp"] <= parent.doc["exp"]
        is_narrow = above.depth >= 1 and rank(doc["tier"]) <= above.ceiling and above.grants < GRANTS_UP
        return is_within and is_narrow and self.ordinal(parent, doc["sub"]) <= above.room and self._lends(doc, parent)

    def _lends(self, doc: dict[str, Any], parent: Row) -> bool:
        """Whether the right to introduce that a grant hands on is within the one it comes from."""
        vouch = doc["vouch"]
        if vouch is None:
            return True
        if parent.kind == "delegate":
            most = ADDED_BY_TILL
            return bool(
                parent.doc["role"] == "till"
                and vouch["depth"] <= most["depth"]
                and vouch["max"] <= most["max"]
                and rank(vouch["tier"]) <= rank(str(most["tier"]))
            )
        above = self.right(parent)
        return above is not None and (
            vouch["depth"] < above.depth and vouch["max"] <= above.lends and rank(vouch["tier"]) <= above.ceiling
        )

    def _delegate(self, doc: dict[str, Any]) -> bool:
        is_sized = (doc["max"] is None) if doc["role"] == "presence" else (doc["max"] is not None and doc["max"] >= 1)
        is_hers = doc["iss"] == self.reign.key and doc["sub"] not in self.artist_keys
        return self.lives(doc) and is_sized and is_hers and rank(doc["tier"]) <= CEILINGS[doc["role"]]

    def _revoke(self, doc: dict[str, Any]) -> bool:
        signer, target = doc["iss"], doc["target"]
        if not self.is_timely(doc) or (signer in self.artist_keys and signer != self.reign.key):
            return False
        if not target.startswith("sha256:"):
            is_known = any(row.doc.get("sub" if row.kind != "revoke" else "target") == target for row in self.rows)
            is_by_itself = signer == target and is_known
            return target not in self.artist_keys and (is_by_itself or signer == self.reign.key)
        if target in under_way(self.reign, self.rows):
            return bool(signer == self.reign.key)
        if target not in self.pairs:
            return False
        return signer == self.reign.key or signer in self._over(self.by_ident[target])

    def _over(self, row: Row) -> Iterator[str]:
        """The subject, and every issuer above, as the documents name each other."""
        yield row.doc["sub"]
        current: Row | None = row
        while current is not None:
            yield current.doc["iss"]
            current = self.by_ident.get(current.doc.get("parent") or "")

    def _key(self, doc: dict[str, Any]) -> bool:
        reign = self.reign
        follows = doc["prev"] == reign.ident and doc["seq"] == reign.number + 1 and self.is_timely(doc)
        if not follows or doc["key"] in self.artist_keys:
            return False
        if doc["from_seq"] is not None and not 1 <= doc["from_seq"] <= len(self.rows):
            return False
        if doc["mode"] == "recovery":
            return doc["iss"] in reign.recovery and len(reign.recovery) >= 2
        return reign.commits_to(doc["key"])
