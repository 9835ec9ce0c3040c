"""`presence demo`: an empty home becomes a place to look around in."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models import ModelError
from presence.cli import models, session
from presence.cli.init import write_home
from presence.cli.serve import Announced, serve_home
from presence.cli.shown import Shown
from presence.errors import PresenceError, SettingsWrong
from presence.home import Home

if TYPE_CHECKING:
    from presence.settings import Settings

DEMO_ARTIST = "Juna Tidewell"
DEMO_PASSPHRASE = "invented"  # noqa: S105  # of an invented artist, to try things out with
MATERIAL = Path(__file__).parent.parent / "demo" / "material"
# Small prices, to see what paying is like: with practice money, of which nobody is paid.
DEMO_PRICES: dict[str, Any] = {
    "acts": {"ask": {"price": "0.02"}, "record": {"price": "0.05", "own_at": "0.50"}},
    "free": {"first": 3, "first_per_client_a_day": 1_000, "first_a_day": 10_000},
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
    model: Annotated[str | None, typer.Option(help="Fetch this language model first, if it is not here.")] = None,
) -> None:
    """Fill an empty home with an invented artist and serve it."""
    from presence.identity import found

    given: dict[str, Any] = {k: v for k, v in (("host", host), ("port", port)) if v is not None}
    home = Home(session.settings().home)
    if not home.settings_file.exists():
        if home.database.exists():
            raise SettingsWrong(f"{home.folder} holds a presence already. Set PRESENCE_HOME to an empty folder.")
        write_home(home, DEMO_ARTIST)
        found(home, int(time.time()), passphrase=DEMO_PASSPHRASE)
    settings = session.settings(**given)
    if settings.artist_name != DEMO_ARTIST:
        raise SettingsWrong(
            f"{home.folder} is the home of {settings.artist_name}. Set PRESENCE_HOME to an empty folder."
        )
    if model:
        _choose(model, settings)
        settings = session.settings(**given)
    practice = settings.billing.model_copy(update={"practice": True, "stripe_key": None})
    settings = settings.model_copy(update={"billing": practice})
    serve_home(settings, before=fill, announced=Announced(demo=True))


def _choose(model: str, settings: "Settings") -> None:
    """Fetch the model and let it write. Whatever is in the way, the demo opens: it can quote."""
    try:
        models.have(model, settings)
    except (ModelError, PresenceError) as refusal:
        typer.echo(f"{refusal}\nThe demo opens without {model}: its answers are quotations only.")


def fill(services: Any) -> None:
    """Take in the demo material and set its prices; a second time changes nothing."""
    from billing.pricing import NEVER_SET
    from presence.local.importing import import_material

    if services.paying.pricing.current()[0] == NEVER_SET:
        services.paying.pricing.write(DEMO_PRICES)

    with Shown() as shown:
        import_material(services, {"path": str(MATERIAL), "tier": "public"}, shown)
