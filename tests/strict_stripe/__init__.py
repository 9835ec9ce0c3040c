"""A strict Stripe for tests.

It speaks over loopback with the real SDK, refuses what the SDK's own classes
do not describe, keeps state, signs its webhooks, and can be made to fail in
every way the network and the banks do. Nothing here reaches the outside.
"""

from tests.strict_stripe.faults import Fault, Faults
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
    "StrictStripe",
    "Terms",
    "Trouble",
    "Webhooks",
]
