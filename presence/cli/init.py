"""`presence init`."""

import sys
import time
from typing import Annotated

import typer

from presence.cli import session
from presence.cli.keys import RecoveryNames, names_of_recovery_keys, tell_keys
from presence.errors import SettingsWrong
from presence.home import Home


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


def init(
    name: Annotated[str | None, typer.Option(help="The artist's name.")] = None,
    recovery: RecoveryNames = None,
) -> None:
    """Make a home for a new presence. Asks nothing without a terminal."""
    from presence.identity import found

    names, settings = names_of_recovery_keys(recovery), session.settings()
    home = Home(settings.home)
    if home.settings_file.exists():
        raise SettingsWrong(f"{home.settings_file} exists already; edit it, or choose another PRESENCE_HOME.")
    if name is None and sys.stdin.isatty():
        name = typer.prompt("Whose presence is this?")
    phrase = settings.trust.passphrase.get_secret_value() if settings.trust.passphrase else None
    write_home(home, name or settings.artist_name)
    typer.echo(
        f"A home for {name or settings.artist_name} is at {home.folder}. Next: presence import YOUR_NOTES --tier public"
    )
    tell_keys(found(home, int(time.time()), passphrase=phrase, recovery=names), shown_passphrase=phrase is None)


def write_home(home: Home, artist_name: str) -> None:
    """Write the settings file of a new home."""
    home.prepare()
    quoted = artist_name.replace("\\", "\\\\").replace('"', '\\"')
    home.settings_file.write_text(f'artist_name = "{quoted}"\n', encoding="utf-8")
