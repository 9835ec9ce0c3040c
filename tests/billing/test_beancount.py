"""Another program, which knows nothing of ours, reads the books and comes to the same balances."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from billing import Currency, Sale, accounts
from billing.beancount import account_name, exported
from billing.ledger import Transaction, moved, post
from billing.money import MICROS
from billing.plain import Plain, statement
from billing.shares import ARTIST
from billing.splits import NODE
from tests.billing.conftest import ANN, BOB, CENT, Till, fixed

# Beancount warns on import, and is a tool for tests: it stays in a process of its own.
READER = """
import json, sys
from beancount import loader
from beancount.core import data
entries, errors, _ = loader.load_file(sys.argv[1])
totals = {}
for entry in entries:
    if isinstance(entry, data.Transaction):
        for posting in entry.postings:
            totals[posting.account] = totals.get(posting.account, 0) + posting.units.number
print(json.dumps({"errors": [error.message for error in errors], "totals": {k: str(v) for k, v in totals.items()}}))
"""


def read(till: Till, file: Path) -> tuple[list[str], dict[str, int]]:
    """Export, let Beancount read it, and give what it complains of with its totals in micros."""
    file.write_text("\n".join(exported(till.database.snapshot, Currency(), till.clock())) + "\n")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READER, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return said["errors"], {name: _micros(total) for name, total in said["totals"].items()}


def _micros(written: str) -> int:
    whole, _, fraction = written.lstrip("-").partition(".")
    micros = int(whole) * MICROS + int(fraction.ljust(6, "0") or 0)
    return -micros if written.startswith("-") else micros


def ours(till: Till) -> dict[str, int]:
    with till.database.snapshot() as connection:
        rows = Plain(connection).rows(statement("SELECT account, sum(micros) FROM ledger_entries GROUP BY account"))
    return {account_name(account): int(total) for account, total in rows}


@pytest.fixture
def busy(till: Till) -> Till:
    party = till.splits.add_party("Winnie")[0].ident
    till.splits.accept(party, till.splits.propose(NODE, {ARTIST: 6_667, party: 3_333}))
    for number, owner in enumerate((ANN, BOB, *(f"did:key:{n}" for n in range(20)))):
        till.top_up(owner, 100 * CENT + number)
        till.wallets.give(owner, 7, f'gift "{number}" \\ of\nday')
        till.clock.now += 3 * 3600
        hold = till.holds.place(f"q{number}", owner, fixed(CENT + number, thing='record:"1"'))
        till.holds.capture(hold, CENT + number, Sale("ask", "?"), beside=lambda *_: None)
    return till


def test_an_empty_ledger_is_read(till: Till, tmp_path: Path) -> None:
    assert read(till, tmp_path / "books.beancount") == ([], {})


def test_beancount_comes_to_the_same_balances(busy: Till, tmp_path: Path) -> None:
    errors, totals = read(busy, tmp_path / "books.beancount")
    assert errors == []
    assert totals == ours(busy)
    assert len(totals) > 20


def test_bean_check_passes_and_notices_a_micro(busy: Till, tmp_path: Path) -> None:
    file = tmp_path / "books.beancount"
    read(busy, file)
    check = [str(Path(sys.executable).with_name("bean-check")), str(file)]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    lines = file.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  Income:Answers"))
    amount = lines[at].removesuffix(" USD")
    lines[at] = f"{amount[:-1]}{(int(amount[-1]) + 1) % 10} USD"
    file.write_text("\n".join(lines) + "\n")
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0


def test_a_clock_that_was_set_back_keeps_the_books_readable(till: Till, tmp_path: Path) -> None:
    till.clock.now += 2 * 24 * 3600
    till.top_up(ANN, 100 * CENT)
    till.clock.now -= 2 * 24 * 3600
    till.top_up(ANN, 100 * CENT, "second")
    errors, totals = read(till, tmp_path / "books.beancount")
    assert errors == []
    assert totals == ours(till)


def test_amounts_beyond_what_a_float_counts_are_whole(till: Till, tmp_path: Path) -> None:
    micros = 2**53 + 1
    said = Transaction("large", "test", moved(micros, debit=accounts.BANK, credit=accounts.TIPS))
    till.lane.run(lambda owner: post(Plain(owner), said, till.wallets.millis()))
    errors, totals = read(till, tmp_path / "books.beancount")
    assert errors == []
    assert totals[account_name(accounts.BANK)] == micros
