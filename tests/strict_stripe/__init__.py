"""A strict Stripe for tests.

It speaks over loopback with the real SDK, refuses what the SDK's own classes
do not describe, keeps state, signs its webhooks, and can be made to fail in
every way the network and the banks do. Nothing here reaches the outside.

    with StrictStripe(receive=shop.webhook, manners=Manners(held=True)) as server:
        session = shop.open_checkout(server.client())
        server.pay(session.id)
        server.dispute(server.objects("charge")[0]["id"])
        for order in server.webhooks.orders():
            server.webhooks.rehearse(order, another_shop().webhook)
"""

from tests.strict_stripe.faults import Fault, Faults
from tests.strict_stripe.refusals import Refusal
from tests.strict_stripe.strict import StrictStripe
from tests.strict_stripe.terms import Terms
from tests.strict_stripe.webhooks import Delivery, Manners, Webhooks
from tests.strict_stripe.world import AUTHENTICATION_REQUIRED, CARD_DECLINED, INSUFFICIENT_FUNDS, Trouble

__all__ = [
    "AUTHENTICATION_REQUIRED",
    "CARD_DECLINED",
    "INSUFFICIENT_FUNDS",
    "Delivery",
    "Fault",
    "Faults",
    "Manners",
    "Refusal",
    "StrictStripe",
    "Terms",
    "Trouble",
    "Webhooks",
]
