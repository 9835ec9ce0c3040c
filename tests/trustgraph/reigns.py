"""Which key was the artist's from which entry on, worked out from the whole log for the oracle."""

import hashlib
from dataclasses import dataclass
from typing import Any

import base58

DAY = 24 * 3600
RECOVERY_DELAY = 72 * 3600


@dataclass(frozen=True)
class Row:
    """An entry of the log."""

    seq: int
    at: int
    kind: str
    doc: dict[str, Any]
    ident: str


@dataclass(frozen=True)
class Reign:
    """A key of the artist's, from entry `since` on; what was signed from entry `cut` until then is void."""

    key: str
    next_key: str
    recovery: tuple[str, ...]
    ident: str
    number: int
    since: int
    cut: int | None

    def commits_to(self, did: str) -> bool:
        return hash_of(did) == self.next_key


def hash_of(did: str) -> str:
    """The commitment to a key: the hash of its 32 raw bytes."""
    return "sha256:" + hashlib.sha256(base58.b58decode(did.removeprefix("did:key:z"))[2:]).hexdigest()


def reigns_of(rows: list[Row], next_at: int | None = None) -> list[Reign]:
    """All keys in turn; with `next_at`, as they are for an entry that comes at that time."""
    reigns: list[Reign] = []
    for row in rows:
        _recover(reigns, rows[: row.seq - 1], row.seq, row.at)
        if row.kind == "key" and "iss" not in row.doc:
            reigns.append(_reign(row, row.seq))
    if next_at is not None:
        _recover(reigns, rows, len(rows) + 1, next_at)
    return reigns


def void_ranges(reigns: list[Reign]) -> list[tuple[int, int]]:
    return [(reign.cut, reign.since) for reign in reigns if reign.cut is not None]


def _recover(reigns: list[Reign], before: list[Row], seq: int, at: int) -> None:
    """Let a recovery whose delay is over take effect with the entry `seq`."""
    due = [begun for begun in _started(reigns[-1], before) if at >= begun[1].at + RECOVERY_DELAY] if reigns else []
    if due:
        first, _ = min(due, key=lambda begun: (begun[1].at, begun[0].seq))
        reigns.append(_reign(first, seq))


def _started(reign: Reign, before: list[Row]) -> list[tuple[Row, Row]]:
    """The first documents of two recovery keys that ask for the same, for each request that was not ended.

    The delay begins with the second; the log goes on from the first.
    """
    pairs: list[tuple[Row, Row]] = []
    for asked in _requests(reign, before):
        others = [row for row in asked if row.doc["iss"] != asked[0].doc["iss"]]
        pairs.extend((asked[0], row) for row in others[:1])
    return pairs


def under_way(reign: Reign, rows: list[Row]) -> set[str]:
    """The recovery documents that the present key may end."""
    return {row.ident for asked in _requests(reign, rows) for row in asked}


def _requests(reign: Reign, before: list[Row]) -> list[list[Row]]:
    requests: dict[Any, list[Row]] = {}
    for row in before:
        doc = row.doc
        if row.kind == "key" and doc.get("mode") == "recovery" and doc["prev"] == reign.ident:
            same = (doc["key"], doc["next"], tuple(doc["recovery"]), doc["prev"], doc["from_seq"])
            requests.setdefault(same, []).append(row)
        elif row.kind == "revoke":
            # Taking one of them back ends the whole request.
            ended = doc["target"]
            requests = {same: rows for same, rows in requests.items() if all(row.ident != ended for row in rows)}
    return list(requests.values())


def _reign(row: Row, since: int) -> Reign:
    doc = row.doc
    return Reign(doc["key"], doc["next"], tuple(doc["recovery"]), row.ident, doc["seq"], since, doc.get("from_seq"))
