"""`presence notes` and `presence imports`: what was taken in, and what becomes of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.living_shown import LivingShown
from presence.cli.text import given_text

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Ident = Annotated[str, typer.Argument(metavar="ID", help="As `presence notes list` names it.")]
# An id may begin with a dash.
_IDS = {"ignore_unknown_options": True}

notes = typer.Typer(no_args_is_help=True, help="Look at single notes, take them back, move and edit them.")
imports = typer.Typer(no_args_is_help=True, help="Look at what was taken in, and undo an import as one unit.")


def register(app: typer.Typer) -> None:
    """Add both groups."""
    app.add_typer(notes, name="notes")
    app.add_typer(imports, name="imports")


@notes.command("list")
def list_notes(
    away: Annotated[bool, typer.Option("--all", help="Also those that are not shown.")] = False,
    tier: Annotated[str | None, typer.Option(help="Only those of this tier.")] = None,
    as_json: Json = False,
) -> None:
    """Name the notes that are shown."""
    _do("notes list", {"all": away, "tier": tier}, as_json=as_json)


@notes.command(context_settings=_IDS)
def show(ident: Ident, as_json: Json = False) -> None:
    """Show all that a note says."""
    _do("notes show", {"id": ident}, as_json=as_json)


@notes.command(context_settings=_IDS)
def history(ident: Ident, as_json: Json = False) -> None:
    """Name every version of a note, the newest first."""
    _do("notes history", {"id": ident}, as_json=as_json)


@notes.command(context_settings=_IDS)
def retract(ident: Ident, as_json: Json = False) -> None:
    """Take a note back: it is quoted, counted and found no more, also when its file is imported again."""
    _do("notes retract", {"id": ident}, as_json=as_json)


@notes.command(context_settings=_IDS)
def restore(ident: Ident, as_json: Json = False) -> None:
    """Show a note again, or put an earlier version of it in its place."""
    _do("notes restore", {"id": ident}, as_json=as_json)


@notes.command(context_settings=_IDS)
def retier(ident: Ident, tier: Annotated[str, typer.Argument(help="public to inner.")], as_json: Json = False) -> None:
    """Put a note, with every version of it, on another tier."""
    _do("notes retier", {"id": ident, "tier": tier}, as_json=as_json)


@notes.command(context_settings=_IDS)
def edit(
    ident: Ident,
    file: Annotated[Path, typer.Option(help="The new text; - reads it from standard input.")] = Path("-"),
    as_json: Json = False,
) -> None:
    """Put a new text in the place of a note; the old one stays as an earlier version.

    A head is read as in the file; without one, the note keeps its title, date and tier.
    """
    _do("notes edit", {"id": ident, "text": given_text(file)}, as_json=as_json)


@imports.command("list")
def list_imports(as_json: Json = False) -> None:
    """Name the imports, the newest first."""
    _do("imports list", {}, as_json=as_json)


@imports.command(context_settings=_IDS)
def undo(
    ident: Annotated[str, typer.Argument(metavar="ID", help="As `presence imports list` names it.")],
    as_json: Json = False,
) -> None:
    """Take back all that an import brought, and show again what it had replaced."""
    _do("imports undo", {"import": ident}, as_json=as_json)


def _do(deed: str, arguments: dict[str, Any], *, as_json: bool) -> None:
    with LivingShown(as_json=as_json) as shown:
        raise typer.Exit(session.do(deed, arguments, shown))
