"""The house: introduces knowledge, trust, billing and models to each other, and to people.

`create_app` gives the web application; `Settings` is read once, at the start.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presence.app import create_app
    from presence.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> object:
    """Load the settings and the web application only when they are asked for: `--help` should cost nothing."""
    if name == "create_app":
        from presence.app import create_app

        return create_app
    if name == "Settings":
        from presence.settings import Settings

        return Settings
    raise AttributeError(name)
