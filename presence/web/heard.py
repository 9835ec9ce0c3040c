"""Where an answer, a note or a night can be heard, for whoever reads it."""

from typing import Any

from knowledge import Cue, Moment, Recording, Thing
from knowledge.library import OpenPassage
from presence.bootstrap import Services
from presence.web.waves import Wave, wave_of


def with_sound(services: Services, answer: dict[str, Any], tier: int) -> dict[str, Any]:
    """Give each citation that can be heard the address of its moment, as `audio`."""
    cited = [one for one in answer["citations"] if not one.get("withdrawn")]
    moments = services.moments.of([_cue(one) for one in cited], tier)
    heard = {one["n"]: moment.url for one, moment in zip(cited, moments, strict=True) if moment is not None}
    if not heard:
        return answer
    citations = [{**one, "audio": heard[one["n"]]} if one["n"] in heard else one for one in answer["citations"]]
    return {**answer, "citations": citations}


def of_sentences(services: Services, opened: OpenPassage, tier: int) -> list[Moment | None]:
    """Say of each sentence of a passage where it can be heard."""
    passage = opened.passage
    cues = [
        Cue(passage.ident, is_row=False, time=time or "", words=passage.text[at:end])
        for at, end, _, time in opened.sentences
    ]
    return services.moments.of(cues, tier)


def recordings_of(services: Services, thing: Thing | None, tier: int) -> list[tuple[Recording, Wave | None]]:
    """Give what can be heard of a night, each with its picture."""
    if thing is None or thing.kind != "event":
        return []
    return [(one, wave_of(one)) for one in services.recordings.of("event", thing.key, tier)]


def _cue(citation: dict[str, Any]) -> Cue:
    ident = citation["url"].rpartition("/")[2].partition("#")[0]
    time = str(citation["locator"].get("time", ""))
    return Cue(ident, is_row=citation["kind"] == "fact", time=time, words=citation["quote"])
