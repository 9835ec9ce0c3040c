"""Runs a deed where it has to run: here when the home is free, in the node that owns it otherwise."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presence.errors import SettingsWrong
from presence.home import Home

if TYPE_CHECKING:
    from presence.settings import Settings

Do = Callable[[str, dict[str, Any], Any], int]

home: str | None = None
"""What `--home` said, for this run of the command."""


def settings(**given: Any) -> "Settings":
    """Read the settings for the chosen home."""
    from presence import logs  # two thirds of a second for what --help needs none of
    from presence.settings import load_settings

    chosen = {"home": Path(home)} if home else {}
    loaded = load_settings(**chosen, **given)
    logs.configure(loaded.logs, level=logging.getLevelNamesMapping()[loaded.log_level.upper()])
    return loaded


def settings_of_a_home(**given: Any) -> "Settings":
    """Read the settings for the chosen home, which must be one: a forgotten PRESENCE_HOME shall begin no second one."""
    chosen = settings(**given)
    if chosen.database_url is None and not Home(chosen.home).is_begun:
        raise SettingsWrong(
            f"{chosen.home} is not a home yet. First: presence init. If yours is elsewhere, say where: "
            "presence --home FOLDER, or PRESENCE_HOME."
        )
    return chosen


@contextmanager
def opened(*, begins: bool = False) -> Iterator[Do]:
    """Give what does deeds, several in a row where they belong together; `begins` makes a home where none is."""
    chosen = settings() if begins else settings_of_a_home()
    place = Home(chosen.home)
    if place.owner() is not None:
        from presence.local.socket import do_elsewhere

        yield partial(do_elsewhere, place.socket)
        return
    from presence.bootstrap import bootstrap  # loads the embedder, only when needed
    from presence.local.deeds import DEEDS

    with bootstrap(chosen) as services:
        services.library.start()
        yield lambda deed, arguments, tell: DEEDS[deed](services, arguments, tell)


def do(deed: str, arguments: dict[str, Any], tell: Any, *, begins: bool = False) -> int:
    """Do a deed and give its exit code."""
    with opened(begins=begins) as doing:
        return doing(deed, arguments, tell)
