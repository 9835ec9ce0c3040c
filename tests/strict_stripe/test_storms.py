"""Under many hands and random faults nothing is done twice, nothing is lost, and the sums are right."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import stripe

from tests.strict_stripe import Fault, Manners, Refusal, StrictStripe
from tests.strict_stripe.receiving import Receiver
from tests.strict_stripe.shopping import told, top_up
from tests.strict_stripe.strict import WEBHOOK_SECRET

HANDS = 6
FAULTS = (
    Fault.DROP_BEFORE_COMMIT,
    Fault.DROP_AFTER_COMMIT,
    Fault.ERROR_BEFORE_COMMIT,
    Fault.LOCK_TIMEOUT,
    Fault.RATE_LIMIT,
)


def insistent(client: stripe.StripeClient, key: str) -> stripe.checkout.Session:
    """Ask with the same key until there is an answer."""
    for _ in count():
        try:
            return client.v1.checkout.sessions.create(top_up(), {"idempotency_key": key})
        except stripe.StripeError:
            continue
    raise AssertionError


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm(seed: int) -> None:
    receiver = Receiver(WEBHOOK_SECRET)
    with StrictStripe(receive=receiver, manners=Manners(held=True), seed=seed) as server:
        server.faults.randomly(0.4, seed=seed, kinds=FAULTS)
        client, dice = server.client(), random.Random(seed)

        def shop(number: int) -> str:
            # Two hands share each key, as a retry after a timeout does.
            session = insistent(client, f"topup:{number // 2}")
            return str(session.id)

        with ThreadPoolExecutor(HANDS) as pool:
            sessions = list(pool.map(shop, range(24)))
        server.faults.randomly(0, seed=seed, kinds=())
        assert len(set(sessions)) == len(server.objects("checkout.session")) == 12

        with ThreadPoolExecutor(HANDS) as pool:
            outcomes = list(pool.map(lambda session: paid(server, session), sessions))
        assert sum(outcomes) == 12

        for charge in server.objects("charge"):
            server.refund_from_dashboard(charge["id"], dice.randint(1, 1000))
        taken, given = (sum(one["amount"] for one in server.objects(kind)) for kind in ("charge", "refund"))
        assert taken == 12_000
        net = sum(one["net"] for one in server.objects("balance_transaction"))
        assert net == taken - given - 12 * server.terms.fee_of(1000)
        server.webhooks.deliver()
        assert sorted(receiver.names) == sorted(told(server))


def paid(server: StrictStripe, session: str) -> bool:
    try:
        return server.pay(session)
    except Refusal:
        return False
