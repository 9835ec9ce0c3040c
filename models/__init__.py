"""Writes text and makes vectors: writers that point at numbered sentences, and embedders.

`QuotingWriter` needs no weights and is the default until a model is installed. The heavy ones,
`models.llama` and `models.embedders`, are opened by the bootstrap alone.
"""

from models.builds import Chosen, chosen_libraries, use_libraries
from models.contracts import Limits, NumberedSentence, Prompt, Turn, Usage, Writer
from models.errors import ModelError, ModelMissing, WriterBusy
from models.fallback import Fallback
from models.identity import identity_of
from models.local import LocalModel, open_local
from models.places import Place, Places
from models.quoting import QuotingWriter
from models.readiness import Readiness, readiness
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
