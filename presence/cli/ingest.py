"""`presence import`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from presence.cli import session
from presence.cli.shown import Shown
from trustgraph import Tier


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


def import_(
    path: Annotated[Path, typer.Argument(help="A file or a folder.")],
    tier: Annotated[str | None, typer.Option(help="Who may see it: public to inner.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Whose words these are, where a file does not say.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Take in Markdown, plain text, HTML and tracklists.

    A file goes to the stricter of what it says itself and --tier; with neither, to `inner`.
    """
    if tier is None and not yes and sys.stdin.isatty():
        tier = _asked()
    arguments = {"path": str(path.resolve()), "tier": tier, "speaker": speaker}
    with Shown(as_json=as_json) as shown:
        raise typer.Exit(session.do("import", arguments, shown))


def _asked() -> str:
    names = "/".join(tier.slug for tier in Tier)
    return str(typer.prompt(f"Who may see what does not say so itself? {names}", default=Tier.INNER.slug))
