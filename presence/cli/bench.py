"""`presence bench`: measures on this machine, and finds how well this node answers a list of questions."""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.errors import SettingsWrong


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="answer, embed, engine, retrieval …; `python -m benchmarks -h` lists all.")
    ],
    questions: Annotated[
        Path | None, typer.Option(help="retrieval: a list of questions, one JSON object a line.")
    ] = None,
    corpus: Annotated[Path | None, typer.Option(help="retrieval: ask about this folder, not about the node.")] = None,
    as_tier: Annotated[str | None, typer.Option("--as", help="retrieval: who asks.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="It is always one JSON object.")] = True,
) -> None:
    """Measure on this machine. Benchmarks come with the repository; a list of questions can be asked anywhere."""
    if name == "retrieval" and questions is not None:
        raise typer.Exit(_asked(questions, corpus, as_tier))
    if importlib.util.find_spec("benchmarks") is None:
        raise SettingsWrong("Benchmarks come with the repository: run this from a checkout, or `make bench`.")
    raise typer.Exit(subprocess.call([sys.executable, "-m", "benchmarks", name]))  # noqa: S603  # our own module


def _asked(questions: Path, corpus: Path | None, as_tier: str | None) -> int:
    if not questions.is_file():
        raise SettingsWrong(f"There is no list of questions at {questions}.")
    arguments = {"questions": questions.read_text(encoding="utf-8"), "as": as_tier}
    if corpus is None:
        return session.do("evaluate", arguments, _tell)
    with tempfile.TemporaryDirectory() as folder:
        session.home = folder  # a node of its own, gone afterwards
        with session.opened() as doing:
            doing("import", {"path": str(corpus.resolve()), "tier": "public", "speaker": None}, lambda _told: None)
            return doing("evaluate", arguments, _tell)


def _tell(told: dict[str, Any]) -> None:
    if told["event"] == "evaluated":
        typer.echo(json.dumps({"bench": "retrieval", "figures": told["figures"], "ratios": {}}))
