"""One sentence about who writes the answers here now, for everybody to read: no paths, no reasons."""

from dataclasses import dataclass
from typing import Literal

from models import Fallback, QuotingWriter
from presence.bootstrap import Services

QUOTED = "Answers are quoted word for word."
LACKING = {
    "no model": "The language engine is there; no language model is installed.",
    "failed": "The language engine could not be built; the log says why.",
    "missing": "No language engine is installed.",
}


@dataclass(frozen=True, slots=True)
class WhoWrites:
    """The sentence, and whether it is worth asking again soon."""

    state: Literal["settled", "changing"]
    sentence: str


def who_writes(services: Services) -> WhoWrites:
    """Say it."""
    writer, engine = services.writer, services.engine_readiness()
    chosen = services.settings.models
    if writer.name != QuotingWriter.name:
        return WhoWrites("settled", f"Answers are put together by {writer.name} from verified quotations.")
    if engine.state == "building" and chosen.url is None:
        percent = "" if engine.percent is None else f", {engine.percent} %"
        return WhoWrites("changing", f"{QUOTED} The language engine is being built{percent}.")
    if isinstance(writer, Fallback):
        if writer.state == "opening":
            return WhoWrites("changing", f"{QUOTED} The language model is being opened.")
        return WhoWrites("changing", f"{QUOTED} The language model is not to be had now.")
    return WhoWrites("settled", f"{QUOTED} {LACKING.get(engine.state, LACKING['no model'])}")
