"""Tips from the wallet: divided as the node's split says, receipted, once for each id."""

from collections.abc import Callable

from sqlalchemy import Connection

from billing import accounts
from billing.contracts import WriteLane
from billing.errors import NothingCanBePaid, NoWallet, WalletFrozen
from billing.ledger import Entry, Transaction, is_posted
from billing.money import checked
from billing.plain import Plain
from billing.receipts import Receipt, Receipts, Sold
from billing.shares import ARTIST
from billing.splits import divide
from billing.wallets import taken_out, wallet_of


def tip_from_wallet(
    lane: WriteLane, receipts: Receipts, owner: str, micros: int, ident: str, now: Callable[[], float]
) -> Receipt | None:
    """Give a tip from what was paid in; None where this id gave it before. Raises `NotEnough` and its kin."""
    checked(micros)
    if not receipts.can_sign:
        raise NothingCanBePaid

    def give(writer: Connection) -> Receipt | None:
        plain, at = Plain(writer), int(now() * 1000)
        wallet = wallet_of(plain, owner, to_change=True)
        if wallet is None:
            raise NoWallet(micros)
        if wallet.frozen_because:
            raise WalletFrozen(micros)
        shares = divide(plain, micros, ())
        earned = [
            Entry(accounts.TIPS if party == ARTIST else accounts.payable(party), -part)
            for party, part in shares.parts.items()
        ]
        entries = (Entry(accounts.wallet(wallet.ident), micros), *earned)
        name = f"tip:{wallet.ident}:{ident}"
        if is_posted(plain, name):
            return None
        receipt = receipts.write(plain, Sold("tip", "", micros, 0, owner, ident, kind="tip"), shares, at)
        taken_out(plain, wallet, micros, Transaction(name, "tip", entries, {"receipt": receipt.ident}), at)
        return receipt

    return lane.run(give)
