"""Whether what is said of somebody or something agrees with what a source says of them."""

from collections.abc import Sequence

from presence.asking.support import lexicon
from presence.asking.support.dates import reaches
from presence.asking.support.phrases import ARTIST, ARTIST_AND_OTHERS, Tail, Thing
from presence.asking.support.referring import UNKNOWN

_LEFT_OUT = lexicon.words("some several own whole these those many new old")
_UNIVERSAL = frozenset(
    [
        "every",
        "each",
        "all",
        "any",
        "no",
        "both",
        "most",
        "everything",
        "nothing",
        "anything",
        "everyone",
        "everybody",
        "nobody",
    ]
)
_DATE_PREPOSITIONS = frozenset({"in", "on", "at", "during", ""})
_SAME_PREPOSITIONS = (
    frozenset({"in", "at"}), frozenset({"until", "till"}), frozenset({"on", "upon"}), frozenset({"in", "inside"}),
    frozenset({"toward", "towards"}), frozenset({"around", "round"}), frozenset({"onto", "on"}),
)  # fmt: skip
_OURS_IS_HERS = lexicon.PEOPLE | lexicon.words(
    "record band song tour gig show single ep set track van studio music lyric drummer"
)


def agrees(said: Thing, source: Thing, *, tight: bool = False, shared: bool = False) -> bool:
    """Whether a thing, or several side by side, may be told for those of a source.

    `tight`: nothing may be left out. `shared`: what several did may be told of some of them.
    """
    left = list(source.all)
    for one in said.all:
        found = next((other for other in left if _agrees_one(one, other, tight=tight, shared=shared)), None)
        if found is None:
            return False
        left.remove(found)
    return not left or (not tight and shared and not _both_or_either(source))


def _both_or_either(source: Thing) -> bool:
    return any({"or", "both", "either", "neither"} & set(one.binding) for one in source.all)


def _agrees_one(said: Thing, source: Thing, *, tight: bool, shared: bool) -> bool:
    said, source = _meant(said), _meant(source)
    if said.doubtful or source.doubtful or UNKNOWN in (said.head, source.head) or not (said.head or said.owner):
        return False
    if said.date or source.date:
        return said.date and source.date and said.head == source.head and said.binding == source.binding
    return (
        _same_head(said, source, shared=shared)
        and _binding(said, source, tight=tight)
        and _number(said, source, tight=tight)
        and _described(said, source, tight=tight)
        and _owned(said, source, tight=tight)
        and _tails(said.tails, source.tails, tight=tight or _counted_out(source))
        and not (source.restricted and source.plural and not said.restricted)
        and not (said.restricted and source.plural and not source.restricted)
    )


def _meant(thing: Thing) -> Thing:
    return thing.also if thing.pronoun and thing.also is not None else thing


def _same_head(said: Thing, source: Thing, *, shared: bool) -> bool:
    if said.pronoun or source.pronoun:
        return said.head == source.head and said.pronoun == source.pronoun
    if said.head == source.head:
        return (said.name and source.name) or said.plural == source.plural
    if source.head == f"{said.head}+":
        return shared
    return not said.name and not said.plural and said.head in source.roles


def _binding(said: Thing, source: Thing, *, tight: bool) -> bool:
    told, given = _normal(said.binding), _normal(source.binding)
    if told == given:
        return True
    left = {word for word in given if word in _LEFT_OUT or word.startswith("of ")}
    return not tight and told == [word for word in given if word not in left]


def _normal(binding: Sequence[str]) -> list[str]:
    """Give the binding words as they are compared; the year of a thing binds as well."""
    same = {"each": "every", "entire": "whole", "nearly": "almost", "final": "last", "an": "a"}
    return sorted(same.get(word, word) for word in binding)


def _number(said: Thing, source: Thing, *, tight: bool) -> bool:
    if said.number == source.number:
        return True
    if said.number or tight or said.head.startswith("@"):
        return False
    return source.number != "1" or not said.definite


def _counted_out(source: Thing) -> bool:
    """Whether leaving out a description would speak of more than was meant: "the slow songs"."""
    return (source.plural and (source.definite or bool(source.binding))) or is_universal(source)


def is_universal(thing: Thing) -> bool:
    """Whether a thing stands for all of a kind, or none, so that describing it less speaks of more."""
    return bool(_UNIVERSAL & set(thing.binding))


def _described(said: Thing, source: Thing, *, tight: bool) -> bool:
    known = source.modifiers | source.roles
    if not said.modifiers | said.roles <= known:
        return False
    left = source.modifiers - said.modifiers
    return not left or not (tight or _counted_out(source))


def _owned(said: Thing, source: Thing, *, tight: bool) -> bool:
    if said.owner is None:
        return source.owner is None or not tight
    if source.owner is None:
        return False
    ours = said.head in _OURS_IS_HERS or bool(source.roles & _OURS_IS_HERS)
    return agrees(said.owner, source.owner, tight=True, shared=ours)


def _tails(said: Sequence[Tail], source: Sequence[Tail], *, tight: bool) -> bool:
    left = list(source)
    for tail in said:
        found = next((other for other in left if _same_tail(tail, other, tight=tight)), None)
        if found is None:
            return False
        left.remove(found)
    return not any(tail.preposition == "of" or tight for tail in left)


def _same_tail(said: Tail, source: Tail, *, tight: bool) -> bool:
    return same_place(said.preposition, said.thing, source.preposition, source.thing, tight=tight)


def same_place(said: str, thing: Thing, source: str, other: Thing, *, tight: bool) -> bool:
    """Whether a phrase with a preposition may be told for one of a source."""
    if thing.date and other.date and not (thing.others or other.others or thing.binding or other.binding):
        if said in _DATE_PREPOSITIONS and source in _DATE_PREPOSITIONS:
            return reaches(thing.head, other.head) if not tight else thing.head == other.head
        return said == source and thing.head == other.head
    if said != source and not any(said in same and source in same for same in _SAME_PREPOSITIONS):
        return False
    return agrees(thing, other, tight=tight, shared=source not in ("between", "by", "with"))


def is_definite(thing: Thing) -> bool:
    """Whether a thing is one that is known: a name, "the drummer", "my sister"."""
    return thing.name or thing.definite or thing.head in (ARTIST, ARTIST_AND_OTHERS)
