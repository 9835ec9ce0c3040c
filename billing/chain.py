"""The hash chain of the ledger: it follows the commits, so that nobody waits for it.

Each transaction gets a place and a hash over the one before, its own id, kind, time and content.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection

from billing.contracts import WriteLane
from billing.plain import Plain, statement

FIRST = "0" * 64
AT_ONCE = 1_000
WINDOW = 100_000
"""Numbers are given before the commit on PostgreSQL: so far back it is looked for one that came late. SQLite has one
writer, whose numbers come in order; there, what is behind the last link is never looked at again."""

_LAST = statement("SELECT n, hash FROM ledger_chain ORDER BY n DESC LIMIT 1")
_SINCE = """SELECT t.seq, t.id, t.kind, t.at, t.sha256 FROM ledger_transactions t
 WHERE t.seq > (SELECT coalesce(max(seq), 0) FROM ledger_chain) - {window}
 AND NOT EXISTS (SELECT 1 FROM ledger_chain c WHERE c.seq = t.seq) ORDER BY t.seq LIMIT :most"""
_NEXT = statement(_SINCE.format(window=0), postgresql=_SINCE.format(window=WINDOW))
_ADD = statement("INSERT INTO ledger_chain (n, seq, hash) VALUES (:n, :seq, :hash)")
_LINKS = statement(
    """SELECT c.n, c.hash, t.id, t.kind, t.at, t.sha256 FROM ledger_chain c
 LEFT JOIN ledger_transactions t ON t.seq = c.seq WHERE c.n > :after ORDER BY c.n LIMIT :most"""
)
# One process follows up at a time; SQLite has one writer anyway.
_IN_TURN = statement("SELECT 1", postgresql="SELECT pg_advisory_xact_lock(71846203)")


def link(before: str, ident: str, kind: str, at: int, sha256: str) -> str:
    """Give the hash of a transaction in the chain."""
    return hashlib.sha256(f"{before}\n{ident}\n{kind}\n{at}\n{sha256}".encode()).hexdigest()


def follow_up(lane: WriteLane) -> int:
    """Chain what was committed since; give how many transactions that were."""

    def follow(owner: Connection) -> int:
        plain = Plain(owner)
        plain.row(_IN_TURN)
        n, before = plain.row(_LAST) or (0, FIRST)
        rows = plain.rows(_NEXT, most=AT_ONCE)
        for seq, *said in rows:
            n, before = n + 1, link(before, *said)
            plain.run(_ADD, n=n, seq=seq, hash=before)
        return len(rows)

    done = 0
    while (more := lane.run(follow)) > 0:
        done += more
    return done


def broken_links(plain: Plain) -> Iterator[str]:
    """Say, in sentences, where the chain does not hold."""
    after, before = 0, FIRST
    while rows := plain.rows(_LINKS, after=after, most=AT_ONCE):
        for n, found, ident, *said in rows:
            if n != after + 1:
                yield f"The chain of the ledger has a gap before its number {n}."
            if ident is None or link(before, ident, *said) != found:
                yield f"Number {n} of the chain ({ident or 'gone'}) is not what it was."
                return
            after, before = n, found
