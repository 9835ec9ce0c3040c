"""Prices a question, sets money aside, and ends every hold exactly once.

So far every price is zero; the calls are those that a price list and a ledger will answer.
"""

from billing.contracts import Signer
from billing.errors import BillingError
from billing.holds import FreeHolds, Hold
from billing.prices import FreePrices, Offer

__all__ = ["BillingError", "FreeHolds", "FreePrices", "Hold", "Offer", "Signer"]
