"""`presence receipt`: receipts, listed by the operator, and checked by anybody, without any node."""

from pathlib import Path
from typing import Annotated

import typer

from presence.cli.money_shown import MoneyShown
from presence.cli.text import given_json
from presence.cli.wallet import Json, do

SECONDS_MAX = 30.0

receipt = typer.Typer(no_args_is_help=True, help="Signed receipts.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(receipt, name="receipt")


@receipt.command("list")
def list_receipts(
    of: Annotated[str | None, typer.Option("--of", metavar="DID", help="Only those of this payer.")] = None,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List receipts, the newest first."""
    do("receipt list", {"did": of, "most": most}, as_json=as_json)


@receipt.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A payer's copy, as its page gives it; - is standard input.")],
    key: Annotated[str, typer.Option(metavar="DID", help="The key of the presence, did:key…")],
    log_key: Annotated[
        str | None,
        typer.Option(metavar="LINE", help="The key of its public log, from /log/key; by default, made from the key."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a receipt offline: its signature, what it hides, and that it is in the public log. Needs no home."""
    from presence.paying.checking import checked

    copy = given_json(file)
    with MoneyShown(as_json=as_json) as shown:
        shown({"event": "receipt_holds", **checked(copy, key, log_key)})


@receipt.command()
def cosign(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of the presence.")],
    key: Annotated[Path, typer.Option(metavar="FILE", help="The code of your own key, as saved on your page.")],
    memory: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What you signed last; by default, beside your key.")
    ] = None,
    log_key: Annotated[
        str | None, typer.Option(metavar="LINE", help="The key of the log, if you know it from elsewhere.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Sign that a public log has only grown since you signed last. For collaborators; needs no home."""
    import httpx2

    from presence.cli.tier import own_key
    from presence.paying.cosigning import cosign as cosigned

    signer = own_key(key)
    with MoneyShown(as_json=as_json) as shown, httpx2.Client(base_url=url.rstrip("/"), timeout=SECONDS_MAX) as client:
        signed = cosigned(client, signer, memory or key.with_name(f"{key.name}.cosigned.json"), log_key=log_key)
        shown({"event": "cosigned", **signed})
