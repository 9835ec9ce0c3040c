"""The database itself keeps the ledger: nothing that was posted changes, and nothing that does not balance gets in."""

import ast
import sqlite3
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

import billing
from billing import Sale, accounts
from billing.errors import PostingDiffers
from billing.ledger import Entry, Transaction, balance_of, moved, open_accounts, post
from billing.plain import Plain, statement
from billing.publishing import PublicLog
from billing.tables import STAYS
from tests.billing.conftest import ANN, CENT, Till, fixed
from tests.billing.logs import public_log

REFUSED = (sqlite3.IntegrityError, psycopg.Error, DBAPIError)
ENTER = statement("INSERT INTO ledger_entries (transaction_id, n, account, micros) VALUES (:id, :n, :account, :micros)")
SEAL = statement("INSERT INTO ledger_transactions (id, kind, at, sha256, about) VALUES (:id, 'test', 1, :sha256, '{}')")


@pytest.fixture
def busy(till: Till, tmp_path: Path) -> Till:
    """A ledger with a row in every table that stays as it is."""
    till.top_up(ANN, 100 * CENT)
    till.pricing.write({"acts": {"ask": {"price": "0.01"}}})
    till.holds.capture(till.holds.place("q1", ANN, fixed(CENT)), CENT, Sale("ask", "?"), beside=lambda *_: None)
    assert till.wrong() == ()
    log: PublicLog = public_log(till, tmp_path / "log")
    log.publish()
    return till


def run(till: Till, text: str) -> int:
    return till.lane.run(lambda owner: Plain(owner).run(statement(text)))


def posted(till: Till, *entries: tuple[str, int], ident: str = "t1") -> bool:
    said = Transaction(ident, "test", tuple(Entry(*entry) for entry in entries))
    return till.lane.run(lambda owner: post(Plain(owner), said, 1))


@pytest.mark.parametrize("table", STAYS)
def test_what_was_posted_is_neither_changed_nor_deleted(busy: Till, table: str) -> None:
    column = {"ledger_transactions": "kind", "receipts": "owner", "price_lists": "prices"}.get(table)
    column = column or {"ledger_entries": "micros", "ledger_chain": "hash", "receipt_leaves": "receipt"}[table]
    attempts = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    if busy.database.dialect == "postgresql":
        attempts += [f"TRUNCATE {table}", f"TRUNCATE {table} CASCADE"]
    with busy.database.snapshot() as connection:
        assert Plain(connection).rows(statement(f"SELECT * FROM {table}")), "there is something to change"
    for attempt in attempts:
        with pytest.raises(REFUSED, match=r"stays as it is|referenced in a foreign key"):
            run(busy, attempt)


