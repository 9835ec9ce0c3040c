"""What can go wrong with payments from outside.

CardsRefused     the processor does not take this payment: too small, or not like that
CardsAway        the processor did not answer; what was asked for may have happened, and is looked up later
WebhookRefused   a message that the processor did not sign, here and now, for this node
"""

from billing.errors import BillingError


class CardsRefused(BillingError):
    """The processor, or this node on its behalf, does not take a payment."""


class CardsAway(BillingError):
    """Unknown is not failed: nothing is asked for twice."""

    def __init__(self) -> None:
        super().__init__("The payment service does not answer. Nothing is lost: try again in a moment.")


class WebhookRefused(BillingError):
    """Not from the processor, too old, too new, or for another account."""
