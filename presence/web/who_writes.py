"""One sentence about who writes the answers here now, for everybody to read: no paths, no reasons."""

from dataclasses import dataclass
from typing import Literal

from models import Fallback, QuotingWriter
from presence.bootstrap import Services
from presence.languages import later, said, together

QUOTED = later("Answers are quoted word for word.")
ALONE = together(QUOTED, later("No language model has a part in them."))


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
        form = later("Answers are put together by {writer} from verified quotations.")
        return WhoWrites("settled", said(form, writer=writer.name))
    if engine.state == "building" and chosen.url is None:
        if engine.percent is None:
            return WhoWrites("changing", together(QUOTED, later("The language engine is being built.")))
        far = said("The language engine is being built, {percent} %.", percent=engine.percent)
        return WhoWrites("changing", together(QUOTED, far))
    if isinstance(writer, Fallback):
        if writer.state == "opening":
            return WhoWrites("changing", together(QUOTED, later("The language model is being opened.")))
        return WhoWrites("changing", together(QUOTED, later("The language model is not to be had now.")))
    return WhoWrites("settled", ALONE)
