"""The artist's name, changed while the house is open: what is kept has it, every page shows it, her notes are hers.

What else holds her name asks for it each time; other processes of the same home have it from their next start.
"""

from presence.bootstrap import Services
from presence.errors import NamedElsewhere
from presence.settings import is_named_in_environment
from presence.settings_file import set_name


def call_her(services: Services, name: str) -> None:
    """Call the artist by this name from now on. Raises `NamedElsewhere`, `SettingsWrong`."""
    before = services.settings.artist_name
    if name == before:
        return
    if is_named_in_environment():
        raise NamedElsewhere
    set_name(services.home, name)
    services.library.shelf.rename(before, name)
    services.settings.artist_name = name
