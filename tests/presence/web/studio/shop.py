"""A shop that has sold things, for the studio's pages on money; and amounts read back from what pages show."""

import re

from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from billing import accounts
from billing.ledger import Transaction, moved
from billing.plain import Plain, statement
from billing.tips import tip_from_wallet
from billing.wallets import opened, paid_in
from presence.bootstrap import Services
from tests.nodes import client_of, take_in, write_notes
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, give
from tests.trusting import operator_of, sign_in
from trustgraph import Key

HTML = {"Accept": "text/html"}
OTHER = "---\ntitle: =The chapel\ntier: public\n---\nLow Tide Ledger was recorded in a chapel near Whitby.\n"


def top_up(node: Services, who: Key, cents: int) -> None:
    """Pay money in, as a card payment does."""
    wallets = node.paying.wallets

    def pay(writer: Connection) -> None:
        plain, at = Plain(writer), wallets.millis()
        wallet = opened(plain, who.did, at)
        entries = moved(cents * CENT, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
        name = f"topup:{who.did}"
        paid_in(plain, wallet, cents * CENT, Transaction(name, "top_up", entries, {"payment": name}), at)

    node.lane.run(pay)


def ask(node: Services, who: Key, *questions: str) -> None:
    """Ask, and pay what it costs, one after the other."""
    with client_of(node) as client:
        sign_in(client, who)
        for question in questions:
            data = {"question": question, "max_price_micros": 5 * CENT}
            asked = client.post("/ask", data=data, follow_redirects=False)
            ident = asked.headers["location"].rpartition("/")[2]
            assert "receipt" in client.get(f"/api/questions/{ident}/events").text


def shared(node: Services) -> str:
    """Share a third of everything with Zeno, who agrees; give her id."""
    party, _ = node.paying.splits.add_party("Zeno <Obuya>")
    node.paying.splits.accept(party.ident, node.paying.splits.propose("node", {"artist": 6_667, party.ident: 3_333}))
    return party.ident


def sell(node: Services) -> str:
    """Sell answers to two listeners, one of them out of credit, and take a tip; give the collaborator's id."""
    take_in(node, write_notes(node.home.folder.parent / "more", {"chapel.md": OTHER}))
    party = shared(node)
    top_up(node, ANN, 500)
    give(node, BOB, 50)
    ask(node, ANN, ASKED, f"{ASKED}?", "Where was Low Tide Ledger recorded?")
    ask(node, BOB, ASKED)
    paying = node.paying
    tip_from_wallet(node.lane, paying.receipts, ANN.did, 100 * CENT, "once", lambda: paying.wallets.millis() / 1000)
    return party


def total(node: Services, begins: str, kinds: str = "'capture', 'tip', 'subscription'") -> int:
    """Sum up, by itself, what the ledger credited to accounts of a kind."""
    query = f"""SELECT coalesce(sum(-e.micros), 0) FROM ledger_entries e JOIN ledger_transactions t
 ON t.id = e.transaction_id WHERE e.account >= :begins AND e.account < :ends AND t.kind IN ({kinds})"""
    with node.database.snapshot() as connection:
        row = Plain(connection).row(statement(query), begins=begins, ends=begins[:-1] + chr(ord(begins[-1]) + 1))
    assert row is not None
    return int(row[0])


def micros(text: str) -> int:
    """Read an amount as a page shows it."""
    found = re.fullmatch(r"(−?)\$([\d,]+)\.(\d{2,6})", text.strip())
    assert found is not None, text
    return (-1 if found[1] else 1) * (int(found[2].replace(",", "")) * 1_000_000 + int(found[3].ljust(6, "0")))


def desk(client: TestClient, node: Services) -> TestClient:
    """Sit the artist down at her desk."""
    operator_of(client, node)
    return client


def seen(html: str) -> BeautifulSoup:
    """Read a page."""
    return BeautifulSoup(html, "html.parser")


def words(html: str) -> str:
    """Give the words of a page."""
    return " ".join(seen(html).get_text(" ").split())
