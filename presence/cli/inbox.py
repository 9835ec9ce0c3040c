"""`presence inbox` and `presence answers`: questions left for the artist, and answers that hold no more."""

from pathlib import Path
from typing import Annotated

import typer

from presence.cli import session
from presence.cli.living_shown import LivingShown
from presence.cli.text import given_text

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
GroupId = Annotated[str, typer.Argument(metavar="GROUP", help="As `presence inbox list` names it.")]

inbox = typer.Typer(no_args_is_help=True, help="Questions that listeners gave to you, like ones together.")


def register(app: typer.Typer) -> None:
    """Add the group and the command."""
    app.add_typer(inbox, name="inbox")
    app.command()(answers)


@inbox.command("list")
def list_groups(as_json: Json = False) -> None:
    """Name what waits, the largest group first."""
    with LivingShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("inbox list", {}, shown))


@inbox.command()
def answer(
    group: GroupId,
    file: Annotated[Path, typer.Option(help="The answer, Markdown or plain text; - reads standard input.")],
    tier: Annotated[str, typer.Option(help="Who may see it: public to inner.")],
    as_json: Json = False,
) -> None:
    """Make a note of an answer, with the question as its title; whoever asked and may see it is told."""
    name = "answer.md" if str(file) == "-" else file.name
    arguments = {"group": group, "text": given_text(file), "name": name, "tier": tier}
    with LivingShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("inbox answer", arguments, shown))


@inbox.command()
def dismiss(group: GroupId, as_json: Json = False) -> None:
    """Put a group away without an answer; nobody is told."""
    with LivingShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("inbox dismiss", {"group": group}, shown))


def answers(
    stale: Annotated[bool, typer.Option("--stale", help="Only those that the notes do not bear out any more.")] = False,
    as_json: Json = False,
) -> None:
    """Name the answers that cite your notes, and what of them the notes do not say any more."""
    with LivingShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("answers", {"stale": stale}, shown))
