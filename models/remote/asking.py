"""What is sent to a server: a pure function of the prompt, its limits and the server's manners."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from models.contracts import Limits, Prompt
from models.grammar import CONNECTION_CHARS, pointing_grammar
from models.remote.manners import Form, Manners

JSON_HINT = (
    'Write your answer as JSON: {"units": [{"say": "", "point": 1}]}. '
    "In `point` stands the number of a sentence; in `say` a few connecting words before it, or nothing."
)


def body_of(prompt: Prompt, limits: Limits, model: str, manners: Manners) -> dict[str, Any]:
    """Compose one request for a streamed answer."""
    form: Form = "none" if prompt.own_words else manners.form
    body: dict[str, Any] = {
        "model": model,
        "messages": _messages(prompt, hint=JSON_HINT if form == "json" else ""),
        "max_tokens": limits.tokens_max,
        "temperature": 0,
        "stream": True,
    }
    if manners.usage:
        body["stream_options"] = {"include_usage": True}
    if manners.thinking == "template":
        body["chat_template_kwargs"] = {"enable_thinking": False}
    elif manners.thinking == "effort":
        body["reasoning_effort"] = "none"
    return body | _constraint([s.number for s in prompt.sentences], limits.pointers_max, form)


def shortened(prompt: Prompt) -> Prompt | None:
    """Leave out the less telling half of the sentences, at last the earlier turns; None when neither is left."""
    if len(prompt.sentences) > 1:
        return replace(prompt, sentences=prompt.sentences[: len(prompt.sentences) // 2])
    return replace(prompt, turns=()) if prompt.turns else None


def _messages(prompt: Prompt, *, hint: str) -> list[dict[str, str]]:
    # The hint stands with what never changes, so that a server can keep what it has read.
    messages = [{"role": "system", "content": f"{prompt.system}\n\n{hint}".strip()}]
    for turn in prompt.turns:
        messages.append({"role": "user", "content": turn.user})
        messages.append({"role": "assistant", "content": turn.answer})
    return [*messages, {"role": "user", "content": prompt.user}]


def _constraint(numbers: list[int], pointers_max: int, form: Form) -> dict[str, Any]:
    if form == "grammar":
        return {"grammar": pointing_grammar(numbers, pointers_max)}
    if form == "structured":
        return {"structured_outputs": {"grammar": pointing_grammar(numbers, pointers_max)}}
    if form == "json":
        named = {"name": "pointing", "strict": True, "schema": _schema(numbers, pointers_max)}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    return {}


def _schema(numbers: Iterable[int], pointers_max: int) -> dict[str, Any]:
    # `say` is required, and may be empty: strict servers refuse optional fields.
    unit = {
        "type": "object",
        "properties": {
            "say": {"type": "string", "maxLength": CONNECTION_CHARS[1]},
            "point": {"type": "integer", "enum": list(numbers)},
        },
        "required": ["say", "point"],
        "additionalProperties": False,
    }
    units = {"type": "array", "items": unit, "minItems": 1, "maxItems": pointers_max}
    return {"type": "object", "properties": {"units": units}, "required": ["units"], "additionalProperties": False}
