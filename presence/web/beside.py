"""An answer as its listener reads it: where it can be heard, and what is named beside it where she is remembered."""

from collections.abc import Iterable
from typing import Any

import structlog

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.web.heard import with_sound
from presence.web.spoken import absolute

log = structlog.get_logger()


def read_answer(services: Services, ident: str, listener: Listener, tier: int) -> dict[str, Any]:
    """Give an answer that this listener may read now; raises what `Answers.read` does."""
    answer = with_sound(services, services.answers.read(ident, listener), tier)
    if not answer["outcome"] or listener.did is None:
        return answer
    asked = services.counter.readable(ident, listener)
    said = _said((sentence["text"] for sentence in answer["sentences"]), answer["citations"])
    named = services.volunteering.beside(listener, asked, said, tier)
    return answer if named is None else {**answer, "before_you_leave": named}


def named_beside(
    services: Services, ident: str, listener: Listener, said: Iterable[str], citations: Iterable[dict[str, Any]]
) -> dict[str, Any] | None:
    """Give what is named beside an answer that a program has just been given, at the tier of this moment.

    It is no part of the answer: whatever stands in its way is logged, and nothing is named.
    """
    if listener.did is None:
        return None
    try:
        asked = services.counter.readable(ident, listener)
        tier = services.standings(listener).tier
        return services.volunteering.beside(listener, asked, _said(said, citations), tier)
    except Exception:
        log.exception("nothing named beside", question=ident)
        return None


def with_addresses(named: dict[str, Any], origin: str) -> dict[str, Any]:
    """Give what is named with addresses that can be opened from elsewhere."""
    source = named["source"]
    source = {**source, "url": absolute(source["url"], origin)}
    return {**named, "url": absolute(named["url"], origin), "source": source}


def _said(sentences: Iterable[str], citations: Iterable[dict[str, Any]]) -> str:
    return " ".join([*sentences, *(citation["title"] for citation in citations)])
