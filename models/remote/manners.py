"""What a server accepts: which constraint, whether it counts tokens, how it is told not to think."""

from dataclasses import dataclass, replace
from typing import Literal

Form = Literal["grammar", "structured", "json", "none"]
Thinking = Literal["template", "effort", "untold"]
Constraint = Literal["auto", "grammar", "json", "none"]

# What `owned_by` says in the list of models, and what such a server is known to accept.
LLAMA_CPP = "llamacpp"
LLAMA_CPP_PYTHON = "me"
VLLM = "vllm"
OLLAMA = ("library", "ollama")
LM_STUDIO = "organization_owner"

_WEAKER: dict[Form, Form] = {"grammar": "json", "structured": "json", "json": "none"}


@dataclass(frozen=True, slots=True)
class Manners:
    """How one server is asked; unknown servers are sent nothing beyond the common fields."""

    form: Form = "none"
    usage: bool = True
    thinking: Thinking = "untold"

    def weaker(self, complaint: str) -> "Manners | None":
        """Ask for one thing less, the one complained about if it is named; None when nothing is left."""
        named = complaint.lower()
        if self.usage and ("stream_options" in named or "include_usage" in named):
            return replace(self, usage=False)
        if self.thinking != "untold" and ("chat_template" in named or "reasoning" in named):
            return replace(self, thinking="untold")
        if self.form in _WEAKER:
            return replace(self, form=_WEAKER[self.form])
        if self.usage:
            return replace(self, usage=False)
        return replace(self, thinking="untold") if self.thinking != "untold" else None


def manners_of(owner: str, constraint: Constraint) -> Manners:
    """Guess from who owns the model how its server is asked best; a constraint asked for is kept."""
    thinking: Thinking = "untold"
    if owner in (LLAMA_CPP, VLLM):
        thinking = "template"
    elif owner in OLLAMA:
        thinking = "effort"
    return Manners(_form_of(owner, constraint), thinking=thinking)


def _form_of(owner: str, constraint: Constraint) -> Form:
    if constraint in ("json", "none"):
        return constraint
    if owner == VLLM:
        return "structured"
    if constraint == "grammar" or owner in (LLAMA_CPP, LLAMA_CPP_PYTHON):
        return "grammar"
    return "json" if owner in OLLAMA or owner == LM_STUDIO else "none"
