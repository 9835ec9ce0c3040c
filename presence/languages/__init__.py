"""The languages that pages and letters speak: English, and what else has a catalogue here.

English sentences stand where they are said, in templates and in code, and are their own names in the catalogues
(gettext). What is made in code and read on a page is an ordinary English text that remembers how it was made
(`Said`); only where a page or a letter is written, inside `speaking`, it is said in its reader's language. So what
programs read stays English.

The face is opened name by name, so that a refusal is known without a calendar of every country.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from presence.languages.sentences import Said, in_a_row, later, said, said_many, together

if TYPE_CHECKING:
    from presence.languages.choosing import (
        LANGUAGES,
        accepted,
        known_language,
    )
    from presence.languages.tongue import (
        find,
        find_many,
        language_spoken,
        say,
        say_many,
        speaking,
        wording,
        written_decimal,
        written_number,
    )
    from presence.languages.written import (
        Amount,
        Day,
        Decimals,
        written_clock,
        written_column,
        written_date,
        written_day,
        written_money,
        written_percent,
    )

__all__ = [
    "LANGUAGES",
    "Amount",
    "Day",
    "Decimals",
    "Said",
    "accepted",
    "find",
    "find_many",
    "in_a_row",
    "known_language",
    "language_spoken",
    "later",
    "said",
    "said_many",
    "say",
    "say_many",
    "speaking",
    "together",
    "wording",
    "written_clock",
    "written_column",
    "written_date",
    "written_day",
    "written_decimal",
    "written_money",
    "written_number",
    "written_percent",
]

_ROOMS = {
    "presence.languages.choosing": ("LANGUAGES", "accepted", "known_language"),
    "presence.languages.tongue": (
        "find",
        "find_many",
        "language_spoken",
        "say",
        "say_many",
        "speaking",
        "wording",
        "written_decimal",
        "written_number",
    ),
    "presence.languages.written": (
        "Amount",
        "Day",
        "Decimals",
        "written_clock",
        "written_column",
        "written_date",
        "written_day",
        "written_money",
        "written_percent",
    ),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Open one name of the face."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)
