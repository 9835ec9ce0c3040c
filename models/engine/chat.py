"""The prompt as the model was trained to read it: its own chat template, thinking switched off."""

from collections.abc import Sequence
from typing import Any

from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from models.contracts import Prompt
from models.engine.weights import Weights
from models.errors import ModelUnreadable

# Two users who begin alike as every prompt does, and go on differently: what stands before the
# difference is the persona's prefix.
_ONE, _OTHER = "Sentences:\n[1] (a", "Sentences:\n[1] (B"


class Chat:
    """Renders prompts and gives their tokens; may be asked from any thread."""

    def __init__(self, weights: Weights) -> None:
        if weights.template is None:
            raise ModelUnreadable(
                str(weights.path), "it has no chat template, so it is no instruct model; choose one whose name says so"
            )
        self._weights = weights
        try:
            self._formatter = Jinja2ChatFormatter(
                template=weights.template, eos_token=weights.end_text, bos_token=weights.begin_text
            )
            self.tokens(Prompt("Persona.", "Question?", ()))
        except Exception as error:  # a template is a program of somebody else's
            raise ModelUnreadable(str(weights.path), f"its chat template does not work: {error}") from error

    def tokens(self, prompt: Prompt) -> list[int]:
        """Give the whole prompt: persona, earlier turns, sentences and question."""
        turns = [
            message
            for turn in prompt.turns
            for message in (_message("user", turn.user), _message("assistant", turn.answer))
        ]
        return self._tokens(prompt.system, [*turns, _message("user", prompt.user)])

    def prefix(self, system: str) -> list[int]:
        """Give the tokens that every prompt of this persona begins with."""
        one, other = (self._tokens(system, [_message("user", user)]) for user in (_ONE, _OTHER))
        alike = next(
            (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )
        return one[:alike]

    def _tokens(self, system: str, messages: Sequence[dict[str, str]]) -> list[int]:
        return self._weights.tokens(self._rendered([_message("system", system), *messages]))

    def _rendered(self, messages: list[dict[str, str]]) -> str:
        given: Any = messages
        try:
            return str(self._formatter(messages=given, enable_thinking=False).prompt)
        except ValueError:  # some templates refuse a system's message: it goes before the first user's
            system, first, *others = messages
            joined = _message("user", f"{system['content']}\n\n{first['content']}")
            given = [joined, *others]
            return str(self._formatter(messages=given, enable_thinking=False).prompt)


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
