"""The `presence` command. Exit 0: done; 1: refused or something was found; 2: used wrongly."""

import sys
from typing import Annotated

import typer

from billing import BillingError
from knowledge import KnowledgeError
from models import ModelError
from presence.cli import (
    ask,
    bench,
    check,
    demo,
    doctor,
    inbox,
    ingest,
    init,
    keeping,
    keys,
    models,
    moving,
    music,
    notes,
    people,
    prices,
    receipt,
    recordings,
    reports,
    serve,
    sites,
    tier,
    upkeep,
    wallet,
)
from presence.errors import PresenceError
from trustgraph import TrustError

app = typer.Typer(
    help="An artist's own presence: answers listeners from her notes, with sources.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (
    init,
    serve,
    demo,
    ingest,
    notes,
    inbox,
    ask,
    models,
    music,
    recordings,
    reports,
    keys,
    tier,
    people,
    wallet,
    prices,
    receipt,
    sites,
    check,
    doctor,
    keeping,
    moving,
    upkeep,
    bench,
):
    room.register(app)


@app.callback()
def presence(
    home: Annotated[str | None, typer.Option(help="Where everything of this node lives (PRESENCE_HOME).")] = None,
) -> None:
    """Remember which home is meant."""
    from presence.cli import session

    session.home = home


def main() -> None:
    """Run the command; a refusal is one sentence on standard error."""
    try:
        app()
    except (PresenceError, KnowledgeError, TrustError, BillingError, ModelError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
