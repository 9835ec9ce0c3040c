"""`presence reindex`, `presence operator`."""

from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import Shown

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(reindex)
    app.command()(operator)


def reindex(as_json: Json = False) -> None:
    """Build the search indexes anew from the database."""
    with Shown(as_json=as_json) as shown:
        raise typer.Exit(session.do("reindex", {}, shown))


def operator() -> None:
    """Print a new one-time sign-in link for the running node."""

    def show(told: dict[str, Any]) -> None:
        typer.echo(f"{told['address']}/operator?token={told['token']}")

    raise typer.Exit(session.do("operator", {}, show))
