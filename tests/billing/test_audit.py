"""Whatever is wrong with the money is said, and nothing else is."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import Connection

from billing import Cited, Sale
from billing.audit import audit
from billing.chain import follow_up
from billing.plain import Plain, statement
from billing.prices import Free, Offer
from billing.shares import ARTIST
from billing.splits import NODE
from billing.tables import STAYS
from presence.database import Database
from presence.paying.signatures import is_signed_by
from presence.write_lane import WriteLane
from tests.billing.conftest import ANN, BOB, CENT, Clock, Till, fixed
from tests.billing.logs import public_log
from trustgraph import Key


@pytest.fixture
def busy(database: Database, lane: WriteLane, clock: Clock, tmp_path: Path) -> Till:
    """A ledger in which everything has happened; nobody looks at its books in the end."""
    till = Till(database, lane, clock, Key(b"p" * 32))
    for owner in (ANN, BOB):
        till.top_up(owner, 1_000 * CENT)
    party = till.splits.add_party("Winnie")[0].ident
    till.wallets.give(ANN, 7 * CENT, "welcome", until=int(clock.now * 1000) + 60_000)
    for number in range(12):
        if number == 6:
            till.splits.accept(party, till.splits.propose(NODE, {ARTIST: 7_000, party: 3_000}))
        offer = fixed(2 * CENT, thing="record:1", own_at_micros=9 * CENT) if number % 3 == 0 else fixed(3 * CENT)
        hold = till.holds.place(f"q{number}", [ANN, BOB][number % 2], offer)
        if number == 5:
            till.holds.release(hold)
        elif number != 11:
            sale = Sale("ask", "?", 1, (Cited("n", 3),))
            till.holds.capture(hold, 2 * CENT - number, sale, beside=lambda *_: None)
    free = Offer(0, 0, "1", free=Free("first", 3))
    till.holds.capture(till.holds.place("free", ANN, free), 0, Sale("ask", "?"), beside=lambda *_: None)
    clock.now += 61
    till.wallets.expire_gifts()
    follow_up(lane)
    public_log(till, tmp_path / "log").publish()
    return till


def by_force(till: Till, *texts: str) -> tuple[str, ...]:
    """Take the guards away, change something, and let the books be audited."""
    is_sqlite = till.database.dialect == "sqlite"

    def change(owner: Connection) -> None:
        plain = Plain(owner)
        if is_sqlite:
            for (name,) in plain.rows(statement("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
                plain.run(statement(f"DROP TRIGGER {name}"))
        else:
            plain.run(statement("SET LOCAL session_replication_role = replica"))
            for table in STAYS:
                plain.run(statement(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for text in texts:
            assert plain.run(statement(text)) >= 1, text

    if is_sqlite:
        with till.database.owner.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
            change(connection)
            connection.commit()
    else:
        till.lane.run(change)
    return audit(till.database.snapshot, is_signed_by).wrong


def test_of_a_busy_ledger_that_nobody_harmed_nothing_is_said(busy: Till) -> None:
    audited = audit(busy.database.snapshot, is_signed_by)
    assert audited.wrong == ()
    assert (audited.transactions, audited.wallets, audited.receipts) == (2 + 1 + 10 + 0, 2, 10)


ONE = "(SELECT id FROM ledger_transactions WHERE id = 'capture:q1')"
RECEIPT = "(SELECT min(seq) FROM receipts)"
HARMS: dict[str, tuple[str, list[str]]] = {
    "an entry is another amount": (
        f"UPDATE ledger_entries SET micros = micros + 1 WHERE transaction_id = {ONE} AND n = 0",
        ["Transaction capture:q1 does not balance", "Transaction capture:q1 is not what was posted",
         "The whole ledger does not balance", "Wallet .* does not hold", "Hold q1 was captured otherwise",
         "Receipt .* says another thing"],
    ),
    "an entry is on another account": (
        f"UPDATE ledger_entries SET account = 'income:tips' WHERE transaction_id = {ONE} AND n = 1",
        ["Transaction capture:q1 is not what was posted", "Receipt .* says another thing"],
    ),
    "an entry is gone": (
        "DELETE FROM ledger_entries WHERE transaction_id = 'topup:did:key:bob:first' AND n = 0",
        ["Transaction topup:.* does not balance", "Transaction topup:.* is not what was posted",
         "The whole ledger does not balance"],
    ),
    "a transaction has another hash": (
        f"UPDATE ledger_transactions SET sha256 = 'x' WHERE id = {ONE}",
        ["Transaction capture:q1 is not what was posted", "Number .* of the chain"],
    ),
    "a transaction is about something else": (
        f"UPDATE ledger_transactions SET about = '{{}}' WHERE id = {ONE}",
        ["Transaction capture:q1 is not what was posted", "Receipt .* says another thing"],
    ),
    "what a transaction is about cannot be read": (
        f"UPDATE ledger_transactions SET about = '[' WHERE id = {ONE}",
        ["Transaction capture:q1 is not what was posted", "Receipt .* says another thing"],
    ),
    "a transaction was at another time": (
        f"UPDATE ledger_transactions SET at = at + 1 WHERE id = {ONE}", ["Number .* of the chain"]
    ),
    "a transaction is of another kind": (
        f"UPDATE ledger_transactions SET kind = 'tip' WHERE id = {ONE}",
        ["Transaction capture:q1 is not what was posted", "Number .* of the chain", "Hold q1 was captured otherwise"],
    ),
    "a transaction is gone, with its entries": (
        "DELETE FROM ledger_transactions WHERE id = 'capture:q1'; DELETE FROM ledger_entries"
        " WHERE transaction_id = 'capture:q1'",
        ["Wallet .* does not hold", "Hold q1 was captured otherwise", "Receipt .* says another thing",
         "Number .* of the chain"],
    ),
    "entries belong to nobody": (
        "INSERT INTO ledger_entries VALUES ('nobody', 0, 'income:tips', 5)",
        ["The whole ledger does not balance", "1 entries belong to no transaction"],
    ),
    "a wallet has more": (
        "UPDATE wallets SET posted = posted + 1 WHERE owner = 'did:key:ann'", ["Wallet .* does not hold"]
    ),
    "a wallet was given more": (
        "UPDATE wallets SET gift = gift + 1 WHERE owner = 'did:key:ann'", ["Wallet .* does not hold"]
    ),
    "a wallet has more set aside": (
        "UPDATE wallets SET held = held + 1 WHERE owner = 'did:key:ann'", ["Wallet .* has another amount set aside"]
    ),
    "a hold is gone": ("DELETE FROM holds WHERE id = 'q11'", ["Wallet .* has another amount set aside"]),
    "a hold is pending again": (
        "UPDATE holds SET state = 'pending', captured = 0 WHERE id = 'q1'",
        ["Wallet .* has another amount set aside", "Hold q1 was captured otherwise"],
    ),
    "a hold captured another amount": (
        "UPDATE holds SET captured = captured - 1 WHERE id = 'q1'", ["Hold q1 was captured otherwise"]
    ),
    "a released hold says that it was captured": (
        "UPDATE holds SET state = 'captured', captured = 1 WHERE id = 'q5'", ["Hold q5 was captured otherwise"]
    ),
    "a hold that was captured is gone": ("DELETE FROM holds WHERE id = 'q1'", ["Hold q1 was captured otherwise"]),
    "a thing was paid otherwise": (
        "UPDATE owned SET paid = paid + 1 WHERE wallet = (SELECT id FROM wallets WHERE owner = 'did:key:ann')",
        ["Wallet .* paid another amount about record:1"],
    ),
    "what was paid about a thing is forgotten": (
        "DELETE FROM owned WHERE wallet = (SELECT id FROM wallets WHERE owner = 'did:key:ann')",
        ["Wallet .* paid another amount about record:1"],
    ),
    "a receipt says less": (
        f"UPDATE receipts SET body = replace(body, '\"micros\":', '\"micros\":1') WHERE seq = {RECEIPT}",
        ["Receipt .* says another thing", "The signature of receipt .* does not hold"],
    ),
    "a receipt shares otherwise": (
        f"UPDATE receipts SET body = replace(body, 'artist', 'nobody') WHERE seq = {RECEIPT}",
        ["Receipt .* says another thing", "The signature of receipt .* does not hold"],
    ),
    "a receipt is of another time": (
        f"UPDATE receipts SET body = replace(body, '\"at\":1', '\"at\":2') WHERE seq = {RECEIPT}",
        ["The signature of receipt .* does not hold"],
    ),
    "a receipt cannot be read": (
        f"UPDATE receipts SET body = 'x' || body WHERE seq = {RECEIPT}",
        ["Receipt .* says another thing", "The signature of receipt .* does not hold"],
    ),
    "a receipt is something else": (
        f"UPDATE receipts SET body = '{{}}' WHERE seq = {RECEIPT}",
        ["Receipt .* says another thing", "The signature of receipt .* does not hold"],
    ),
    "a signature is another one": (
        f"UPDATE receipts SET signature = replace(replace(signature, 'a', 'b'), 'A', 'B') WHERE seq = {RECEIPT}",
        ["The signature of receipt .* does not hold"],
    ),
    "a receipt is gone": (
        "DELETE FROM receipt_leaves WHERE leaf = 9; DELETE FROM receipts WHERE seq = (SELECT max(seq) FROM receipts)",
        ["Receipt .* is gone"],
    ),
    "a link is gone": (
        "DELETE FROM ledger_chain WHERE n = 4",
        ["The chain of the ledger has a gap before its number 5", "Number 5 of the chain"],
    ),
    "a link has another hash": (
        "UPDATE ledger_chain SET hash = 'x' WHERE n = 4", ["Number 4 of the chain .* is not what it was"]
    ),
    "a leaf is gone": ("DELETE FROM receipt_leaves WHERE leaf = 4", ["The public log of receipts has a gap"]),
    "the first leaf is gone": ("DELETE FROM receipt_leaves WHERE leaf = 0", ["The public log of receipts has a gap"]),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_each_harm_is_said_and_nothing_else(busy: Till, harm: str) -> None:
    text, expected = HARMS[harm]
    found = by_force(busy, *text.split("; "))
    for sentence in expected:
        assert any(re.match(sentence, one) for one in found), (sentence, found)
    for one in found:
        assert any(re.match(sentence, one) for sentence in expected), (one, found)


def test_without_a_key_signatures_are_not_looked_at(busy: Till) -> None:
    by_force(busy, f"UPDATE receipts SET signature = 'x' WHERE seq = {RECEIPT}")
    assert audit(busy.database.snapshot).wrong == ()


def test_looking_changes_nothing(busy: Till) -> None:
    before = _all(busy)
    audit(busy.database.snapshot, is_signed_by)
    assert _all(busy) == before


def _all(till: Till) -> list[str]:
    with till.database.snapshot() as connection:
        plain = Plain(connection)
        return [json.dumps([list(row) for row in plain.rows(statement(f"SELECT * FROM {table}"))], default=str)
                for table in (*STAYS, "wallets", "holds", "owned")]  # fmt: skip
