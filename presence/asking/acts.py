"""What can be asked for: a question, a recommendation, a record, a walk along a set. Each is a question of its kind."""

from dataclasses import dataclass

from knowledge import Recommending, Thing, Things, Walks
from presence.asking.contracts import Listener
from presence.asking.question import ABOUT_A_THING, Question, cleaned, known_act
from presence.errors import ThingNeeded, UnknownSource

RECOMMEND = "Recommend me something."
ASKED_OF = {"record": "Tell me about “{name}”.", "set": "Talk me through {name}."}


def about(act: str, thing: Thing, listener: Listener) -> Question:
    """Make the question that an act about a thing is."""
    return Question(ASKED_OF[act].format(name=thing.name), listener, act, thing=thing)


@dataclass(frozen=True, slots=True)
class Acts:
    """Knows the things that acts are about, and makes a question of what was sent."""

    things: Things
    walks: Walks
    recommending: Recommending
    chars_max: int

    def question(self, act: str | None, text: str, thing: str | None, listener: Listener, tier: int) -> Question:
        """Clean and check what was sent; raises what says why it cannot be asked."""
        act = known_act(act)
        if act in ABOUT_A_THING:
            return about(act, self._thing(act, thing, tier), listener)
        words = text if text.strip() or act != "recommend" else RECOMMEND
        return Question(cleaned(words, self.chars_max), listener, act)

    def _thing(self, act: str, ident: str | None, tier: int) -> Thing:
        kind = ABOUT_A_THING[act]
        if not ident:
            raise ThingNeeded(act, kind)
        thing = self.things.find(ident, tier)
        if thing is None or thing.kind != kind:
            raise UnknownSource
        return thing
