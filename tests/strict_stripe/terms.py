"""Terms: what the processor charges, and how long things take."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Terms:
    """The knobs of the money side. Amounts are minor units (cents)."""

    fee_rate: Decimal = Decimal("0.029")
    fee_fixed: int = 30
    # Until then `charge.balance_transaction` is null; a `charge.updated` tells when it is there.
    fee_delay_seconds: int = 0
    amount_min: int = 50
    dispute_fee: int = 1500
    dispute_fee_returned: bool = False
    refunds_pend: bool = False
    available_after_seconds: int = 2 * DAY_SECONDS
    # A renewal's invoice is a draft for an hour before it is collected.
    draft_seconds: int = 3600
    # Pauses between the attempts to collect a failed renewal; then the subscription is canceled.
    retry_pauses_seconds: tuple[int, ...] = (3 * DAY_SECONDS, 5 * DAY_SECONDS, 7 * DAY_SECONDS)
    currency: str = "usd"
    # What is collected where `automatic_tax` is on; nothing where nobody is registered.
    tax_rate: Decimal = Decimal(0)
    # Whether the place that the customer gives is one that the tax can be worked out for.
    knows_the_place: bool = True

    def fee_of(self, amount: int) -> int:
        """The processor's fee, rounded half up to a whole minor unit."""
        share = (amount * self.fee_rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return int(share) + self.fee_fixed
