"""What can go wrong with money.

BillingError
  + HoldAlreadyEnded   a hold ends exactly once
  + OwedOutsideHold    more is owed than was set aside, or less than nothing
  + NothingCanBePaid   an amount above zero, and no ledger to carry it yet
"""


class BillingError(Exception):
    """Base of every refusal of this package."""


class HoldAlreadyEnded(BillingError):
    """The hold was captured or released before."""

    def __init__(self, hold_id: str) -> None:
        super().__init__("This answer has been settled already.")
        self.hold_id = hold_id


class OwedOutsideHold(BillingError):
    """What is owed does not fit into what was set aside."""

    def __init__(self, hold_id: str, owed_micros: int) -> None:
        super().__init__("More is owed than was set aside; nothing was charged.")
        self.hold_id = hold_id
        self.owed_micros = owed_micros


class NothingCanBePaid(BillingError):
    """The node has no ledger yet, so no amount above zero can be set aside."""

    def __init__(self, ceiling_micros: int) -> None:
        super().__init__("This presence cannot take money yet; nothing was charged.")
        self.ceiling_micros = ceiling_micros
