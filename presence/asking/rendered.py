"""An answer as JSON, so far or whole, put together from its committed events."""

from collections.abc import Sequence
from typing import Any

from presence.asking.transcripts import Asked, Event


def answer_json(asked: Asked, events: Sequence[Event]) -> dict[str, Any]:
    """Give the shape that programs rely on; `sentences` joined by a space give `text`."""
    said = [event.body for event in events if event.kind == "sentence"]
    ended = next((event.body for event in events if event.kind == "done"), {})
    answer: dict[str, Any] = {
        "id": asked.ident,
        "question": asked.question,
        "outcome": asked.outcome,
        "text": " ".join(body["text"] for body in said),
        "sentences": [{"text": body["text"], "citations": body["citations"]} for body in said],
        "citations": [cited for body in said for cited in body.get("cited", ())],
        "ai_generated": True,
        "writer": asked.writer,
        "receipt": None,
    }
    answer.update({key: ended[key] for key in ("choices", "nearest", "reason") if key in ended})
    return answer
