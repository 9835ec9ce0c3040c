"""`presence check`: an answer's signature, checked by anybody, without any node."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli.shown import Shown, console
from presence.cli.text import given_text
from presence.errors import TextUnreadable

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    file: Annotated[Path, typer.Argument(help="The copy that an answer's page gives; - is standard input.")],
    artist: Annotated[
        str | None, typer.Option(metavar="ID", help="The artist's id, sha256:…, if you know it from elsewhere.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check offline who signed an answer: the words, the presence's key, the artist's word for it. Needs no home."""
    from presence.asking.vouched import checked

    try:
        copy: Any = json.loads(given_text(file))
    except ValueError as error:
        raise TextUnreadable(str(file)) from error
    with _Checked(as_json=as_json) as shown:
        shown({"event": "statement_holds", **checked(copy, artist)})


class _Checked(Shown):
    """Says what a copy proves."""

    def _statement_holds(self, told: dict[str, Any]) -> None:
        console.print(f"✓ Signed at {told['at']} by the presence of this artist:", markup=False)
        console.print(f"    {told['artist']}", markup=False, soft_wrap=True)
        console.print(f"  Written by {told['writer']}, an AI: these are not the artist’s words to you.", markup=False)
