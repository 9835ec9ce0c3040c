"""What the page of an answer shows of the artist: whether she may look in, is there, and where the talk goes on."""

from typing import Any

from presence.asking.contracts import Listener
from presence.bootstrap import Services


def with_her(services: Services, listener: Listener, answer: dict[str, Any]) -> dict[str, Any]:
    """Give it for an answer that this listener may read."""
    conversation = answer["conversation"]
    turns = services.conversations.questions(listener, conversation)
    after = turns[turns.index(answer["id"]) + 1 :]
    return {
        "looking_in": services.stepping_in.chosen(listener.ident, conversation),
        "here": services.stepping_in.here(listener.ident, conversation),
        "next_turn": after[0] if after else None,
    }
