"""`presence ask`."""

from typing import Annotated

import typer

from presence.cli import session
from presence.cli.shown import Shown


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ask")(ask)


def ask(
    question: Annotated[str, typer.Argument(help="What you would like to know.")],
    tier: Annotated[str, typer.Option("--as", help="Ask with the eyes of this tier.")] = "public",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line; the last is the answer.")] = False,
) -> None:
    """Ask the presence; each sentence appears when it is verified, its sources at the end."""
    with Shown(as_json=as_json) as shown:
        raise typer.Exit(session.do("ask", {"question": question, "as": tier}, shown))
