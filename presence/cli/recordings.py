"""`presence recordings`: sets and tracks to listen to."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import console
from presence.errors import SettingsWrong

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]

commands = typer.Typer(no_args_is_help=True, help="Keep recordings, for whom you choose.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(commands, name="recordings")


@commands.command()
def add(
    file: Annotated[Path, typer.Argument(help="WAV, AIFF, FLAC, MP3, Ogg, Opus or M4A.")],
    tier: Annotated[str | None, typer.Option(help="Who may hear it: public to inner; without it, inner.")] = None,
    set_: Annotated[str | None, typer.Option("--set", help="Of which night: its date and place, or its title.")] = None,
    work: Annotated[str | None, typer.Option(help="Of which work.")] = None,
    title: Annotated[str | None, typer.Option(help="What it is called; without it, as the file is.")] = None,
    as_json: Json = False,
) -> None:
    """Copy a recording into the home."""
    if not file.is_file():
        raise SettingsWrong(f"There is no file at {file}.")
    arguments = {"path": str(file.resolve()), "tier": tier, "set": set_, "work": work, "title": title}
    raise typer.Exit(session.do("recordings add", arguments, _shown(as_json=as_json)))


@commands.command("list")
def list_(as_json: Json = False) -> None:
    """Show every recording."""
    raise typer.Exit(session.do("recordings list", {}, _shown(as_json=as_json)))


@commands.command()
def remove(
    ident: Annotated[str, typer.Argument(metavar="ID", help="As `presence recordings list` tells it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take a recording out and delete its bytes from the home; your own file stays."""
    if sys.stdin.isatty() and not yes and not typer.confirm("Delete this recording?", err=True):
        raise typer.Exit(1)
    raise typer.Exit(session.do("recordings remove", {"id": ident}, _shown(as_json=as_json)))


def _shown(*, as_json: bool) -> Any:
    def show(told: dict[str, Any]) -> None:
        if told["event"] == "copied":
            return
        if as_json:
            typer.echo(json.dumps(told, ensure_ascii=False))
        elif told["event"] == "removed":
            console.print(f"{told['id']} removed", markup=False)
        else:
            console.print(_line(told), markup=False)

    return show


def _line(told: dict[str, Any]) -> str:
    minutes, seconds = divmod(told["duration_ms"] // 1_000, 60)
    size = f"{told['bytes'] / 1e6:,.1f} MB"
    of = f", of {told['of']['key']}" if told["of"] else ""
    return f"{told['id']}  {told['title']}  {minutes}:{seconds:02} {told['type']} {size} → {told['tier']}{of}"
