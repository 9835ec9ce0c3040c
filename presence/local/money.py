"""Money at a terminal, as deeds: wallets, the ledger, prices, splits and receipts. For the operator alone."""

import secrets
from pathlib import Path
from typing import Any

from billing import PriceList, Receipt, Wallet
from billing.audit import audit
from billing.beancount import exported
from billing.chain import follow_up
from billing.errors import SplitWrong
from billing.money import parsed
from billing.splits import Split
from presence.bootstrap import Services
from presence.errors import NoCards, UnknownWallet
from presence.local.contracts import Deed, Tell
from presence.local.notes import iso
from presence.paying.priced import told as listed
from presence.paying.sharing import link_of, party_named, pay_out, scope_named
from presence.paying.signatures import is_signed_by
from presence.paying.statement import statement_of
from trustgraph.did import key_of


def show_wallet(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what somebody has, and where it went."""
    wallet = _wallet(services, arguments["did"])
    tell({"event": "wallet", **_wallet_json(services, wallet)})
    shown = services.paying.currency.shown
    for line in statement_of(services.paying.wallets, wallet):
        more = {"micros": line.micros, "amount": shown(line.micros), "receipt": line.receipt}
        tell({"event": "wallet_line", "kind": line.kind, "at": iso(line.at / 1000), **more})
    return 0


def give(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Give somebody credit that costs the artist."""
    did, micros = arguments["did"], parsed(arguments["amount"])
    key_of(did)  # a gift to a key that cannot be is nobody's
    ident = f"gift:{secrets.token_hex(8)}"
    why = arguments.get("why") or "gift"
    wallet = services.paying.wallets.give(did, micros, ident, until=arguments.get("until"), why=why)
    tell({"event": "wallet", **_wallet_json(services, wallet)})
    return 0


def freeze(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Close a wallet to spending, with the reason that its owner reads; without one, open it again."""
    services.paying.wallets.freeze(_wallet(services, arguments["did"]).ident, arguments.get("why"))
    tell({"event": "wallet", **_wallet_json(services, _wallet(services, arguments["did"]))})
    return 0


def refund(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Pay back what is left in a wallet, or in all of them, to the cards that it came from."""
    if services.cards is None:
        raise NoCards
    owner = arguments.get("did")
    owners = services.paying.wallets.owners() if owner is None else [_wallet(services, owner).owner]
    for did in owners:
        micros = services.cards.cards.refund_unspent(did, arguments.get("why") or "by the artist")
        if micros or owner is not None:
            tell(
                {"event": "refunded", "owner": did, "micros": micros, "amount": services.paying.currency.shown(micros)}
            )
    return 0


def alarms(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what is in doubt about payments; exit 1 where there is anything."""
    found = services.cards.cards.alarms() if services.cards is not None else []
    for ident, sentence, at in found:
        tell({"event": "alarm", "id": ident, "sentence": sentence, "at": iso(at / 1000)})
    return 1 if found else 0


def book_payout(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Book what was paid to a collaborator; the payment itself happens elsewhere."""
    party, currency = _party(services, arguments["party"]), services.paying.currency
    payables, ident = services.paying.payables, arguments.get("id") or secrets.token_hex(8)
    paid = pay_out(payables, currency, party, ident, proof=arguments["proof"], amount=arguments.get("amount"))
    shown, owed = currency.shown(currency.micros_of_minor(paid)), payables.owed(party)
    tell({"event": "paid_out", "party": party, "amount": shown, "minor": paid, "owed": currency.shown(owed)})
    return 0


def verify(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Look at every invariant of the money. Exit 1 where something does not hold."""
    follow_up(services.paying.lane)
    found = audit(services.database.snapshot, is_signed_by)
    for sentence in found.wrong:
        tell({"event": "finding", "sentence": sentence})
    counted = {"transactions": found.transactions, "wallets": found.wallets, "receipts": found.receipts}
    tell({"event": "audited", "wrong": len(found.wrong), **counted})
    return 1 if found.wrong else 0


def export(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Write the ledger for Beancount into a file, or tell it line by line."""
    lines = exported(services.database.snapshot, services.paying.currency, services.paying.wallets.millis() / 1000)
    if arguments.get("path") is None:
        for line in lines:
            tell({"event": "ledger_line", "text": line})
        return 0
    path = Path(arguments["path"])
    path.touch(mode=0o600, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        count = sum(1 for line in lines if file.write(f"{line}\n"))
    tell({"event": "ledger_written", "lines": count, "path": str(path)})
    return 0


def show_prices(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the price list that holds."""
    _tell_prices(services, tell, *services.paying.pricing.current())
    return 0


def set_prices(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Keep a price list; offers that were made keep theirs."""
    services.paying.pricing.write(arguments["written"])
    return show_prices(services, {}, tell)


def list_splits(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the collaborators, and every split, the newest first."""
    parties = services.paying.splits.parties()
    for party in parties:
        owed = services.paying.payables.owed(party.ident)
        told = {"owed_micros": owed, "owed": services.paying.currency.shown(owed)}
        tell({"event": "party", "id": party.ident, "name": party.name, **told})
    names = {party.ident: party.name for party in parties}
    for split in services.paying.splits.listed():
        tell({"event": "split", **_split_json(split, names)})
    return 0


def add_party(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Add a collaborator; her link is told here and never again."""
    party, word = services.paying.splits.add_party(arguments["name"])
    tell({"event": "party_link", "id": party.ident, "name": party.name, "link": _link(services, word)})
    return 0


def new_link(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Give a collaborator another link; the one before ends."""
    ident = _party(services, arguments["party"])
    name = next((party.name for party in services.paying.splits.parties() if party.ident == ident), "")
    word = services.paying.splits.new_word(ident)
    tell({"event": "party_link", "id": ident, "name": name, "link": _link(services, word)})
    return 0


def propose(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Write a split down; it holds when everybody who is named in it has agreed."""
    shares: dict[str, int] = {}
    for who, share in arguments["shares"]:
        party = _party(services, who)
        if party in shares:
            raise SplitWrong(f"{who} is named twice.")
        shares[party] = int(share)
    version = services.paying.splits.propose(_scope(services, arguments["scope"]), shares)
    names = {party.ident: party.name for party in services.paying.splits.parties()}
    made = next(split for split in services.paying.splits.listed() if split.version == version)
    tell({"event": "split", **_split_json(made, names)})
    return 0


def end_split(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """End what is agreed for a scope."""
    services.paying.splits.end(_scope(services, arguments["scope"]))
    return list_splits(services, {}, tell)


def list_receipts(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell receipts, the newest first: everybody's, or those of one payer."""
    did, most = arguments.get("did"), arguments.get("most") or 50
    receipts = services.paying.receipts
    for receipt in receipts.newest(most) if did is None else receipts.of_owner(did, most):
        tell({"event": "receipt_listed", **_receipt_json(services, receipt)})
    return 0


MONEY: dict[str, Deed] = {
    "wallet show": show_wallet,
    "wallet give": give,
    "wallet freeze": freeze,
    "wallet refund": refund,
    "ledger alarms": alarms,
    "split pay": book_payout,
    "ledger verify": verify,
    "ledger export": export,
    "prices show": show_prices,
    "prices set": set_prices,
    "split list": list_splits,
    "split add": add_party,
    "split link": new_link,
    "split propose": propose,
    "split end": end_split,
    "receipt list": list_receipts,
}


def _scope(services: Services, written: str) -> str:
    return scope_named(services.acts.things, written)


def _wallet(services: Services, did: str) -> Wallet:
    wallet = services.paying.wallets.find(did)
    if wallet is None:
        raise UnknownWallet
    return wallet


def _wallet_json(services: Services, wallet: Wallet) -> dict[str, Any]:
    shown, gift = services.paying.currency.shown, wallet.gift_at(services.paying.wallets.millis())
    return {
        "owner": wallet.owner,
        "available_micros": wallet.available + gift,
        "available": shown(wallet.available + gift),
        "gift": shown(gift) if gift else None,
        "gift_until": iso(wallet.gift_expires_at / 1000) if gift and wallet.gift_expires_at else None,
        "set_aside": shown(wallet.held + wallet.gift_held),
        "closed_because": wallet.frozen_because,
        "day_max": None if wallet.day_max is None else shown(wallet.day_max),
        "month_max": None if wallet.month_max is None else shown(wallet.month_max),
    }


def _tell_prices(services: Services, tell: Tell, version: str, prices: PriceList) -> None:
    settings = services.settings
    told = listed(version, prices, services.paying.currency, settings.seller, settings.billing.tax)
    tell({"event": "prices", "version": version, "currency": told["currency"], "free": told["free"]})
    for act in told["acts"]:
        tell({"event": "act", **act})


def _party(services: Services, named: str) -> str:
    return party_named(services.paying.splits, named)


def _split_json(split: Split, names: dict[str, str]) -> dict[str, Any]:
    return {
        "version": split.version,
        "scope": split.scope,
        "shares": [
            {"party": who, "name": names.get(who, who), "hundredths": share, "agreed": who in split.accepted}
            for who, share in split.shares.items()
        ],
        "agreed": split.is_agreed,
        "ended": split.ended_at is not None,
        "at": iso(split.at / 1000),
    }


def _receipt_json(services: Services, receipt: Receipt) -> dict[str, Any]:
    said = receipt.said
    return {
        "id": receipt.ident,
        "at": iso(said["at"]),
        "act": said["act"],
        "micros": said["micros"],
        "amount": services.paying.currency.shown(said["micros"]),
        "payer": receipt.owner,
        "leaf": receipt.leaf,
    }


def _link(services: Services, word: str) -> str:
    return link_of(services.origins.first, word)
