"""`presence check`: the signature of an answer, or of what is remembered, checked by anybody, without any node."""

from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli.shown import Shown, console
from presence.cli.text import given_json

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(
    file: Annotated[Path, typer.Argument(help="The copy that a page gave; - is standard input.")],
    artist: Annotated[
        str | None, typer.Option(metavar="ID", help="The artist's id, sha256:…, if you know it from elsewhere.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check offline who signed an answer, or what is remembered of a listener. Needs no home."""
    from presence.asking.vouched import checked
    from presence.memory.signed import checked_memory, is_memory

    copy = given_json(file)
    with _Checked(as_json=as_json) as shown:
        if is_memory(copy):
            shown({"event": "memory_holds", **checked_memory(copy)})
        else:
            shown({"event": "statement_holds", **checked(copy, artist)})


class _Checked(Shown):
    """Says what a copy proves."""

    def _memory_holds(self, told: dict[str, Any]) -> None:
        console.print(f"✓ Signed at {told['at']} by the listener with this key:", markup=False)
        console.print(f"    {told['listener']}", markup=False, soft_wrap=True)
        console.print(f"  It holds {len(told['items'])} things that were remembered of her.", markup=False)

    def _statement_holds(self, told: dict[str, Any]) -> None:
        console.print(f"✓ Signed at {told['at']} by the presence of this artist:", markup=False)
        console.print(f"    {told['artist']}", markup=False, soft_wrap=True)
        console.print(f"  Written by {told['writer']}, an AI: these are not the artist’s words to you.", markup=False)
