"""What pages show of cards: what the processor takes, what can be paid back, what a tier costs."""

from dataclasses import dataclass

from billing.cards import AutoTopUp, Subscription
from billing.money import MICROS, parsed
from presence.bootstrap import Services

EXAMPLE_MICROS = 10 * MICROS
RATE_THOUSANDTHS, FIXED_MINOR = 29, 30
"""What Stripe asks of a card at home, to give an idea; what it really took stands in the wallet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the wallet's page says of cards, in micros."""

    example: int
    example_fee: int
    refundable: int
    fees: tuple[str, ...]
    auto: AutoTopUp | None


def shown_cards(services: Services, did: str) -> Shown | None:
    """Give what the wallet's page says; None where no cards are taken."""
    if services.cards is None:
        return None
    paying, currency = services.paying, services.paying.currency
    wallet = paying.wallets.find(did)
    fee = EXAMPLE_MICROS * RATE_THOUSANDTHS // 1000 + currency.micros_of_minor(FIXED_MINOR)
    took = [
        f"Of {currency.shown(payment.total_micros)} the card processor took {currency.shown(payment.fee_micros)}."
        + (f" {currency.shown(payment.tax_micros)} of it is tax." if payment.tax_micros else "")
        for payment in services.cards.cards.payments_of(did)
        if payment.fee_micros is not None
    ]
    whole, _ = currency.minor_of(sum(lot.left for lot in paying.wallets.lots(wallet)) if wallet else 0)
    available, _ = currency.minor_of(wallet.available if wallet else 0)
    return Shown(
        EXAMPLE_MICROS,
        fee,
        min(whole, available) * currency.minor_micros,
        tuple(took[-5:]),
        services.cards.auto.find(did),
    )


def shown_subscriptions(services: Services) -> list[tuple[str, int]]:
    """Give what a supporter pays by the month and by the year, as far as it is offered here."""
    offered = services.paying.pricing.current()[1].supporter
    if services.cards is None or offered is None:
        return []
    return [(every, parsed(amount)) for every, amount in (("month", offered.month), ("year", offered.year)) if amount]


def live_subscription(services: Services, did: str | None) -> Subscription | None:
    """Give somebody's subscription, while it lives."""
    if services.cards is None or did is None:
        return None
    return next((one for one in services.cards.subscriptions.of_owner(did) if one.is_live), None)
