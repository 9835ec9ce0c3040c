"""`presence music`: put right what the notes say of music."""

import json
import sys
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import console

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Kind = Annotated[str | None, typer.Option(help="work, recording, artist, label, place, city, event, person, release …")]
Name = Annotated[str, typer.Argument(help="As it is called in the notes; a night by its date and place; or its key.")]

commands = typer.Typer(no_args_is_help=True, help="Join, set apart and name what the notes speak of.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(commands, name="music")


@commands.command()
def merge(
    one: Name,
    other: Annotated[str, typer.Argument(help="What it is to be called, and counted as.")],
    kind: Kind = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Join two names of one thing, in all that is here and all that comes.

    Where one of them is known from a higher tier only, nothing changes below that tier.
    """
    shown = _Shown(as_json=as_json)
    arguments = {"one": one, "other": other, "kind": kind}
    if sys.stdin.isatty() and not yes:
        session.do("music merge", {**arguments, "only_tell": True}, shown)
        if not typer.confirm("Join them?", err=True):
            raise typer.Exit(1)
        shown.quiet.add("joining")
    raise typer.Exit(session.do("music merge", arguments, shown))


@commands.command()
def split(
    name: Name,
    document: Annotated[str | None, typer.Option(help="The file in which it is another thing.")] = None,
    row: Annotated[list[str] | None, typer.Option(help="The id of a row, as in /rows/ID; can be repeated.")] = None,
    called: Annotated[str | None, typer.Option("--as", help="What the other thing is called.")] = None,
    kind: Kind = None,
    as_json: Json = False,
) -> None:
    """Set rows apart that bear the same name and mean another thing."""
    arguments = {"name": name, "document": document, "rows": row, "called": called, "kind": kind}
    raise typer.Exit(session.do("music split", arguments, _Shown(as_json=as_json)))


@commands.command()
def alias(
    name: Name,
    other_name: Annotated[str, typer.Argument(help="What it is called as well.")],
    tier: Annotated[str | None, typer.Option(help="From whom on: public to inner; without it, inner.")] = None,
    kind: Kind = None,
    as_json: Json = False,
) -> None:
    """Give a thing another name by which it can be asked about."""
    arguments = {"name": name, "alias": other_name, "tier": tier, "kind": kind}
    raise typer.Exit(session.do("music alias", arguments, _Shown(as_json=as_json)))


@commands.command()
def undo(
    ident: Annotated[str, typer.Argument(metavar="ID", help="As `presence music list` tells it.")],
    as_json: Json = False,
) -> None:
    """Take a change back; what was is there again, and other changes stay."""
    raise typer.Exit(session.do("music undo", {"id": ident}, _Shown(as_json=as_json)))


@commands.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also what was undone.")] = False, as_json: Json = False
) -> None:
    """Show what was joined, set apart and named by hand."""
    raise typer.Exit(session.do("music list", {"all": every}, _Shown(as_json=as_json)))


class _Shown:
    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self.quiet: set[str] = set()

    def __call__(self, told: dict[str, Any]) -> None:
        if told["event"] in self.quiet:
            return
        if self._as_json:
            typer.echo(json.dumps(told, ensure_ascii=False))
            return
        console.print(_LINES[told["event"]](told), markup=False)


def _joining(told: dict[str, Any]) -> str:
    rows = ", ".join(f"{count} {tier}" for tier, count in told["rows"].items()) or "none"
    lines = [f"{told['kind']}: {told['from']}  →  {told['into']}", f"  from {told['tier']} on; rows: {rows}"]
    return "\n".join([*lines, f"  {told['from_key']}  →  {told['into_key']}"])


def _change(told: dict[str, Any]) -> str:
    mark = " (undone)" if told["undone"] else ""
    line = f"{told['id']}  {told['what']} {told['kind']}: {told['from']}  →  {told['into']}"
    return f"{line}, from {told['tier']} on{mark}"


def _undone(told: dict[str, Any]) -> str:
    return f"{told['id']} undone"


_LINES = {"joining": _joining, "changed": _change, "change": _change, "undone": _undone}
