"""The parts of a sentence: what is named, what is done, and the small words between."""

from dataclasses import dataclass, field

ARTIST = "@artist"
ARTIST_AND_OTHERS = "@artist+"


@dataclass(slots=True)
class Tail:
    """What is said of a thing after it: "of the tour", "in the corner"."""

    preposition: str
    thing: "Thing"


@dataclass(slots=True)
class Thing:
    """Somebody or something, as one phrase names it."""

    head: str
    plural: bool = False
    name: bool = False
    date: bool = False
    definite: bool = False
    pronoun: bool = False
    roles: frozenset[str] = frozenset()  # "drummer" in "our drummer Tom Reyes"
    modifiers: frozenset[str] = frozenset()
    binding: tuple[str, ...] = ()  # quantifiers, ordinals, superlatives, "only", "almost"
    number: str = ""
    owner: "Thing | None" = None
    tails: list[Tail] = field(default_factory=list)
    restricted: bool = False  # "the songs that Tom wrote"
    others: list["Thing"] = field(default_factory=list)  # "Tom and Lena": the second and what follows
    doubtful: bool = False
    also: "Thing | None" = None  # what a pronoun stands for
    place: int = 0  # which phrase of its sentence it is

    @property
    def all(self) -> list["Thing"]:
        """Give each of several things that are named side by side."""
        return [self, *self.others]


@dataclass(slots=True)
class Deed:
    """A group of verbs: "had almost been recorded", "wanted to play"."""

    chain: tuple[str, ...]
    form: str  # finite, inf, ing, part
    tense: str = ""  # past, present, "" where nothing says it
    modals: tuple[str, ...] = ()
    perfect: bool = False
    progressive: bool = False
    passive: bool = False
    binding: tuple[str, ...] = ()
    adverbs: frozenset[str] = frozenset()
    twin: bool = False  # a past form that can also be a participle


@dataclass(slots=True)
class Small:
    """A word between phrases: `kind` is preposition, and, sub, rel, adverb or stop."""

    kind: str
    word: str

    @property
    def key_is_end(self) -> bool:
        """Whether a main clause ends here."""
        return self.kind == "stop" and self.word in (".", ";")


Phrase = Thing | Deed | Small
