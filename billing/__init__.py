"""Prices a question, sets money aside, ends every hold exactly once, divides and receipts what was paid.

The face is opened name by name, so that a receipt is checked without a database's library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing.contracts import Signer
    from billing.errors import BillingError
    from billing.holds import Allowance, Hold, Holds, Sale
    from billing.money import Currency
    from billing.prices import Free, Offer, PriceList, offer_of, price_list
    from billing.pricing import Pricing, Wanted
    from billing.receipts import Receipt, Receipts, check_receipt
    from billing.shares import Cited
    from billing.splits import Splits
    from billing.wallets import Wallet, Wallets

__all__ = [
    "Allowance",
    "BillingError",
    "Cited",
    "Currency",
    "Free",
    "Hold",
    "Holds",
    "Offer",
    "PriceList",
    "Pricing",
    "Receipt",
    "Receipts",
    "Sale",
    "Signer",
    "Splits",
    "Wallet",
    "Wallets",
    "Wanted",
    "check_receipt",
    "offer_of",
    "price_list",
]

_ROOMS = {
    "billing.contracts": ("Signer",),
    "billing.errors": ("BillingError",),
    "billing.holds": ("Allowance", "Hold", "Holds", "Sale"),
    "billing.money": ("Currency",),
    "billing.prices": ("Free", "Offer", "PriceList", "offer_of", "price_list"),
    "billing.pricing": ("Pricing", "Wanted"),
    "billing.receipts": ("Receipt", "Receipts", "check_receipt"),
    "billing.shares": ("Cited",),
    "billing.splits": ("Splits",),
    "billing.wallets": ("Wallet", "Wallets"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Open one name of the face."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)
