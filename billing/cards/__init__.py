"""Money from outside: payments by card, through Stripe, into the artist's own account.

What a webhook says is only a reason to look: every change is read from Stripe again and posted under
the id of what it concerns, so that order, repetition and loss of events make no difference.
"""

from billing.cards.auto import AutoTopUp, AutoTopUps
from billing.cards.errors import CardsAway, CardsRefused, WebhookRefused
from billing.cards.inbox import Inbox
from billing.cards.payment import Payment
from billing.cards.payments import Cards
from billing.cards.processor import Processor
from billing.cards.subscriptions import Subscription, Subscriptions

__all__ = [
    "AutoTopUp",
    "AutoTopUps",
    "Cards",
    "CardsAway",
    "CardsRefused",
    "Inbox",
    "Payment",
    "Processor",
    "Subscription",
    "Subscriptions",
    "WebhookRefused",
]
