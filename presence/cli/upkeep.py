"""`presence reindex`, `presence doctor`, `presence operator`, `presence bench`."""

import importlib.util
import subprocess
import sys
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import Shown
from presence.errors import SettingsWrong

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(reindex)
    app.command()(doctor)
    app.command()(operator)
    app.command()(bench)


def reindex(as_json: Json = False) -> None:
    """Build the search indexes anew from the database."""
    with Shown(as_json=as_json) as shown:
        raise typer.Exit(session.do("reindex", {}, shown))


def doctor(as_json: Json = False) -> None:
    """Look for what does not agree: documents, indexes, embedder."""
    with Shown(as_json=as_json) as shown:
        raise typer.Exit(session.do("doctor", {}, shown))


def operator() -> None:
    """Print a new one-time sign-in link for the running node."""
    settings = session.settings()

    def show(told: dict[str, Any]) -> None:
        typer.echo(f"http://{settings.host}:{settings.port}/operator?token={told['token']}")

    raise typer.Exit(session.do("operator", {}, show))


def bench(
    name: Annotated[str, typer.Argument(help="answer, embed, engine, soak …; `python -m benchmarks -h` lists all.")],
    as_json: Annotated[bool, typer.Option("--json", help="It is always one JSON object.")] = True,
) -> None:
    """Measure on this machine. Benchmarks come with the repository, not with the package."""
    if importlib.util.find_spec("benchmarks") is None:
        raise SettingsWrong("Benchmarks come with the repository: run this from a checkout, or `make bench`.")
    raise typer.Exit(subprocess.call([sys.executable, "-m", "benchmarks", name]))  # noqa: S603  # our own module
