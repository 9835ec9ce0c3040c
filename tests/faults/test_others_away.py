"""The writer's server, the mail server and Stripe are away: the room stays open, and what waits happens once, later."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from models import Fallback, QuotingWriter
from models.remote import RemoteWriter
from presence.settings import BillingSettings
from presence.telling import waiting
from tests.faults.room import PRICE, SEVERAL, answer_to, books_are_right, eventually, seen, wallet_of
from tests.mailing import USER, link_in, mailroom
from tests.models.remote.imitation import Imitation, said, serving
from tests.nodes import client_of, open_node
from tests.presence.web.paying import ANN, CENT, give, open_shop
from tests.strict_stripe import Manners, StrictStripe
from tests.trusting import sign_in

NOWHERE = "http://127.0.0.1:9"


def test_a_writer_that_is_away_leaves_quotations_and_writes_again_when_it_is_back(tmp_path: Path) -> None:
    with serving(Imitation([said("[1]")])) as imitation:
        remote = RemoteWriter(imitation.url)
        writer = Fallback(lambda: remote, QuotingWriter())
        with open_shop(tmp_path / "home", writer=writer) as node, client_of(node) as client:
            sign_in(client, ANN)
            give(node, ANN, 100)
            writer.awaited()
            assert answer_to(client, SEVERAL[0])["outcome"] == "answered"
            assert (len(imitation.asked), writer.reason) == (1, None)
            there = imitation.list_reply, imitation.replies
            imitation.replies = [type(there[1][0])(status=503)]
            quoted = answer_to(client, SEVERAL[1])
            assert (quoted["outcome"], quoted["receipt"]["micros"]) == ("answered", PRICE)
            assert "writer_reason" in client.get("/readyz").json()
            [finding] = seen(node, "writer")
            assert (finding.state, "quoted meanwhile" in finding.do) == ("wrong", True)
            imitation.replies = there[1]
            assert answer_to(client, SEVERAL[2])["outcome"] == "answered"
            assert "writer_reason" not in client.get("/readyz").json()
            books_are_right(node)


def test_a_writer_that_was_never_there_leaves_quotations(tmp_path: Path) -> None:
    writer = Fallback(lambda: RemoteWriter(NOWHERE), QuotingWriter())
    with open_shop(tmp_path / "home", {"acts": {}}, writer=writer) as node, client_of(node) as client:
        assert answer_to(client, SEVERAL[0])["outcome"] == "answered"


def test_a_letter_waits_for_a_mail_server_that_is_away_and_is_sent_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "FIRST_WAIT_SECONDS", 0.2)
    with (
        mailroom() as room,
        open_node(tmp_path / "home", smtp_url=SecretStr(room.url), mail_from=USER) as node,
        client_of(node) as client,
    ):
        room.refuses = refused = 2
        assert client.post("/sign-in", data={"email": "ann@example.org"}).status_code == 200
        for _ in range(refused):
            assert room.arrived.acquire(timeout=30)
        assert "/sign-in/link" in link_in(room.next())
        eventually(lambda: node.outbox.send_due() == 0)
        assert len(room.letters) == 1


def test_a_mail_server_that_is_away_is_said_and_shuts_nobody_out(tmp_path: Path) -> None:
    with (
        open_node(tmp_path / "home", smtp_url=SecretStr("smtp://127.0.0.1:9"), mail_from=USER) as node,
        client_of(node) as client,
    ):
        assert client.post("/sign-in", data={"email": "ann@example.org"}).status_code == 200
        assert client.get("/readyz").status_code == 200
        assert [one.state for one in seen(node, "mail")] == ["wrong"]


def test_a_processor_that_is_away_takes_no_cards_and_wallets_pay_on(tmp_path: Path) -> None:
    with StrictStripe(manners=Manners(held=True)) as stripe:
        billing = BillingSettings(
            stripe_key=SecretStr(stripe.api_key),
            stripe_webhook_secret=SecretStr(stripe.webhook_secret),
            stripe_url=NOWHERE,
        )
        with open_shop(tmp_path / "home", billing=billing) as node, client_of(node) as client:
            sign_in(client, ANN)
            give(node, ANN, 100)
            refused = client.post("/wallet/top-up", data={"amount": "10"}, headers={"accept": "text/html"})
            assert refused.status_code == 503
            assert int(refused.headers["Retry-After"]) > 0
            assert answer_to(client, SEVERAL[0])["receipt"]["micros"] == PRICE
            assert wallet_of(client) == (98 * CENT, 0)
            assert seen(node, "cards")[0].state == "wrong"
            books_are_right(node)
