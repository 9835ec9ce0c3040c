"""Writes text and makes vectors: writers that point at numbered sentences, and embedders.

`QuotingWriter` needs no weights and is the default until a model is installed. The heavy ones,
`models.llama` and `models.embedders`, are opened by the bootstrap alone.

The face is opened name by name, so that a refusal is named without what writes.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from models.readiness import Readiness, readiness

if TYPE_CHECKING:
    from models.builds import Chosen, chosen_libraries, use_libraries
    from models.contracts import Limits, NumberedSentence, Prompt, Turn, Usage, Writer
    from models.errors import ModelError, ModelMissing, WriterBusy
    from models.fallback import Fallback
    from models.identity import identity_of
    from models.local import LocalModel, open_local
    from models.places import Place, Places
    from models.quoting import QuotingWriter
    from models.scripted import ScriptedWriter

__all__ = [
    "Chosen",
    "Fallback",
    "Limits",
    "LocalModel",
    "ModelError",
    "ModelMissing",
    "NumberedSentence",
    "Place",
    "Places",
    "Prompt",
    "QuotingWriter",
    "Readiness",
    "ScriptedWriter",
    "Turn",
    "Usage",
    "Writer",
    "WriterBusy",
    "chosen_libraries",
    "identity_of",
    "open_local",
    "readiness",
    "use_libraries",
]

_ROOMS = {
    "models.builds": ("Chosen", "chosen_libraries", "use_libraries"),
    "models.contracts": ("Limits", "NumberedSentence", "Prompt", "Turn", "Usage", "Writer"),
    "models.errors": ("ModelError", "ModelMissing", "WriterBusy"),
    "models.fallback": ("Fallback",),
    "models.identity": ("identity_of",),
    "models.local": ("LocalModel", "open_local"),
    "models.places": ("Place", "Places"),
    "models.quoting": ("QuotingWriter",),
    "models.scripted": ("ScriptedWriter",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Open one name of the face."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)
