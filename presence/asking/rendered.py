"""An answer as JSON, so far or whole, put together from its committed events."""

from collections.abc import Mapping, Sequence
from typing import Any

from presence.asking.contracts import HERSELF
from presence.asking.steps import TAKEN_OVER, Event
from presence.asking.transcripts import Asked


def answer_json(
    asked: Asked, events: Sequence[Event], changed: Mapping[int, str | None] | None = None
) -> dict[str, Any]:
    """Give the shape that programs rely on; `sentences` joined by a space give `text`.

    What the artist wrote herself is in `human`, and in none of these. `changed` says by number which citations
    stand elsewhere by now, or, where it is None, nowhere.
    """
    changed = changed or {}
    said = [event.body for event in events if event.kind == "sentence"]
    ended = next((event.body for event in events if event.kind == "done"), {})
    answer: dict[str, Any] = {
        "id": asked.ident,
        "question": asked.question,
        "act": asked.act,
        "conversation": asked.conversation,
        "outcome": asked.outcome,
        "text": " ".join(body["text"] for body in said),
        "sentences": [{"text": body["text"], "citations": body["citations"]} for body in said],
        "citations": [_as_of_now(cited, changed) for body in said for cited in body.get("cited", ())],
        "ai_generated": asked.writer != HERSELF,
        "writer": asked.writer,
        "receipt": next((event.body for event in events if event.kind == "receipt"), None),
    }
    if any(event.kind == TAKEN_OVER for event in events):
        answer["human"] = [event.body for event in events if event.kind == "human"]
    answer.update(
        {
            key: ended[key]
            for key in ("choices", "nearest", "reason", "message", "recommended", "statement", "found_by")
            if key in ended
        }
    )
    return answer


def _as_of_now(cited: dict[str, Any], changed: Mapping[int, str | None]) -> dict[str, Any]:
    if cited["n"] not in changed:
        return cited
    url = changed[cited["n"]]
    return {**cited, "withdrawn": True} if url is None else {**cited, "url": url}
