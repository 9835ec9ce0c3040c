"""An answer as its listener reads it: where it can be heard, and what is named beside it where she is remembered."""

from typing import Any

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.web.heard import with_sound


def read_answer(services: Services, ident: str, listener: Listener, tier: int) -> dict[str, Any]:
    """Give an answer that this listener may read now; raises what `Answers.read` does."""
    answer = with_sound(services, services.answers.read(ident, listener), tier)
    if not answer["outcome"] or listener.did is None:
        return answer
    asked = services.counter.readable(ident, listener)
    told = [sentence["text"] for sentence in answer["sentences"]]
    said = " ".join([*told, *(citation["title"] for citation in answer["citations"])])
    named = services.volunteering.beside(listener, asked, said, tier)
    return answer if named is None else {**answer, "before_you_leave": named}
