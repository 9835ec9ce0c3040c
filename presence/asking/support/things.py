"""Reads a phrase that names somebody or something: "our drummer Tom Reyes", "three songs of the second side"."""

from collections.abc import Sequence

from presence.asking.support import lexicon
from presence.asking.support.phrases import Deed, Phrase, Small, Thing
from presence.asking.support.terms import Kind, Term

_STARTS = lexicon.ARTICLES | lexicon.POINTING | lexicon.OWNERS | lexicon.QUANTIFIERS | lexicon.PERSONS | lexicon.SELVES
_NOT_NOMINAL = (
    lexicon.PREPOSITIONS | lexicon.JOINING | lexicon.SUBORDINATING | lexicon.RELATIVE | lexicon.MODALS | lexicon.PERSONS
    | lexicon.ARTICLES | lexicon.OWNERS | lexicon.POINTING | set(lexicon.BE) | set(lexicon.HAVE) | set(lexicon.DO)
    | {"not", "never", "to", "there", "'d", "'s", "tonight", "today", "yesterday", "together", "again", "ago", "too"}
)  # fmt: skip
_COUNTING = frozenset(
    {"every", "each", "all", "both", "some", "any", "many", "much", "few", "several", "no", "another"}
)
_NUMBERED = {
    "track",
    "side",
    "act",
    "part",
    "volume",
    "chapter",
    "number",
    "take",
    "day",
    "disc",
    "page",
    "room",
    "night",
}
_THERE = {"the", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our", "their"}


def may_begin_thing(terms: Sequence[Term], position: int, before: list[Phrase]) -> bool:
    """Whether a phrase of this kind may begin here."""
    term = terms[position]
    if term.kind in (Kind.NAME, Kind.NUMBER, Kind.ORDINAL, Kind.DATE, Kind.QUOTE):
        return True
    return term.word in _STARTS or (bool(term.word) and term.word not in _NOT_NOMINAL)


def read_thing(terms: Sequence[Term], position: int, before: Sequence[Phrase] = ()) -> tuple[Thing, int]:
    """Read one phrase; gives the place after it."""
    term = terms[position]
    if term.kind in (Kind.DATE, Kind.QUOTE):
        return Thing(term.key, date=term.kind is Kind.DATE, name=True), position + 1
    if term.word in (lexicon.PERSONS | lexicon.SELVES) - {"her", "one"} or (
        term.word == "her" and not _nominal(terms, position + 1)
    ):
        return Thing(term.word, pronoun=True, plural=term.word in ("we", "us", "they", "them")), position + 1
    if term.word in lexicon.WHOLE_THINGS:
        return Thing(f"@{term.word}", binding=(term.word,)), position + 1
    reading = _Reading(terms, position, seeks_verb=_seeks_verb(before))
    reading.read()
    return reading.thing(), reading.position


def _seeks_verb(before: Sequence[Phrase]) -> bool:
    """Whether the verb of the clause is still to come."""
    for phrase in reversed(before):
        if isinstance(phrase, Deed):
            return False
        if isinstance(phrase, Small) and phrase.kind in ("sub", "rel", "and"):
            return True
    return True


def _nominal(terms: Sequence[Term], position: int) -> bool:
    if position >= len(terms):
        return False
    term = terms[position]
    if term.kind in (Kind.NAME, Kind.NUMBER, Kind.ORDINAL):
        return True
    known = lexicon.ADVERBS | lexicon.DROPPED | lexicon.BINDING
    adverb = (term.word in known and term.word not in _DESCRIBING_ONLY) or is_adverb(term.word)
    return bool(term.word) and term.word not in _NOT_NOMINAL and (not adverb or term.word in lexicon.TURNING)


def is_adverb(word: str) -> bool:
    """Whether a word ends as adverbs do and is one."""
    return word.endswith("ly") and word not in lexicon.DESCRIBING


_DESCRIBING_ONLY = frozenset({"early", "lovely", "long", "late", "live"})


class _Reading:
    """The state of reading one phrase."""

    def __init__(self, terms: Sequence[Term], position: int, *, seeks_verb: bool) -> None:
        self._seeks_verb = seeks_verb
        self._terms = terms
        self.position = position
        self._owner: Thing | None = None
        self._definite = False
        self._determined = False
        self._binding: list[str] = []
        self._number = ""
        self._parts: list[Term] = []

    def read(self) -> None:
        while self.position < len(self._terms) and self._take(self._terms[self.position]):
            self.position += 1

    def _take(self, term: Term) -> bool:
        if term.kind is Kind.OWNS:
            return self._owned()
        if self._parts and self._parts[-1].kind is Kind.NAME and term.kind is not Kind.WORD:
            return False
        if term.kind is Kind.NUMBER:
            return self._counted(term)
        if term.kind is Kind.ORDINAL:
            return self._bound(term.key)
        if term.kind is Kind.NAME:
            self._parts.append(term)
            return True
        if term.kind is Kind.DATE:
            return self._dated(term)
        if term.kind is not Kind.WORD:
            return False
        return self._opening(term) or self._part(term)

    def _owned(self) -> bool:
        if not self._parts:
            return False
        self._owner = self.thing()
        self._definite, self._determined, self._binding, self._number, self._parts = True, True, [], "", []
        return True

    def _counted(self, term: Term) -> bool:
        if self._parts and self._parts[-1].word in _NUMBERED and not self._number:
            self._binding.append(f"no {term.key}")
            return True
        if self._number or self._parts:
            return False
        self._number = term.key
        return True

    def _dated(self, term: Term) -> bool:
        """Take the year of "a 1962 Telecaster"."""
        if self._parts or not (self._determined or self._binding) or not _nominal(self._terms, self.position + 1):
            return False
        self._binding.append(f"of {term.key}")
        return True

    def _bound(self, word: str) -> bool:
        if self._parts:
            return False
        self._binding.append(word)
        return True

    def _opening(self, term: Term) -> bool:
        """Take what stands before the nouns."""
        word = term.word
        if self._parts or word not in _STARTS - lexicon.PERSONS | {"her"}:
            return False
        if word in lexicon.QUANTIFIERS:
            self._binding.append(word)
        elif word in lexicon.OWNERS:
            if self._owner is not None or self._determined:
                return False
            self._owner = Thing(word, pronoun=True)
            self._definite = self._determined = True
        else:
            if self._determined:
                return False
            self._determined, self._definite = True, word in _THERE
            if word in lexicon.POINTING and word in ("these", "those"):
                self._binding.append(word)
        return True

    def _part(self, term: Term) -> bool:
        word = term.word
        if word == "of" and self._binding and not self._parts and not self._number:
            return self._part_of_whole()
        describes = self._describes(word)
        if not describes and (not _nominal(self._terms, self.position) or self._is_adverb_after(word)):
            return False
        if self._parts and (word in _COUNTING or self._is_deed(term)):
            return False
        if self._parts and word in lexicon.BINDING and not _nominal(self._terms, self.position + 1):
            return False  # "put Salt Road last"
        if not self._parts and not self._determined and word in lexicon.BINDING - lexicon.TURNING - lexicon.QUANTIFIERS:
            return False
        if word in lexicon.TURNING and (not self._parts or self._parts[-1].kind is Kind.WORD):
            following = self.position + 1
            if _nominal(self._terms, following) and not self._done_next(following):
                self._binding.append(word)
                return True
        self._parts.append(term)
        return True

    def _done_next(self, position: int) -> bool:
        """Whether a verb comes next, with nothing that it could describe: "the first single sold …"."""
        forms = {found.form for found in lexicon.verb_forms(self._terms[position].word)}
        return (
            bool(forms & {"past", "part"})
            and "base" not in forms
            and not (_nominal(self._terms, position + 1) and self._terms[position + 1].kind is Kind.WORD)
        )

    def _part_of_whole(self) -> bool:
        """Read "all of the songs" and "some of them": the quantity belongs to what follows."""
        if self.position + 1 >= len(self._terms):
            return False
        self._binding.append("of")
        return True

    def _describes(self, word: str) -> bool:
        """Whether a word that may be an adverb describes here: "a very long song"."""
        opened = self._determined or bool(self._binding) or bool(self._number)
        if not opened or word not in lexicon.DESCRIBING or self.position + 1 >= len(self._terms):
            return False
        following = self._terms[self.position + 1]
        return _nominal(self._terms, self.position + 1) or following.word in lexicon.DESCRIBING

    def _is_adverb_after(self, word: str) -> bool:
        return bool(self._parts) and word in lexicon.ADVERBS

    def _is_deed(self, term: Term) -> bool:
        """Whether a word after a noun is a verb rather than another noun."""
        forms = {found.form for found in lexicon.verb_forms(term.word)}
        last = self._parts[-1]
        after_noun = last.kind is Kind.NAME or not _is_participle(last.word)
        if not forms:
            return after_noun and term.word.endswith("ed") and len(term.word) > 4 and not self._goes_on()
        if forms & {"past", "part", "ing"} and not (forms & {"base"}):
            return after_noun and not (
                self._goes_on() and self._determined and "ing" in forms and last.kind is Kind.WORD
            )
        if not self._seeks_verb:
            return False
        if "past" in forms:  # "cost", "put": as it was and as it is
            return not self._finite_ahead()
        plural = singular_of(last)[1] or last.kind is Kind.NAME
        if last.kind is Kind.NAME and "present" in forms and self._says(term):
            return True
        if "present" in forms and all(found.lemma not in lexicon.NOUNS_TOO for found in lexicon.verb_forms(term.word)):
            return True
        if "present" in forms:
            return not self._finite_ahead() and (not plural or last.kind is Kind.NAME)
        return plural and last.kind is not Kind.NAME and not self._finite_ahead()

    def _says(self, term: Term) -> bool:
        following = self._terms[self.position + 1].word if self.position + 1 < len(self._terms) else ""
        says = any(found.lemma in lexicon.REPORTING for found in lexicon.verb_forms(term.word))
        return says or following in _NOT_NOMINAL - {"and", "or"}

    def _goes_on(self) -> bool:
        following = self.position + 1
        return _nominal(self._terms, following) and not lexicon.verb_forms(self._terms[following].word)

    def _finite_ahead(self) -> bool:
        for term in self._terms[self.position + 1 :]:
            if term.kind is Kind.STOP or term.word in lexicon.JOINING | lexicon.RELATIVE | lexicon.SUBORDINATING:
                return False
            if (
                term.word in lexicon.MODALS
                or lexicon.BE.get(term.word) in ("past", "present")
                or term.word in ("has", "had", "did", "do", "does")
            ):
                return True
            forms = {found.form for found in lexicon.verb_forms(term.word)}
            if "past" in forms:
                return True
        return False

    def thing(self) -> Thing:
        """Give what was read so far."""
        names = [part for part in self._parts if part.kind is Kind.NAME]
        words = [part for part in self._parts if part.kind is Kind.WORD]
        binding = tuple(self._binding)
        thing = Thing("", definite=self._definite, owner=self._owner, number=self._number, binding=binding)
        if self._parts and self._parts[-1].kind is Kind.NAME:
            thing.head, thing.name = self._parts[-1].key, True
            thing.roles = frozenset(lexicon.same_noun(singular_of(part)[0]) for part in words)
            thing.modifiers = frozenset(f"name:{part.key}" for part in names[:-1])
        elif words:
            head, thing.plural = singular_of(words[-1])
            thing.head = lexicon.same_noun(head)
            described = [lexicon.same_word(lexicon.same_noun(part.word)) for part in words[:-1]]
            thing.modifiers = frozenset([*described, *(f"name:{part.key}" for part in names)])
        else:
            head = self._binding[-1] if self._binding else self._number
            thing.head, thing.plural = f"@{head}" if head else "", True
        return thing


def _is_participle(word: str) -> bool:
    return any(found.form == "part" for found in lexicon.verb_forms(word)) and word.endswith("ed")


def singular_of(term: Term) -> tuple[str, bool]:
    """Give the noun of a term in the singular, and whether it is a plural."""
    return lexicon.singular(term.key) if term.kind is Kind.WORD else (term.key, False)


__all__ = ["Deed", "Small", "may_begin_thing", "read_thing", "singular_of"]
