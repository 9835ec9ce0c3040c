"""Payouts, as they are booked: from what lies with the processor to the artist's bank, and back if that fails."""

from billing import accounts
from billing.cards.processor import Payout
from billing.ledger import Transaction, is_posted, moved, post
from billing.plain import Plain


def paid_out(plain: Plain, found: Payout, micros: int, at: int) -> None:
    """Book a payout as it stands."""
    there = moved(micros, debit=accounts.BANK, credit=accounts.PROCESSOR)
    back = moved(micros, debit=accounts.PROCESSOR, credit=accounts.BANK)
    if found.state == "paid":
        post(plain, Transaction(f"payout:{found.ident}", "payout", there), at)
    elif found.state in ("failed", "canceled") and is_posted(plain, f"payout:{found.ident}"):
        post(plain, Transaction(f"payout-failed:{found.ident}", "payout", back), at)
