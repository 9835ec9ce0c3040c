"""What a refusal for want of money says: what it costs, what there is, and what to do about it."""

from typing import Any

from billing.errors import AllowanceReached, CapReached, NotEnough, NoWallet, WalletFrozen
from presence.errors import PriceNotAgreed
from presence.languages import Amount, later, said, together
from presence.paying.house import Paying

TOP_UP = "/wallet"


def refused(paying: Paying, error: Exception) -> tuple[str, dict[str, Any]]:
    """Give the sentence for people, and what a program needs to go on; it reads the wallet of who asks."""
    more: dict[str, Any] = {"top_up": TOP_UP}
    if isinstance(error, PriceNotAgreed):
        return _price(paying, error), more | {"offer": error.offer.as_json()}
    if isinstance(error, NotEnough):
        amounts = {"needed_micros": error.needed_micros, "available_micros": error.available_micros}
        return together(str(error), _way_on(paying, error)), more | amounts
    return str(error), more


def _price(paying: Paying, error: PriceNotAgreed) -> str:
    offer = error.offer.offer
    wallet = paying.wallets.find(error.payer) if error.payer is not None else None
    there = wallet.available + wallet.gift_at(paying.wallets.millis()) if wallet is not None else 0
    if wallet is not None and wallet.frozen_because:
        holds = said("your wallet is closed while one of its payments is being looked into")
    else:
        holds = said("there is nothing in your wallet yet")
        if there:
            holds = said("{amount} is yours to spend", amount=Amount(paying.currency, there))
    if there < offer.ceiling_micros:
        do = said("Pay in first, then ask again.")
    else:
        do = said("Ask again if you agree: the price stands beside the button, and a program sends the offer’s id.")
    most = Amount(paying.currency, offer.ceiling_micros)
    return said("This costs {amount} at most now; {holds}. {do}", amount=most, holds=holds, do=do)


def _way_on(paying: Paying, error: NotEnough) -> str:
    needed, there = (Amount(paying.currency, micros) for micros in (error.needed_micros, error.available_micros))
    if isinstance(error, NoWallet):
        form = later(
            "It may cost {needed}. Pay in at your wallet, then ask again. If you have no key yet, you make one there."
        )
        return said(form, needed=needed)
    if isinstance(error, WalletFrozen):
        form = later(
            "It would cost {needed}. Your wallet says why it is closed; nothing can be spent until that is over."
        )
        return said(form, needed=needed)
    if isinstance(error, CapReached | AllowanceReached):
        return said("It may cost {needed}, and {there} is left of that.", needed=needed, there=there)
    form = later("It may cost {needed}, and {there} is yours to spend. Pay in at your wallet, then ask again.")
    return said(form, needed=needed, there=there)
