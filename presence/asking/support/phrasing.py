"""Puts the terms of a sentence together to phrases, from left to right, by closed lists and the forms of verbs."""

from collections.abc import Sequence

from presence.asking.support import lexicon
from presence.asking.support.deeds import is_verb_here, read_deed
from presence.asking.support.phrases import Deed, Phrase, Small, Thing
from presence.asking.support.terms import Kind, Term
from presence.asking.support.things import is_adverb, may_begin_thing, read_thing

_BEFORE_THINGS = lexicon.words("only almost nearly mostly mainly not even hardly barely especially just exactly")
_BOTH = lexicon.words("before after since until till as for than like once so")


def phrases_of(terms: Sequence[Term]) -> list[Phrase]:
    """Give the phrases of a sentence in order."""
    phrases: list[Phrase] = []
    position = 0
    while position < len(terms):
        phrase, position = _next(terms, position, phrases)
        if phrase is not None:
            if isinstance(phrase, Thing):
                phrase.place = len(phrases)
            phrases.append(phrase)
    return phrases


def _next(terms: Sequence[Term], position: int, before: list[Phrase]) -> tuple[Phrase | None, int]:
    term = terms[position]
    word = term.word
    small = _sign(terms, position, before) or _small_word(terms, position, before)
    if small is not None:
        return small
    if word == "that" and _opens_what_is_said(terms, position, before):
        return None, position + 1
    if is_verb_here(terms, position, before):
        return read_deed(terms, position)
    if word in _BEFORE_THINGS and position + 1 < len(terms) and may_begin_thing(terms, position + 1, before):
        thing, end = read_thing(terms, position + 1, before)
        thing.binding += () if word in ("even", "just", "exactly", "especially") else (word,)
        return thing, end
    if _is_adverb(word) and not _after_preposition(before, word):
        return Small("adverb", word), position + 1
    if may_begin_thing(terms, position, before):
        return read_thing(terms, position, before)
    return Small("adverb", word or term.key), position + 1


def _opens_what_is_said(terms: Sequence[Term], position: int, before: list[Phrase]) -> bool:
    """Whether "that" only opens a clause: "she says that …, and that she …"."""
    if not before or not _clause_follows(terms, position + 1):
        return False
    if isinstance(before[-1], Deed):
        return True
    said = any(isinstance(phrase, Deed) and set(phrase.chain) & lexicon.REPORTING for phrase in before)
    joined = isinstance(before[-1], Small) and before[-1].kind == "and"
    following = terms[position + 1]
    starts = following.kind is Kind.NAME or following.word in lexicon.PERSONS | lexicon.ARTICLES | lexicon.OWNERS
    return said and joined and starts


def _sign(terms: Sequence[Term], position: int, before: list[Phrase]) -> tuple[Phrase, int] | None:
    """Read a stop, "there is", "and" and the words that open a relative clause."""
    term = terms[position]
    if term.kind is Kind.STOP:
        return Small("stop", term.key), position + 1
    if term.word == "there" and _follows_be(terms, position):
        return Thing("@there", pronoun=True), position + 1
    if term.word in lexicon.JOINING:
        return Small("and", term.word), position + 1
    if _is_relative(terms, position, before):
        return Small("rel", term.word), position + 1
    return None


def _after_preposition(before: list[Phrase], word: str) -> bool:
    last = before[-1] if before else None
    return (
        isinstance(last, Small) and last.kind == "preposition" and word in ("home", "once", "last", "first", "abroad")
    )


def _small_word(terms: Sequence[Term], position: int, before: list[Phrase]) -> tuple[Phrase, int] | None:
    word = terms[position].word
    if word == "to" and _base_follows(terms, position + 1):
        return read_deed(terms, position)
    two = f"{word} {terms[position + 1].word}" if position + 1 < len(terms) else word
    if two == "at first" and position + 2 < len(terms) and terms[position + 2].word in _FIRST_OF:
        return Small("preposition", word), position + 1
    if two in ("because of", "due to", "owing to"):
        return Small("preposition", "because of"), position + 2
    if two in (
        "out of",
        "instead of",
        "as well",
        "of course",
        "at first",
        "at last",
        "at least",
        "such as",
        "each other",
    ):
        kind = "preposition" if two in ("out of", "instead of", "such as") else "adverb"
        return Small(kind, "at-first" if two == "at first" else two), position + 2
    if word in lexicon.SUBORDINATING and (word not in _BOTH or _clause_follows(terms, position + 1)):
        return Small("sub", word), position + 1
    if word in lexicon.PREPOSITIONS:
        return Small("preposition", word), position + 1
    return None


