"""`presence import`."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.living_shown import PreviewShown
from presence.cli.shown import Shown
from trustgraph import Tier


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


def import_(
    path: Annotated[str, typer.Argument(help="A file, a folder, or the address of a page or a feed.")],
    tier: Annotated[str | None, typer.Option(help="Who may see it: public to inner.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Whose words these are, where a file does not say.")] = None,
    site: Annotated[bool, typer.Option("--site", help="With an address: all pages of its host.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would be taken in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Take in notes, tables, set lists, playlists and exports; at a terminal, look at them first.

    A file goes to the stricter of what it says itself and --tier. With neither, one that is there already keeps its
    tier, and one that is new goes to `inner`.
    """
    asks = sys.stdin.isatty() and not yes
    if tier is None and asks:
        tier = _asked()
    place = path if path.lower().startswith(("http://", "https://")) else str(Path(path).resolve())
    arguments = {"path": place, "tier": tier, "speaker": speaker, "site": site}
    if preview or asks:
        raise typer.Exit(_looked_at_first(arguments, only=preview, as_json=as_json))
    with Shown(as_json=as_json) as shown:
        raise typer.Exit(session.do("import", arguments, shown))


def _looked_at_first(arguments: dict[str, Any], *, only: bool, as_json: bool) -> int:
    with session.opened() as do, PreviewShown(as_json=as_json) as shown:
        code = do("import stage", arguments, shown)
        staged = {"import": shown.import_id}
        confirmed = False
        try:
            confirmed = not only and typer.confirm("Take this in?", default=True, err=as_json)
        finally:
            if not confirmed:
                do("import discard", staged, shown)
        return do("import publish", staged, shown) if confirmed else code if only else 0


def _asked() -> str | None:
    names = "/".join(tier.slug for tier in Tier)
    question = f"Who may see what does not say so itself? {names} [those who might before; what is new: inner]"
    return str(typer.prompt(question, default="", show_default=False)) or None
