"""The house: introduces knowledge, trust, billing and models to each other, and to people.

`create_app` gives the web application; `Settings` is read once, at the start.
"""

from presence.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> object:
    """Load the web application only when it is asked for: `--help` should cost nothing."""
    if name == "create_app":
        from presence.app import create_app

        return create_app
    raise AttributeError(name)
