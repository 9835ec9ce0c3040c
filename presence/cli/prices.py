"""`presence prices` and `presence split`: what things cost, and who shares in it."""

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from billing.errors import PricesWrong, SplitWrong
from billing.shares import hundredths
from presence.cli.text import given_text
from presence.cli.wallet import Json, do

Scope = Annotated[str, typer.Argument(help="node, release:ID or note:ID.")]

prices = typer.Typer(no_args_is_help=True, help="What things cost.")
split = typer.Typer(no_args_is_help=True, help="Who shares in what is paid.")


def register(app: typer.Typer) -> None:
    """Add the groups."""
    app.add_typer(prices, name="prices")
    app.add_typer(split, name="split")


@prices.command("show")
def show_prices(as_json: Json = False) -> None:
    """Show the price list that holds."""
    do("prices show", {}, as_json=as_json)


@prices.command("set")
def set_prices(
    file: Annotated[Path, typer.Argument(help="A price list in TOML; - is standard input.")], as_json: Json = False
) -> None:
    """Let a price list hold from now on. Prices that were promised are kept."""
    from billing import price_list

    try:
        written = tomllib.loads(given_text(file))
    except tomllib.TOMLDecodeError as error:
        raise PricesWrong(f"{file}: {error}.") from error
    price_list(written)  # refused here, before anything is sent to a running node
    do("prices set", {"written": written}, as_json=as_json)


@split.command("list")
def list_splits(as_json: Json = False) -> None:
    """Name the collaborators, and every split."""
    do("split list", {}, as_json=as_json)


@split.command()
def add(name: Annotated[str, typer.Argument(help="What she is called on receipts.")], as_json: Json = False) -> None:
    """Add a collaborator, and show the link by which she agrees and sees what she earns."""
    do("split add", {"name": name}, as_json=as_json)


@split.command()
def link(party: Annotated[str, typer.Argument(help="Her id, or her whole name.")], as_json: Json = False) -> None:
    """Show a new link for a collaborator; the one before ends."""
    do("split link", {"party": party}, as_json=as_json)


@split.command()
def propose(
    scope: Scope,
    shares: Annotated[list[str], typer.Argument(metavar="PARTY=PERCENT...", help="Such as artist=75 zeno=25.")],
    as_json: Json = False,
) -> None:
    """Write a split down. It holds when everybody who is named in it has agreed."""
    do("split propose", {"scope": scope, "shares": [_share(one) for one in shares]}, as_json=as_json)


@split.command()
def end(scope: Scope, as_json: Json = False) -> None:
    """End what is agreed for a scope; the wider one holds again."""
    do("split end", {"scope": scope}, as_json=as_json)


@split.command()
def pay(
    party: Annotated[str, typer.Argument(help="Her id, or her whole name.")],
    proof: Annotated[str, typer.Argument(help="How it was paid, such as 'bank transfer of 3 May'.")],
    amount: Annotated[str | None, typer.Option(help="Whole cents, such as 12.34; all that is owed without it.")] = None,
    ident: Annotated[str | None, typer.Option("--id", help="The same id is booked once.")] = None,
    as_json: Json = False,
) -> None:
    """Book that a collaborator was paid. Fractions of a cent are carried to the next time."""
    arguments = {"party": party, "proof": proof, "amount": amount, "id": ident}
    do("split pay", arguments, as_json=as_json)


def _share(written: str) -> tuple[str, int]:
    """Read `zeno=12.5` as her name and hundredths of a percent."""
    who, _, percent = written.rpartition("=")
    wrong = f"{written!r} is no share: write artist=75, with at most two digits after a point."
    if not who.strip():
        raise typer.BadParameter(wrong)
    try:
        return who.strip(), hundredths(percent)
    except SplitWrong as error:
        raise typer.BadParameter(wrong) from error
