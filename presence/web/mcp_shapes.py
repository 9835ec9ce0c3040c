"""What the tools of the Model Context Protocol take and give, as JSON Schema.

`search` and `fetch` have the names and the shapes that chats with connectors expect.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from presence.web.openai_request import IDENT_CHARS_MAX, KEY_CHARS_MAX, Cap

URL_CHARS_MAX = 400


class Ask(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field("", description="What to ask, in one's own words.")
    max_price_micros: Cap | None = Field(
        None,
        description="What the answer may cost at most, in millionths of the node's currency; 0 where it must be free. "
        "Without it, a key that may spend so much a day agrees to prices up to that.",
    )
    offer_id: str | None = Field(
        None, max_length=IDENT_CHARS_MAX, description="The offer of a refusal whose price is agreed to."
    )
    conversation: str | None = Field(
        None, max_length=IDENT_CHARS_MAX, description="The conversation that this goes on with, as its answers name it."
    )
    act: str | None = Field(None, max_length=IDENT_CHARS_MAX, description="What to do; by default, answer a question.")
    thing: str | None = Field(
        None, max_length=IDENT_CHARS_MAX, description="The id of the record or set that an act is about."
    )
    idempotency_key: str | None = Field(
        None, min_length=1, max_length=KEY_CHARS_MAX, description="The same key is answered, and paid, once."
    )


class Find(BaseModel):
    """Words to look for."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(description="What to look for in the notes.")


class Open(BaseModel):
    """A place to open."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=URL_CHARS_MAX, description="The id of a result, or the address of a citation.")


TEXT = {"type": "string"}
OPTIONAL_TEXT = {"type": ["string", "null"]}
WHOLE = {"type": "integer"}

CITATION = {
    "type": "object",
    "properties": {
        "n": WHOLE,
        "kind": {"enum": ["passage", "fact"]},
        "title": TEXT,
        "speaker": TEXT,
        "date": TEXT,
        "locator": {"type": "object"},
        "quote": {"type": "string", "description": "The source's own words."},
        "url": TEXT,
        "tier": WHOLE,
    },
    "required": ["n", "kind", "title", "quote", "url"],
}
SENTENCE = {
    "type": "object",
    "properties": {"text": TEXT, "citations": {"type": "array", "items": WHOLE}},
    "required": ["text", "citations"],
}
BESIDE = {
    "type": "object",
    "description": "A record or a night that she was not pointed to yet, where she lets the presence remember: "
    "“Before you leave, have you heard this?” It is no part of the answer.",
    "properties": {
        "id": TEXT,
        "kind": {"enum": ["release", "event"]},
        "name": TEXT,
        "url": TEXT,
        "source": {"type": "object", "properties": {"title": TEXT, "url": TEXT}, "required": ["title", "url"]},
    },
    "required": ["id", "kind", "name", "url", "source"],
}
ANSWER = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "conversation": TEXT,
        "outcome": {"enum": ["answered", "ask_back", "not_in_notes", "refused", "stopped", "revoked"]},
        "text": TEXT,
        "sentences": {"type": "array", "items": SENTENCE},
        "citations": {"type": "array", "items": CITATION},
        "choices": {"type": "array", "items": TEXT},
        "nearest": {"type": "array", "items": {"type": "object"}},
        "tier": WHOLE,
        "price_micros": WHOLE,
        "receipt": {"type": ["object", "null"]},
        "writer": TEXT,
        "human": {"type": "array", "items": {"type": "object"}},
        "before_you_leave": BESIDE,
        "ai_generated": {"type": "boolean"},
        "digital_source_type": TEXT,
        "disclosure": TEXT,
    },
    "required": ["id", "outcome", "text", "sentences", "citations", "ai_generated", "disclosure", "receipt"],
}
_RESULT = {
    "type": "object",
    "properties": {"id": TEXT, "title": TEXT, "url": TEXT},
    "required": ["id", "title", "url"],
}
RESULTS = {
    "type": "object",
    "properties": {"results": {"type": "array", "items": _RESULT}},
    "required": ["results"],
}
PLACE = {
    "type": "object",
    "properties": {"id": TEXT, "title": TEXT, "text": TEXT, "url": TEXT, "metadata": {"type": "object"}},
    "required": ["id", "title", "text", "url", "metadata"],
}


def taken(shape: type[BaseModel]) -> dict[str, Any]:
    """Give the schema of what a tool takes."""
    return shape.model_json_schema()
