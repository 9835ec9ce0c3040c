"""Who and what a name stands for: the artist, a speaker, a full name of which a part was said, an alias."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from presence.asking.support import lexicon
from presence.asking.support.contracts import Cited, Persons
from presence.asking.support.phrases import ARTIST
from presence.asking.support.terms import Kind, folded, names_inside, terms_of


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one sentence and its sources, each with the one that stands for it."""

    stands_for: dict[str, str]
    capitals: frozenset[str]
    persons: frozenset[str] = frozenset()  # surely somebody
    things: frozenset[str] = frozenset()  # surely a work or a place
    whole: tuple[str, ...] = ()  # names of several words, as they are written

    def full(self, name: str) -> str:
        """Give the name that stands for a name; unknown ones stand for themselves."""
        return self.stands_for.get(name, name)


def names_of(sentence: str, sources: Sequence[Cited], persons: Persons) -> Names:
    """Gather the names of a sentence and its sources."""
    texts = [sentence, *(source.text for source in sources)]
    speakers = [folded(source.speaker) for source in sources if source.speaker]
    artist = folded(persons.artist)
    capitals = frozenset().union(
        *(names_inside(text) for text in texts), *(name.split() for name in [artist, *speakers])
    )
    aliases = {folded(alias): folded(full) for alias, full in persons.aliases.items()}
    known = {*_names_in(texts, capitals), *speakers, *aliases.values(), artist}
    stands_for = _parts(known) | aliases
    for name, full in list(stands_for.items()):
        if full == artist:
            stands_for[name] = ARTIST
    persons_told, things = _kinds(texts, capitals)
    whole = tuple(sorted({name for pair in persons.aliases.items() for name in pair if " " in name}))
    sure = frozenset({*persons_told, *speakers})
    return Names(stands_for | {artist: ARTIST}, capitals, sure, frozenset(things), whole)


def _names_in(texts: Iterable[str], capitals: frozenset[str]) -> set[str]:
    return {term.key for text in texts for term in terms_of(text, capitals) if term.kind is Kind.NAME}


_PLACING = lexicon.words("in at on near outside")
_MADE = lexicon.words("write record release produce mix master call finish")
_DOING = lexicon.words(
    "write give eat drink drive pay propose oppose answer ask tell want hate love know sleep cry weep whistle cook sing"
    " join say teach live mix produce arrange bring sell buy leave lend master perform think"
)


def _kinds(texts: Iterable[str], capitals: frozenset[str]) -> tuple[set[str], set[str]]:
    """Tell persons from works and places, where the words around a name leave no doubt."""
    persons, things = set[str](), set[str]()
    for text in texts:
        terms = terms_of(text, capitals)
        for before, term, after in zip((None, *terms), terms, (*terms[1:], None), strict=False):
            if term.kind is Kind.NAME:
                word, following = before.word if before else "", after.word if after else ""
                if not term.text[0].isalnum() or word in _PLACING | {"the"} or _is_form(word, _MADE):
                    things.add(term.key)
                if word == "by" or _is_form(following, _DOING):
                    persons.add(term.key)
    return persons - things, things - persons


def _is_form(word: str, lemmas: frozenset[str]) -> bool:
    return any(lexicon.same_verb(found.lemma) in lemmas for found in lexicon.verb_forms(word))


def _parts(known: set[str]) -> dict[str, str]:
    """Give the full name for each first or last name, where only one can be meant."""
    found: dict[str, set[str]] = {}
    for name in known:
        words = name.split()
        if 2 <= len(words) <= 3 and not lexicon.PLACE_WORDS & set(words) and not _ordinary(words):
            for part in (words[0], words[-1]):
                found.setdefault(part, set()).add(name)
    return {part: next(iter(names)) for part, names in found.items() if len(names) == 1}


def _ordinary(words: list[str]) -> bool:
    small = (
        lexicon.PREPOSITIONS
        | lexicon.ARTICLES
        | lexicon.OWNERS
        | lexicon.PERSONS
        | lexicon.QUANTIFIERS
        | lexicon.JOINING
    )
    return any(word in small for word in words)
