"""What can go wrong with money. Every sentence is for a person; nothing was charged unless it says so.

BillingError
  + AmountWrong          what was given is no amount of money
  + CurrencyWrong        it is money of another currency than the node's
  + HoldAlreadyEnded     a hold ends exactly once
  + OwedOutsideHold      more is owed than was set aside, or less than nothing
  + NotEnough            the wallet holds less than what the answer may cost
    + WalletFrozen       the wallet is closed to spending while a payment is being looked into
    + CapReached         the listener's own limit for the day or the month
    + AllowanceReached   as much as somebody may spend for her in a day
    + NoWallet           who asks has no key, so there is nothing to pay from
  + NothingCanBePaid     the node has no key to sign receipts with
  + FreeUsedUp           the free answers are used up, by her or by everybody today
  + PostingDiffers       the same id was posted before, with another content
  + SplitWrong           shares that cannot be
  + PricesWrong          a price list that cannot be
  + ReceiptWrong         a receipt that does not hold
  + WitnessRefused       a key or a cosignature that the public log does not take
  + LogRewound           the database does not know what was published: it was set back
  + LogProofWrong        a proof, a note or a tile of the public log that is wrong (`receipt_log`)
"""


class BillingError(Exception):
    """Base of every refusal of this package."""


class AmountWrong(BillingError):
    """What was given is no amount of money."""


class CurrencyWrong(BillingError):
    """An amount of another currency than the node's."""

    def __init__(self, given: str, wanted: str) -> None:
        super().__init__(f"This presence takes {wanted.upper()}, not {given.upper()}.")


class HoldAlreadyEnded(BillingError):
    """The hold was captured, released or expired before."""

    def __init__(self, hold_id: str) -> None:
        super().__init__("This answer has been settled already.")
        self.hold_id = hold_id


class OwedOutsideHold(BillingError):
    """What is owed does not fit into what was set aside."""

    def __init__(self, hold_id: str, owed_micros: int) -> None:
        super().__init__("More is owed than was set aside; nothing was charged.")
        self.hold_id = hold_id
        self.owed_micros = owed_micros


class NotEnough(BillingError):
    """The wallet cannot carry what the answer may cost."""

    def __init__(self, needed_micros: int, available_micros: int, sentence: str | None = None) -> None:
        super().__init__(sentence or "There is not enough in your wallet for this answer.")
        self.needed_micros = needed_micros
        self.available_micros = available_micros


class WalletFrozen(NotEnough):
    """Nothing can be spent while a payment is being looked into."""

    def __init__(self, needed_micros: int) -> None:
        super().__init__(needed_micros, 0, "Your wallet is closed while one of its payments is being looked into.")


class CapReached(NotEnough):
    """The listener's own limit."""

    def __init__(self, needed_micros: int, left_micros: int, period: str) -> None:
        sentence = f"This would go beyond what you allow yourself to spend in a {period}. You can change that limit."
        super().__init__(needed_micros, left_micros, sentence)
        self.period = period


class AllowanceReached(NotEnough):
    """Somebody spends for her, a program perhaps, as much a day as she allowed."""

    def __init__(self, needed_micros: int, left_micros: int) -> None:
        sentence = "This would go beyond what may be spent in this way in a day. Who owns the wallet can allow more."
        super().__init__(needed_micros, left_micros, sentence)


class NoWallet(NotEnough):
    """Nobody to charge."""

    def __init__(self, needed_micros: int) -> None:
        super().__init__(needed_micros, 0, "This answer has a price, and there is nothing in your wallet yet.")


class NothingCanBePaid(BillingError):
    """Whoever pays gets a signed receipt; without a key there is none."""

    def __init__(self) -> None:
        super().__init__("This presence cannot take money yet; nothing was charged.")


class FreeUsedUp(BillingError):
    """What was free when the price was asked for is used up."""

    def __init__(self) -> None:
        super().__init__("The free answers are used up for now. Ask for the price again.")


class PostingDiffers(BillingError):
    """An id names one posting, for good."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"{ident} was posted before, with another content; nothing was changed.")


class SplitWrong(BillingError):
    """Shares that cannot be."""


class PricesWrong(BillingError):
    """A price list that cannot be."""


class ReceiptWrong(BillingError):
    """A receipt that does not hold."""


class WitnessRefused(BillingError):
    """A key for cosigning, or a cosignature, that is not taken; the message says why."""


class LogRewound(BillingError):
    """A published checkpoint is not in the database."""

    def __init__(self) -> None:
        super().__init__(
            "The public log of receipts has a checkpoint that this database does not know: it was set back, perhaps "
            "by a backup. Nothing is published until it is whole again."
        )