_FIRST_OF = lexicon.words("sight glance light hearing attempt try go")


def _follows_be(terms: Sequence[Term], position: int) -> bool:
    ahead = [term.word for term in terms[position + 1 : position + 4]]
    return bool(ahead) and (
        ahead[0] in lexicon.BE or ahead[0] == "'s" or (ahead[0] in lexicon.MODALS and "be" in ahead)
    )


def _base_follows(terms: Sequence[Term], position: int) -> bool:
    while position < len(terms) and (
        terms[position].word in ("not", "never", "just") or terms[position].word.endswith("ly")
    ):
        position += 1
    if position >= len(terms):
        return False
    word = terms[position].word
    return word in ("be", "have", "do") or any(found.form == "base" for found in lexicon.verb_forms(word))


def _is_relative(terms: Sequence[Term], position: int, before: list[Phrase]) -> bool:
    word = terms[position].word
    if word not in lexicon.RELATIVE or not before:
        return False
    last = before[-1]
    after_comma = isinstance(last, Small) and last.word == "," and len(before) > 1 and isinstance(before[-2], Thing)
    if word == "that":
        return isinstance(last, Thing) and not _thing_only_follows(terms, position)
    return isinstance(last, Thing) or after_comma


def _thing_only_follows(terms: Sequence[Term], position: int) -> bool:
    """Whether "that" points: "that night", with no verb soon after."""
    return position + 1 >= len(terms) or terms[position + 1].kind is Kind.STOP


def _clause_follows(terms: Sequence[Term], position: int) -> bool:
    """Whether a subject and a verb in a tense come before the next stop."""
    opens = position
    while position < len(terms) and terms[position].kind is not Kind.STOP:
        word = terms[position].word
        if position > opens and _main_clause_begins(terms, position):
            return False
        if position > opens and word not in lexicon.JOINING and _surely_finite(terms, position):
            return True
        if word in lexicon.SUBORDINATING - _BOTH or word in ("and", "but", "who", "which"):
            return False
        position += 1
    return False


def _main_clause_begins(terms: Sequence[Term], position: int) -> bool:
    """Whether a second thing begins where a verb should be: "before the tour I …"."""
    word, before = terms[position].word, terms[position - 1]
    determined = position > 1 and terms[position - 2].word in lexicon.ARTICLES | lexicon.OWNERS
    after_noun = before.kind in (Kind.NAME, Kind.DATE) or (
        bool(before.word) and before.word not in _SMALL_WORDS and (determined or not lexicon.verb_forms(before.word))
    )
    starts = word in ("i", "we", "he", "she", "they", "it", "the", "my", "our", "her", "his", "their", "a") or (
        terms[position].kind is Kind.NAME
    )
    return after_noun and starts


_SMALL_WORDS = (
    lexicon.PREPOSITIONS | lexicon.ARTICLES | lexicon.OWNERS | lexicon.JOINING | lexicon.POINTING | lexicon.QUANTIFIERS
    | lexicon.PERSONS | lexicon.BINDING
)  # fmt: skip


def _surely_finite(terms: Sequence[Term], position: int) -> bool:
    word = terms[position].word
    if (
        word in lexicon.MODALS
        or lexicon.BE.get(word) in ("past", "present")
        or word in ("has", "had", "did", "'d", "'s")
    ):
        return True
    before = terms[position - 1]
    forms = {found.form for found in lexicon.verb_forms(word)}
    if before.word in ("i", "we", "they", "you", "he", "she", "it"):
        return bool(forms & {"base", "past", "present"})
    nominal = before.kind in (Kind.NAME, Kind.WORD) and before.word not in lexicon.ARTICLES | lexicon.OWNERS
    return nominal and "past" in forms and before.word not in lexicon.PREPOSITIONS


def _is_adverb(word: str) -> bool:
    known = lexicon.ADVERBS | lexicon.DROPPED | lexicon.BINDING | lexicon.ADDED
    return word in known - lexicon.QUANTIFIERS or is_adverb(word)
