"""Prices a question, sets money aside, ends every hold exactly once, divides and receipts what was paid."""

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
