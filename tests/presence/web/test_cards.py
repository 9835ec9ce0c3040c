"""Cards, through the real app: a page is opened, paid elsewhere, told by signed messages, seen in the wallet."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Connection

from billing import accounts
from billing.cards import CardsAway
from billing.ledger import Transaction, moved
from billing.plain import Plain
from billing.wallets import opened, paid_in
from presence.bootstrap import Services
from presence.settings import BillingSettings
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, open_shop
from tests.strict_stripe import Manners, StrictStripe
from tests.trusting import Artist, sign_in
from trustgraph import Tier

PRICES = {"acts": {"ask": {"price": "0.02"}}, "supporter": {"month": "5.00", "year": "48.00", "gift": "1.00"}}


@pytest.fixture
def server() -> Iterator[StrictStripe]:
    with StrictStripe(manners=Manners(held=True)) as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, server: StrictStripe) -> Iterator[Services]:
    billing = BillingSettings(
        stripe_key=SecretStr(server.api_key),
        stripe_webhook_secret=SecretStr(server.webhook_secret),
        stripe_url=server.base_address,
    )
    home = tmp_path / "home"
    with open_shop(home, PRICES, ("presence", "till"), billing=billing) as node:
        yield node


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as made:
        sign_in(made, ANN)
        yield made


def told(client: TestClient, server: StrictStripe, shop: Services) -> None:
    """Let every message come in over HTTP, then be looked into."""

    def receive(payload: bytes, signature: str) -> int:
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        return client.post("/stripe/webhook", content=payload, headers=headers).status_code

    for delivery in server.webhooks.rehearse(range(len(server.webhooks.outbox)), receive):
        assert delivery.arrived
    assert shop.cards is not None
    shop.cards.inbox.work()


def page_of(response_text: str) -> str:
    found = re.search(r'href="(http[^"]+/pay/[^"]+)"', response_text)
    assert found is not None
    return found.group(1).rsplit("/", 1)[1]


def test_a_node_without_a_key_of_the_processor_takes_no_cards(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as node, client_of(node) as client:
        sign_in(client, ANN)
        assert client.post("/wallet/top-up", data={"amount": "10"}).status_code == 404
        assert client.post("/stripe/webhook", content=b"{}").status_code == 404
        assert "Pay in" not in client.get("/wallet").text


def test_a_wallet_is_filled_and_an_answer_paid_from_it(
    client: TestClient, server: StrictStripe, shop: Services
) -> None:
    opened = client.post("/wallet/top-up", data={"amount": "10.00"})
    assert opened.status_code == 200
    server.pay(page_of(opened.text))
    for _ in range(2):
        told(client, server, shop)
    wallet = client.get("/api/wallet").json()
    assert wallet["available_micros"] == 1_000 * CENT
    assert "took $0.59" in client.get("/wallet").text
    client.post("/ask", data={"question": ASKED, "max_price_micros": 2 * CENT})
    wallet = client.get("/api/wallet").json()
    assert wallet["available_micros"] == 998 * CENT
    receipt = client.get(f"/receipts/{wallet['receipts'][0]['id']}", headers={"Accept": "text/html"}).text
    assert "What the card processor took when you paid in" in receipt


def test_coming_back_from_the_page_is_enough(client: TestClient, server: StrictStripe) -> None:
    session = page_of(client.post("/wallet/top-up", data={"amount": "5"}).text)
    server.pay(session)
    back = client.get(f"/wallet/back?to=/wallet&paid={session}", follow_redirects=False)
    assert back.headers["location"] == "/wallet"
    assert client.get("/api/wallet").json()["available_micros"] == 500 * CENT


@pytest.mark.parametrize("to", ["/wallet", "/tiers"])
def test_a_payment_that_is_not_known_yet_is_said_to_be_on_its_way(
    client: TestClient, server: StrictStripe, shop: Services, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    session = page_of(client.post("/wallet/top-up", data={"amount": "5"}).text)
    server.pay(session)
    assert shop.cards is not None
    with monkeypatch.context() as away:
        away.setattr(shop.cards.cards.processor, "checkout", _raise_away)
        page = client.get(f"/wallet/back?to={to}&paid={session}")
    assert page.url.path == to
    assert "Your payment is on its way" in page.text
    (again,) = re.findall(r'http-equiv="refresh" content="10;url=([^"]*)"', page.text)
    page = client.get(html.unescape(again))
    assert (page.url.path, page.url.query) == (to, b"")
    assert "on its way" not in page.text
    assert client.get("/api/wallet").json()["available_micros"] == 500 * CENT


def test_a_payment_that_is_not_made_yet_is_looked_for_again_and_one_that_is_none_is_not(client: TestClient) -> None:
    session = page_of(client.post("/wallet/top-up", data={"amount": "5"}).text)
    back = client.get(f"/wallet/back?paid={session}", follow_redirects=False)
    assert back.headers["location"] == f"/wallet?waiting={session}"
    assert client.get("/wallet/back?paid=cs_nothing", follow_redirects=False).headers["location"] == "/wallet"


def _raise_away(_session: str) -> None:
    raise CardsAway


@pytest.mark.parametrize(
    "amount", ["", "0", "-5", "NaN", "1e3", "0.49", "7.505", "1000000000000", "\u0661\u0660", "inf"]
)
def test_amounts_that_cannot_be_are_refused_with_a_sentence(
    client: TestClient, server: StrictStripe, amount: str
) -> None:
    refused = client.post("/wallet/top-up", data={"amount": amount})
    assert refused.status_code == 422
    assert server.objects("checkout.session") == []


def test_what_is_left_goes_back(client: TestClient, server: StrictStripe) -> None:
    session = page_of(client.post("/wallet/top-up", data={"amount": "5"}).text)
    server.pay(session)
    client.get(f"/wallet/back?paid={session}", follow_redirects=False)
    assert "Pay back what is left: $5.00" in client.get("/wallet").text
    client.post("/wallet/refund")
    assert client.get("/api/wallet").json()["available_micros"] == 0
    assert [one["amount"] for one in server.objects("refund")] == [500]


def test_a_wallet_that_fills_itself_is_said_and_stopped(client: TestClient, server: StrictStripe) -> None:
    wishes = {"amount": "10", "below": "2", "month": "20"}
    session = page_of(client.post("/wallet/auto", data=wishes).text)
    server.pay(session)
    client.get(f"/wallet/back?paid={session}", follow_redirects=False)
    assert "Your wallet fills itself by $10.00" in client.get("/wallet").text
    client.post("/wallet/auto/off")
    assert "does not fill itself any more" in client.get("/wallet").text
    assert client.post("/wallet/auto", data={**wishes, "below": "11"}).status_code == 422


def test_a_tip_needs_no_key(server: StrictStripe, shop: Services) -> None:
    with client_of(shop) as stranger:
        page = stranger.get("/tip").text
        assert 'action="/tip"' in page
        assert "of $5.00 it is about $0.45" in page
        session = page_of(stranger.post("/tip", data={"amount": "3"}).text)
        server.pay(session)
        stranger.get(f"/wallet/back?paid={session}", follow_redirects=False)
    assert shop.cards is not None
    assert shop.cards.cards.unexplained() == 0


@pytest.mark.parametrize(("paid", "offered"), [(250 * CENT, "2.50"), (2_000 * CENT, "5.00")])
def test_a_tip_that_is_offered_is_one_that_she_has(tmp_path: Path, paid: int, offered: str) -> None:
    with open_shop(tmp_path / "home") as node, client_of(node) as client:
        sign_in(client, ANN)
        assert 'value="5.00"' in client.get("/tip").text
        pay_in(node, ANN.did, paid)
        assert f'value="{offered}"' in client.get("/tip").text


def test_a_tip_from_the_wallet_is_given_once(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as node, client_of(node) as client:
        sign_in(client, ANN)
        form = {"amount": "3", "by": "wallet", "once": "this page"}
        assert client.post("/tip", data=form).status_code == 402
        pay_in(node, ANN.did, 500 * CENT)
        for _ in range(2):
            assert client.post("/tip", data=form, follow_redirects=False).status_code == 303
        assert client.get("/api/wallet").json()["available_micros"] == 200 * CENT
        assert client.post("/tip", data={**form, "amount": "0", "once": "another"}).status_code == 422


def pay_in(node: Services, owner: str, micros: int) -> None:
    def pay(writer: Connection) -> None:
        plain, at = Plain(writer), node.paying.wallets.millis()
        wallet = opened(plain, owner, at)
        entries = moved(micros, debit=accounts.PROCESSOR, credit=accounts.wallet(wallet.ident))
        paid_in(plain, wallet, micros, Transaction("top_up:test", "top_up", entries), at)

    node.lane.run(pay)


def test_what_wallets_pay_for_is_renewed_while_the_processor_is_away(tmp_path: Path) -> None:
    away = BillingSettings(stripe_key=SecretStr("sk_test_away"), stripe_url="http://127.0.0.1:9")
    with open_shop(tmp_path / "home", PRICES, ("presence", "till"), billing=away) as node:
        pay_in(node, ANN.did, 1_000 * CENT)
        assert node.cards is not None
        node.cards.subscriptions.begin_from_wallet(ANN.did, "month", 500 * CENT)
        due = "UPDATE subscriptions SET period_end = period_end - 3456000"
        node.lane.run(lambda writer: writer.exec_driver_sql(due))
        with pytest.raises(CardsAway):
            node.cards.sweep()
        wallet = node.paying.wallets.find(ANN.did)
        assert wallet is not None
        assert wallet.available == 0


def test_messages_that_nobody_signed_are_refused(client: TestClient) -> None:
    for headers in ({}, {"Stripe-Signature": "t=1,v1=00"}):
        assert client.post("/stripe/webhook", content=b"{}", headers=headers).status_code == 400


def test_a_supporter_pays_and_is_let_in_until_it_ends(server: StrictStripe, shop: Services, client: TestClient) -> None:
    page = client.get("/tiers").text
    assert "$5.00 a month" in page
    opened = client.post("/tiers/subscribe", data={"every": "month", "by": "card"})
    server.pay(page_of(opened.text))
    told(client, server, shop)
    assert shop.trust.tier_of(ANN.did).tier == Tier.SUPPORTER
    assert "renewed on" in client.get("/tiers").text
    client.post("/tiers/cancel")
    assert "ends on" in client.get("/tiers").text
    client.post("/tiers/cancel", data={"again": "1"})
    assert "renewed on" in client.get("/tiers").text


def test_coming_back_from_a_subscriptions_page_is_enough(
    server: StrictStripe, shop: Services, client: TestClient
) -> None:
    session = page_of(client.post("/tiers/subscribe", data={"every": "month", "by": "card"}).text)
    server.pay(session)
    address = server.get(session)["success_url"].replace("{CHECKOUT_SESSION_ID}", session)
    for _ in range(2):
        assert client.get(address, follow_redirects=False).headers["location"] == "/tiers"
    assert shop.trust.tier_of(ANN.did).tier == Tier.SUPPORTER
    assert "renewed on" in client.get("/tiers").text
    told(client, server, shop)
    assert shop.cards is not None
    assert shop.cards.cards.unexplained() == 0
    assert "You have a subscription already" in client.post("/tiers/subscribe", data={"every": "month"}).text
    assert "You are a supporter, $5.00 a month, paid by card." in client.get("/wallet").text


def test_who_paid_on_two_pages_is_an_alarm_and_ends_both(
    server: StrictStripe, shop: Services, client: TestClient
) -> None:
    form = {"every": "month", "by": "card"}
    for session in [page_of(client.post("/tiers/subscribe", data=form).text) for _ in range(2)]:
        server.pay(session)
    told(client, server, shop)
    assert shop.cards is not None
    alarms = [sentence for ident, sentence, _ in shop.cards.cards.alarms() if ident.startswith("twice:")]
    assert alarms == [f"{ANN.did} pays for two subscriptions at once. End one of them at Stripe, and pay it back."]
    client.post("/tiers/cancel")
    assert [one["cancel_at_period_end"] for one in server.objects("subscription")] == [True, True]


def test_what_a_supporter_pays_stands_where_prices_do_with_what_the_processor_takes(shop: Services) -> None:
    html = {"Accept": "text/html"}
    with client_of(shop) as stranger:
        assert "<b>$5.00</b> a month, or <b>$48.00</b> a year, with $1.00 to ask with each time" in (
            stranger.get("/pricing", headers=html).text
        )
        shown = stranger.get("/tiers", headers=html).text
    assert "By card, about $0.45 of it stays with the card processor." in shown
    assert "That is $4.00 a month. By card, about $1.69 of it" in shown
    assert "data-make-key" in shown
    assert "by card</button>" not in shown  # who is not known is not sent to pay


def supporting(server: StrictStripe, shop: Services, client: TestClient) -> str:
    """Let her subscribe; give the charge."""
    server.pay(page_of(client.post("/tiers/subscribe", data={"every": "month", "by": "card"}).text))
    told(client, server, shop)
    assert shop.trust.tier_of(ANN.did).tier == Tier.SUPPORTER
    return str(server.objects("charge")[-1]["id"])


def test_what_is_paid_back_opens_nothing_from_then_on(server: StrictStripe, shop: Services, client: TestClient) -> None:
    charge = supporting(server, shop, client)
    server.refund_from_dashboard(charge)
    told(client, server, shop)
    assert shop.trust.tier_of(ANN.did).tier == Tier.PUBLIC
    told(client, server, shop)
    assert shop.trust.tier_of(ANN.did).tier == Tier.PUBLIC


def test_a_dispute_closes_and_opens_again_when_it_is_won(
    server: StrictStripe, shop: Services, client: TestClient
) -> None:
    charge = supporting(server, shop, client)
    until = shop.trust.tier_of(ANN.did).until
    dispute = server.dispute(charge)
    told(client, server, shop)
    assert shop.trust.tier_of(ANN.did).tier == Tier.PUBLIC
    server.close_dispute(dispute, won=True)
    told(client, server, shop)
    assert (shop.trust.tier_of(ANN.did).tier, shop.trust.tier_of(ANN.did).until) == (Tier.SUPPORTER, until)


def test_a_till_whose_right_is_over_is_an_alarm_and_no_error(
    server: StrictStripe, shop: Services, client: TestClient
) -> None:
    charge = supporting(server, shop, client)
    assert shop.cards is not None
    right = next(
        entry
        for entry in shop.trust.entries()
        if entry.kind == "delegate" and entry.pair and entry.pair.startswith("till>")
    )
    Artist(shop.trust).revoke(right.event)
    server.refund_from_dashboard(charge)
    told(client, server, shop)
    (sentence,) = [sentence for ident, sentence, _ in shop.cards.cards.alarms() if ident.startswith("supporter:")]
    assert "The artist has to renew the right of its till" in sentence
    assert shop.trust.tier_of(ANN.did).tier == Tier.PUBLIC


@pytest.fixture
def taxed(tmp_path: Path, server: StrictStripe) -> Iterator[Services]:
    """A shop that collects tax on top of its prices, and whose seller has another name than the artist."""
    server.terms = replace(server.terms, tax_rate=Decimal("0.19"))
    billing = BillingSettings(
        stripe_key=SecretStr(server.api_key),
        stripe_webhook_secret=SecretStr(server.webhook_secret),
        stripe_url=server.base_address,
        tax="on_top",
        seller="Low Tide Records <GmbH>",
    )
    with open_shop(tmp_path / "taxed", PRICES, ("presence", "till"), billing=billing) as node:
        yield node


def test_who_sells_and_what_tax_is_added_stands_wherever_one_pays(server: StrictStripe, taxed: Services) -> None:
    with client_of(taxed) as client:
        sign_in(client, ANN)
        for page in ("/pricing", "/wallet", "/tiers", "/tip"):
            shown = client.get(page, headers={"Accept": "text/html"}).text
            assert "Sold by Low Tide Records &lt;GmbH&gt;." in shown, page
            assert "Where tax is due, it is added on the payment page" in shown, page
        assert "Let it fill itself" not in client.get("/wallet").text
        listed = client.get("/pricing", headers={"Accept": "application/json"}).json()
        assert (listed["seller"], listed["tax"]) == ("Low Tide Records <GmbH>", "on_top")


def test_a_wallet_is_filled_by_what_was_asked_for_and_the_tax_is_said(server: StrictStripe, taxed: Services) -> None:
    with client_of(taxed) as client:
        sign_in(client, ANN)
        session = page_of(client.post("/wallet/top-up", data={"amount": "10"}).text)
        server.pay(session)
        client.get(f"/wallet/back?paid={session}", follow_redirects=False)
        assert client.get("/api/wallet").json()["available_micros"] == 1_000 * CENT
        shown = client.get("/wallet").text
        assert "Of $11.90 the card processor took $0.65. $1.90 of it is tax." in shown
        assert "Pay back what is left: $10.00, with its tax" in shown
        assert client.post("/wallet/auto", data={"amount": "10", "below": "2", "month": "20"}).status_code == 422
        client.post("/wallet/refund")
        assert [one["amount"] for one in server.objects("refund")] == [1_190]


def test_the_artist_sells_where_nobody_else_does(client: TestClient) -> None:
    assert "Sold by Ada Marsh." in client.get("/tiers").text
    assert "tax" not in client.get("/tip").text
