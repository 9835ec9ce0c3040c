"""What was asked, cleaned of what no question holds."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass

from knowledge import Thing
from presence.asking.contracts import Listener
from presence.errors import QuestionEmpty, QuestionTooLong, UnknownAct

ACTS = ("ask", "recommend", "record", "set")
"""Ask; recommend me something; tell me about this record; talk me through this set."""
ABOUT_A_THING = {"record": "release", "set": "event"}
"""Acts that are about one thing, and of which kind it is."""
_KEPT_CONTROLS = {"\n", "\t"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may be answered."""

    text: str
    listener: Listener
    act: str = "ask"
    offer_id: str | None = None
    max_price_micros: int | None = None
    conversation: str | None = None
    idempotency_key: str | None = None
    thing: Thing | None = None

    @property
    def body_sha256(self) -> str:
        """What an idempotency key is bound to."""
        named = self.thing.key if self.thing else None
        body = [self.text, self.act, named, self.offer_id, self.max_price_micros, self.conversation]
        return sha256(json.dumps(body))

    @property
    def thing_bought(self) -> str | None:
        """What billing knows the thing by: a name that stays whatever is imported, and tells nothing."""
        return None if self.thing is None else thing_bought(self.thing)


def thing_bought(thing: Thing) -> str:
    """Name a thing for the books: `release:` or `event:`, and a hash of what its rows share."""
    return f"{thing.kind}:{sha256(thing.key)[:32]}"


def cleaned(text: str, chars_max: int) -> str:
    """Take control characters away; refuse what is empty or too long after that."""
    if len(text) > chars_max:
        raise QuestionTooLong(len(text), chars_max)
    kept = "".join(
        char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    ).strip()
    if not any(char.isalnum() for char in kept):
        raise QuestionEmpty
    return kept


def known_act(act: str | None) -> str:
    """Give the act to perform, or refuse one that is not on offer."""
    if act is not None and act not in ACTS:
        raise UnknownAct(act, ACTS)
    return act or ACTS[0]


def sha256(text: str) -> str:
    """Hash a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
