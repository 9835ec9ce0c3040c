"""The pages: a browser pays, tries again, goes back, leaves."""

from typing import Any

import httpx
import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.shopping import subscribed, tier, top_up


def press(url: str, choice: str) -> httpx.Response:
    return httpx.post(url, data={"choice": choice})


@pytest.fixture
def session(client: stripe.StripeClient) -> stripe.checkout.Session:
    return client.v1.checkout.sessions.create(top_up())


def url_of(session: Any) -> str:
    assert isinstance(session.url, str)
    return session.url


def test_the_page_shows_what_is_paid(session: stripe.checkout.Session) -> None:
    page = httpx.get(url_of(session))
    assert page.status_code == 200
    for words in ("1 × Top-up", "Pay 10.00 USD", "Cancel", "slow debit", 'lang="en"'):
        assert words in page.text


def test_paying_leads_back_with_the_session(client: stripe.StripeClient, session: stripe.checkout.Session) -> None:
    done = press(url_of(session), "pay")
    assert done.status_code == 303
    assert done.headers["Location"] == f"https://artist.example/thanks?session={session.id}"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert "This checkout is complete" in httpx.get(url_of(session)).text


def test_paying_twice_pays_once(stripe_server: StrictStripe, session: stripe.checkout.Session) -> None:
    assert press(url_of(session), "pay").status_code == 303
    assert press(url_of(session), "pay").status_code == 200
    assert len(stripe_server.objects("charge")) == 1


def test_a_declined_card_leaves_the_page_open(client: stripe.StripeClient, session: stripe.checkout.Session) -> None:
    declined = httpx.post(url_of(session), data={"choice": "decline"}, follow_redirects=True)
    assert "Your card was declined" in declined.text
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert press(url_of(session), "pay").status_code == 303


def test_a_slow_debit_leads_back_unpaid(client: stripe.StripeClient, session: stripe.checkout.Session) -> None:
    assert press(url_of(session), "later").status_code == 303
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"


def test_canceling_leads_back_and_leaves_the_session_open(
    client: stripe.StripeClient, session: stripe.checkout.Session
) -> None:
    assert press(url_of(session), "cancel").headers["Location"] == "https://artist.example/wallet"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_subscription_is_paid_on_the_page(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    page = url_of(client.v1.checkout.sessions.create(tier()))
    assert "slow debit" not in httpx.get(page).text
    assert press(page, "pay").status_code == 303
    assert stripe_server.objects("subscription")[0]["status"] == "active"


def test_names_are_text_on_the_page(client: stripe.StripeClient) -> None:
    params = top_up()
    params["line_items"][0]["price_data"]["product_data"]["name"] = "<script>alert(1)</script>"
    page = httpx.get(url_of(client.v1.checkout.sessions.create(params)))
    assert "<script>" not in page.text


def test_leaving_through_the_portal(stripe_server: StrictStripe, client: stripe.StripeClient) -> None:
    subscription = stripe_server.get(subscribed(stripe_server, client))
    params: Any = {"customer": subscription["customer"], "return_url": "https://artist.example/wallet"}
    portal = client.v1.billing_portal.sessions.create(params)
    page = httpx.get(portal.url)
    assert "Cancel subscription" in page.text
    assert 'href="https://artist.example/wallet"' in page.text
    after = httpx.post(portal.url, data={"choice": "leave"}, follow_redirects=True)
    assert "ends with its period" in after.text
    assert client.v1.subscriptions.retrieve(subscription["id"]).cancel_at_period_end


def test_a_payment_is_confirmed_at_the_bank(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": "https://artist.example",
        }
    )
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    assert "Thank you" in press(str(intent.next_action.redirect_to_url.url), "confirm").text
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_no_such_page(stripe_server: StrictStripe) -> None:
    assert httpx.get(f"{stripe_server.base_address}/pay/cs_test_none").status_code == 404
    assert httpx.get(f"{stripe_server.base_address}/").status_code == 404
