"""What pages show of cards: what the processor takes, what can be paid back, what a tier costs."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from billing import Wallet
from billing.cards import AutoTopUp, Subscription
from billing.cards.subscriptions import GRACE_S, MONTHS
from billing.money import MICROS, Currency, parsed
from presence.bootstrap import Services
from presence.languages import Amount, later, said

PageWaitedFor = Annotated[str, Query(max_length=200)]
"""The processor's name of a payment page that was paid, as far as its payer says, and is not known here yet."""
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
    took = [
        _taken(currency, payment.total_micros, payment.fee_micros, payment.tax_micros)
        for payment in services.cards.cards.payments_of(did)
        if payment.fee_micros is not None
    ]
    return Shown(
        EXAMPLE_MICROS,
        about_taken(EXAMPLE_MICROS, currency),
        refundable(services, wallet) if wallet else 0,
        tuple(took[-5:]),
        services.cards.auto.find(did),
    )


def refundable(services: Services, wallet: Wallet) -> int:
    """Give how much of a wallet can be paid back to cards: micros, in whole cents."""
    left = sum(lot.left for lot in services.paying.wallets.lots(wallet))
    whole, _ = services.paying.currency.minor_of(min(left, wallet.available))
    return whole * services.paying.currency.minor_micros


def _taken(currency: Currency, total: int, fee: int, tax: int) -> str:
    """Say what the processor took of a payment; amounts in micros."""
    whole, took = Amount(currency, total), Amount(currency, fee)
    if not tax:
        return said("Of {whole} the card processor took {took}.", whole=whole, took=took)
    form = later("Of {whole} the card processor took {took}. {tax} of it is tax.")
    return said(form, whole=whole, took=took, tax=Amount(currency, tax))


def about_taken(micros: int, currency: Currency) -> int:
    """Give what the processor takes of so much, as about as that can be said before: micros, in whole cents."""
    each = currency.minor_micros
    share = (micros * RATE_THOUSANDTHS // 1000 + each // 2) // each
    return (share + FIXED_MINOR) * each


@dataclass(frozen=True, slots=True)
class Offered:
    """A subscription as it is offered: what it costs each time, in a month, and what of it the processor takes."""

    every: str
    micros: int
    a_month: int
    taken: int


def shown_subscriptions(services: Services) -> list[Offered]:
    """Give what a supporter pays by the month and by the year, as far as it is offered here."""
    offered, currency = services.paying.pricing.current()[1].supporter, services.paying.currency
    if services.cards is None or offered is None:
        return []
    ways = [(every, parsed(amount)) for every, amount in (("month", offered.month), ("year", offered.year)) if amount]
    return [Offered(every, paid, paid // MONTHS[every], about_taken(paid, currency)) for every, paid in ways]


def given_to_supporters(services: Services) -> int:
    """Give what is given to a supporter's wallet with each payment, in micros."""
    offered = services.paying.pricing.current()[1].supporter
    return parsed(offered.gift) if offered is not None and offered.gift else 0


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Somebody's subscription as her page says it.

    `stands`: it `goes_on`, it `ends` with what is paid for, its last payment failed and it is open still (`behind`)
    or not any more (`closed`). `day` is when it is renewed, ends, or closed (Unix seconds).
    """

    every: str
    micros: int
    paid_by: str
    stands: str
    day: int


def shown_subscription(services: Services, did: str | None) -> Subscribed | None:
    """Give somebody's subscription, while it lives."""
    found = live_subscription(services, did)
    if found is None:
        return None
    stands, day = "ends" if found.ends else "goes_on", found.period_end
    if found.state == "past_due":
        day += GRACE_S
        stands = "closed" if day <= services.trust.now() else "behind"
    return Subscribed(found.every, found.micros, found.paid_by, stands, day)


def live_subscription(services: Services, did: str | None) -> Subscription | None:
    """Give somebody's subscription, while it lives."""
    if services.cards is None or did is None:
        return None
    return next((one for one in services.cards.subscriptions.of_owner(did) if one.is_live), None)
