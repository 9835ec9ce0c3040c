"""`presence wallet` and `presence ledger`: what listeners have, and whether the books are right."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.money_shown import MoneyShown

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Did = Annotated[str, typer.Argument(metavar="DID", help="Whose wallet: her code, did:key…")]

wallet = typer.Typer(no_args_is_help=True, help="What listeners have to spend.")
ledger = typer.Typer(no_args_is_help=True, help="The books.")


def register(app: typer.Typer) -> None:
    """Add the groups."""
    app.add_typer(wallet, name="wallet")
    app.add_typer(ledger, name="ledger")


@wallet.command()
def show(did: Did, as_json: Json = False) -> None:
    """Show what somebody has, what is set aside, and where it went."""
    do("wallet show", {"did": did}, as_json=as_json)


@wallet.command()
def give(
    did: Did,
    amount: Annotated[str, typer.Argument(help="In the node's currency, such as 5.00.")],
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Its last day (UTC), such as 2026-12-31.")] = None,
    why: Annotated[str, typer.Option(help="What it is for.")] = "gift",
    as_json: Json = False,
) -> None:
    """Give somebody credit. It is spent first, and never paid back in money."""
    do("wallet give", {"did": did, "amount": amount, "until": _end_of(until), "why": why}, as_json=as_json)


@wallet.command()
def freeze(
    did: Did,
    why: Annotated[str, typer.Argument(help="Its owner reads this.")],
    as_json: Json = False,
) -> None:
    """Close a wallet to spending."""
    do("wallet freeze", {"did": did, "why": why}, as_json=as_json)


@wallet.command()
def thaw(did: Did, as_json: Json = False) -> None:
    """Open a wallet to spending again."""
    do("wallet freeze", {"did": did, "why": None}, as_json=as_json)


@wallet.command()
def refund(
    did: Annotated[str | None, typer.Argument(metavar="[DID]", help="Whose wallet: her code, did:key…")] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="All wallets, as before a node is closed.")] = False,
    as_json: Json = False,
) -> None:
    """Pay back what is left of card payments, to the cards that they came from."""
    if (did is None) is not everybody:
        raise typer.BadParameter("Name a wallet, or say --everybody.")
    do("wallet refund", {"did": did}, as_json=as_json)


@ledger.command()
def alarms(as_json: Json = False) -> None:
    """Say what is in doubt about payments: exit 1 where there is anything."""
    do("ledger alarms", {}, as_json=as_json)


@ledger.command()
def verify(as_json: Json = False) -> None:
    """Look at every entry, wallet, hold and receipt, and say what does not hold."""
    do("ledger verify", {}, as_json=as_json)


@ledger.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; without it, to standard output.")] = None,
    as_json: Json = False,
) -> None:
    """Write the whole ledger for Beancount, to the last millionth."""
    do("ledger export", {"path": None if file is None else str(file.resolve())}, as_json=as_json)


def do(deed: str, arguments: dict[str, Any], *, as_json: bool) -> None:
    """Do a deed of money, and end with its exit code."""
    with MoneyShown(as_json=as_json) as shown:
        raise typer.Exit(session.do(deed, arguments, shown))


def _end_of(date: str | None) -> int | None:
    """Give when a day ends, in Unix milliseconds."""
    if date is None:
        return None
    try:
        day = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise typer.BadParameter("Write a date as 2026-12-31.") from error
    return int((day + timedelta(days=1)).timestamp() * 1000)