@pytest.mark.parametrize("table", STAYS)
def test_a_row_cannot_be_put_in_the_place_of_another_one(busy: Till, table: str) -> None:
    if busy.database.dialect == "postgresql":
        pytest.skip("PostgreSQL has no way to replace a row but an update")
    with pytest.raises(REFUSED):
        run(busy, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_what_does_not_balance_is_refused(till: Till) -> None:
    with pytest.raises(REFUSED, match="do not balance"):
        posted(till, (accounts.PROCESSOR, 2), (accounts.ANSWERS, -1))


def test_one_entry_is_no_transaction(till: Till) -> None:
    with pytest.raises(REFUSED, match="do not balance"):
        posted(till, (accounts.PROCESSOR, 1))


def test_an_entry_of_nothing_is_refused(till: Till) -> None:
    with pytest.raises(REFUSED):
        posted(till, (accounts.PROCESSOR, 0), (accounts.ANSWERS, 0))


def test_a_transaction_without_entries_is_refused(till: Till) -> None:
    with pytest.raises(REFUSED, match="do not balance"):
        posted(till)


def test_an_unknown_account_is_refused(till: Till) -> None:
    with pytest.raises(REFUSED):
        posted(till, ("assets:nowhere", 1), (accounts.ANSWERS, -1))


@pytest.mark.parametrize("micros", [[1, -1], [5]])
def test_a_posted_transaction_takes_no_further_entry(till: Till, micros: list[int]) -> None:
    posted(till, (accounts.PROCESSOR, 1), (accounts.ANSWERS, -1))

    def add(owner: Connection) -> None:
        for n, amount in enumerate(micros, start=2):
            Plain(owner).run(ENTER, id="t1", n=n, account=accounts.TAX, micros=amount)

    with pytest.raises(REFUSED, match="no further entry"):
        till.lane.run(add)


def test_entries_without_a_transaction_are_refused_at_the_commit(till: Till) -> None:
    def orphan(owner: Connection) -> None:
        for n, amount in enumerate((1, -1)):
            Plain(owner).run(ENTER, id="nobody", n=n, account=accounts.TAX, micros=amount)

    with pytest.raises(REFUSED):
        till.lane.run(orphan)
    assert till.balance(accounts.TAX) == 0


def test_the_same_posting_twice_changes_nothing(till: Till) -> None:
    entries = ((accounts.PROCESSOR, 7), (accounts.ANSWERS, -7))
    assert posted(till, *entries)
    assert not posted(till, *entries)
    assert till.balance(accounts.ANSWERS) == 7


@pytest.mark.parametrize(
    "other",
    [
        ((accounts.PROCESSOR, 8), (accounts.ANSWERS, -8)),
        ((accounts.PROCESSOR, 7), (accounts.TIPS, -7)),
        ((accounts.ANSWERS, -7), (accounts.PROCESSOR, 7)),
    ],
)
def test_an_id_says_one_thing_for_good(till: Till, other: tuple[tuple[str, int], ...]) -> None:
    posted(till, (accounts.PROCESSOR, 7), (accounts.ANSWERS, -7))
    with pytest.raises(PostingDiffers):
        posted(till, *other)
    assert till.balance(accounts.ANSWERS) == 7


def test_what_it_was_about_is_part_of_what_it_says(till: Till) -> None:
    entries = moved(7, debit=accounts.PROCESSOR, credit=accounts.ANSWERS)
    saying = [Transaction("t1", "test", entries, {"why": name}) for name in ("one", "two")]
    till.lane.run(lambda owner: post(Plain(owner), saying[0], 1))
    with pytest.raises(PostingDiffers):
        till.lane.run(lambda owner: post(Plain(owner), saying[1], 1))


@pytest.mark.parametrize("micros", [1, 2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**62])
def test_amounts_are_exact_however_large(till: Till, micros: int) -> None:
    posted(till, (accounts.PROCESSOR, micros), (accounts.ANSWERS, -micros))
    assert till.balance(accounts.ANSWERS) == micros


def test_an_amount_beyond_what_the_database_counts_is_refused(till: Till) -> None:
    with pytest.raises((OverflowError, psycopg.Error, DBAPIError)):
        posted(till, (accounts.PROCESSOR, 2**63), (accounts.ANSWERS, -(2**63)))
    assert till.balance(accounts.ANSWERS) == 0


def test_an_open_account_stays_open_since_it_was(till: Till) -> None:
    def open_at(at: int, owner: Connection) -> None:
        open_accounts(Plain(owner), ["assets:box"], at)

    for at in (5, 6):
        till.lane.run(partial(open_at, at))
    with till.database.snapshot() as connection:
        found = Plain(connection).rows(statement("SELECT opened_at FROM ledger_accounts WHERE name = 'assets:box'"))
    assert found == [(5,)]


def test_one_command_that_fails_undoes_itself_and_nothing_else(till: Till) -> None:
    def fails(owner: Connection) -> None:
        post(Plain(owner), Transaction("bad", "test", moved(1, debit=accounts.TAX, credit=accounts.TIPS)), 1)
        raise RuntimeError

    def good(name: str, owner: Connection) -> bool:
        return post(Plain(owner), Transaction(name, "test", moved(1, debit=accounts.TAX, credit=accounts.TIPS)), 1)

    futures = [till.lane.submit(fails if n % 2 else partial(good, str(n))) for n in range(40)]
    failed = [future.exception() is not None for future in futures]
    assert failed == [bool(n % 2) for n in range(40)]
    with till.database.snapshot() as connection:
        assert balance_of(Plain(connection), accounts.TAX) == 20


# Times, folders, and a percentage in a sentence are no money; there is nothing else.
NO_MONEY = {
    ("beancount.py", "millis / 1000"),
    ("wallets.py", "at / 1000"),
    ("statements.py", "at / 1000"),
    ("shares.py", "whole / 100"),  # a sentence for people
    ("publishing.py", "self.folder / path"),
    ("publishing.py", "self.folder / CHECKPOINT"),
}


def test_no_float_in_the_way_of_money() -> None:
    """No literal, no conversion, no true division, but where seconds are made of milliseconds."""
    folder = Path(billing.__file__).parent
    found = set()
    for file in sorted(folder.glob("*.py")):
        if file.name.startswith("stripe"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            is_division = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            is_conversion = is_call and node.func.id in ("float", "round", "Decimal", "pow")  # type: ignore[attr-defined]
            if is_literal or is_division or is_conversion:
                found.add((file.name, ast.unparse(node)))
    assert found <= NO_MONEY
