"""How alike what was said is to a name: a part of it, its words in order, or a slip of the hand."""

from rapidfuzz import fuzz, process

from knowledge.facts.names import Entity, Names
from knowledge.facts.vocabulary import FUNCTION_WORDS

# The margin rule, as measured on a DJ's 33 sets: from this likeness on, and this far before the next.
LIKENESS_MIN = 80.0
SUGGESTED_FROM = 70.0


def likenesses(names: Names, said: str) -> list[tuple[float, Entity]]:
    found: dict[int, tuple[float, Entity]] = {}

    def note(score: float, entity: Entity) -> None:
        if score >= SUGGESTED_FROM and score > found.get(id(entity), (0.0, entity))[0]:
            found[id(entity)] = score, entity

    for number in _sharing_a_word(names, said):
        entity = names.entities[number]
        note(max(_part_of(said, spelling) for spelling in entity.spellings), entity)
    if len(said) >= 4:
        alike = process.extract(said, names.spellings, scorer=fuzz.ratio, score_cutoff=SUGGESTED_FROM, limit=8)
        for spelling, score, _ in alike:
            if score < 92 and not _word_by_word(said, spelling):
                continue
            for entity in names.exact[spelling]:
                note(score - 1.0, entity)
    return list(found.values())


def is_misspelt(said: str, entity: Entity) -> bool:
    """Whether the whole name was meant, and not a part of it."""
    return any(fuzz.ratio(said, spelling) >= LIKENESS_MIN for spelling in entity.spellings)


def _word_by_word(said: str, spelling: str) -> bool:
    """Whether every word has its like: "university of salamanca" is not Alabama's."""
    others = spelling.split()
    return all(
        word in FUNCTION_WORDS or any(word[0] == other[0] and fuzz.ratio(word, other) >= 75 for other in others)
        for word in said.split()
    )


def _sharing_a_word(names: Names, said: str) -> set[int]:
    words = [word for word in said.split() if word not in FUNCTION_WORDS]
    sets = [_holding(names, word) for word in words]
    return set.intersection(*sets) if sets and all(sets) else set()


def _holding(names: Names, word: str) -> set[int]:
    """Give the names that hold a word, in the plural or the singular, or one that begins with it."""
    found = names.tokens.get(word) or names.tokens.get(word.removesuffix("s")) or set()
    if len(word) < 3:
        return found
    return found | names.beginning_with(word)


def _part_of(said: str, spelling: str) -> float:
    """Score a part of a name: all its words stand there, in order, the last perhaps cut short ("Sugar Mag")."""
    if said == spelling:
        return 100.0
    rest, words = spelling.split(), [word for word in said.split() if word not in FUNCTION_WORDS]
    cut_short = 0
    for word in words:
        at = next((n for n, other in enumerate(rest) if _same_word(word, other)), None)
        if at is None and len(word) >= 3 and (len(words) > 1 or len(word) >= 4):
            at = next((n for n, other in enumerate(rest) if other.startswith(word)), None)
            cut_short += 1
        if at is None:
            return 0.0
        rest = rest[at + 1 :]
    extra = [word for word in said.split() if word in FUNCTION_WORDS and word not in spelling.split()]
    return 86.0 + 2.5 * min(1.0, len(said) / len(spelling)) - 6.0 * len(extra) - 3.0 * cut_short


def _same_word(word: str, other: str) -> bool:
    return word in (other, f"{other}s", f"{other}es") or f"{word}s" == other
