"""The same words: a quotation, or a sentence that was only turned from "I" to her name."""

import re
from collections.abc import Iterator, Sequence

from presence.asking.support import lexicon
from presence.asking.support.names import Names
from presence.asking.support.phrases import ARTIST
from presence.asking.support.reading import Told, sentences_in
from presence.asking.support.terms import Kind, Term, folded

_SELF = lexicon.words("i me my mine myself")
_TOLD_SELF = _SELF | lexicon.words("she her hers herself he him his himself")
_OTHERS = lexicon.words("we us our ours ourselves")
_TOLD_OTHERS = lexicon.words("they them their theirs themselves")
WORDS_MIN = 3
_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


def is_verbatim(sentence: str, text: str) -> bool:
    """Whether a sentence is one whole sentence of a text, or some that follow one another, word for word."""
    wanted = _plain(sentence)
    if not wanted:
        return False
    parts = [_plain(part) for part in sentences_in(text)]
    return any(
        " ".join(parts[first:last]) == wanted
        for first in range(len(parts))
        for last in range(first + 1, len(parts) + 1)
    )


def _plain(text: str) -> str:
    flat = " ".join(text.translate(_SIGNS).split())
    asked = "?" if flat.rstrip("\"')*_ ").endswith("?") else ""
    return flat.strip(" .!?…\"'*_-").lower() + asked


def quoted_by(sentence: str) -> tuple[str, str] | None:
    """Give who says what in a sentence that is a quotation and its speaker, or None."""
    quote, verb = (
        r"[“\"](?P<said>[^”\"]+)[”\"]",
        r"(?:says|said|writes|wrote|recalls|recalled|notes|noted|explains|explained|puts it|put it|adds|added)",
    )
    name = r"(?P<who>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}|[Ss]he|[Hh]e)"
    forms = (
        rf"(?:As )?{name} {verb}[,:]? {quote}\.?", rf"{quote},? {name} {verb}\.?", rf"{quote},? {verb} {name}\.?",
        rf"In {name}[’']s (?:own )?words[,:] {quote}\.?", rf"{name}: {quote}\.?",
    )  # fmt: skip
    for form in forms:
        if found := re.fullmatch(form, sentence.strip()):
            return found["who"], found["said"].rstrip(",")
    return None


def is_word_by_word(said: Told, source: Told, names: Names) -> bool:
    """Whether two sentences have the same words in the same order, but for whom "I" means."""
    if source.text.endswith("?") or said.text.endswith("?"):
        return False
    told = list(_keys(said.terms, names, _TOLD_SELF, _TOLD_OTHERS | _OTHERS))
    if len(told) < WORDS_MIN:
        return False
    return any(_same(told, list(_keys(terms, names, _SELF, _OTHERS))) for terms in _beginnings(source.terms))


def _beginnings(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """Give a sentence, and what stands before a stop where it may end, with nothing behind that takes it back."""
    start = next(
        (number for number, term in enumerate(terms) if term.word not in _OPENINGS and term.kind is not Kind.STOP), 0
    )
    yield terms[start:]
    words = {term.word for term in terms}
    if words & _NOT_CUT or {"not", "only"} <= words:
        return
    for number, term in enumerate(terms[:-1]):
        following = terms[number + 1].word
        if term.kind is Kind.STOP and (term.key == ";" or (term.key in (",", "-") and following in _GOES_ON)):
            before, behind = ({one.word for one in part} for part in (terms[start:number], terms[number:]))
            if not behind & _NOT_BEHIND and not (following in _TAKES_BACK and before & _WHOLE):
                yield terms[start:number]


_NOT_CUT = lexicon.words("if unless or nor either neither except than whether until till")
# Before the place where it is cut they stand in what is left, and deny as much there.
_NOT_BEHIND = lexicon.words("never no none nobody nothing without")
# "All the songs, but the last one": what speaks of all or of none may be taken back.
_TAKES_BACK = lexicon.words("but while though although")
_WHOLE = _NOT_BEHIND | lexicon.words("all every each everybody everything both always most whole entire any only not")
_GOES_ON = lexicon.words("and but which who where while because so though although with since when after")


def _same(told: Sequence[str], given: Sequence[str]) -> bool:
    """Compare, leaving out of the source what may be left out anywhere."""
    position = 0
    left_out = frozenset() if set(given) & _DENYING else _LEFT_OUT  # "not very good" is not "not good"
    for key in given:
        if key == "that" and not (position < len(told) and told[position] == "that"):
            continue
        if position < len(told) and told[position] == "that" and key != "that":
            position += 1
        if position < len(told) and (told[position] == key or key in _ALIKE.get(told[position], ())):
            position += 1
        elif key not in left_out:
            return False
    return position == len(told)


# A pronoun of an answer may be the very pronoun of the source.
_SHE = "@she"
_ALIKE = {"@others": _TOLD_OTHERS, _SHE: (_TOLD_SELF - _SELF) | {ARTIST}}
_LEFT_OUT = lexicon.words("really very quite actually simply indeed certainly honestly luckily fortunately sadly well")
_DENYING = lexicon.words("not never no none nobody nothing hardly nor neither without cannot")
_OPENINGS = lexicon.words("oh yes well so and but")


def _keys(terms: Sequence[Term], names: Names, selves: frozenset[str], others: frozenset[str]) -> Iterator[str]:
    after_artist = False
    for term in terms:
        key = _key(term, names, selves, others, after_artist=after_artist)
        if _names_another(term, names):
            selves = selves & _SELF  # "she" may be somebody else from here on
        if key:
            yield key
            after_artist = key in (ARTIST, _SHE, "@others")


def _names_another(term: Term, names: Names) -> bool:
    name = term.kind is Kind.NAME and names.full(term.key) != ARTIST and term.key not in names.things
    return name or term.word in lexicon.MEN | lexicon.WOMEN


_AGREEING = {
    "am": "is", "are": "is", "were": "was", "have": "has", "do": "does", **dict.fromkeys(("a", "an", "the"), ""),
}  # fmt: skip


def _key(term: Term, names: Names, selves: frozenset[str], others: frozenset[str], *, after_artist: bool) -> str:
    if term.kind is Kind.STOP or (term.kind is Kind.OWNS and after_artist):
        return ""
    if term.kind is not Kind.WORD:
        return names.full(term.key) if term.kind is Kind.NAME else f"{term.kind}:{term.key}"
    word = term.word
    if word in selves:
        return ARTIST if word in _SELF else _SHE
    if word in others:
        return "@others"
    if word in _AGREEING:
        return _AGREEING[word]
    return _agreeing(word) if after_artist else word


def _agreeing(word: str) -> str:
    """Give the verb of "she plays" and "I play" alike."""
    return next((found.lemma for found in lexicon.verb_forms(word) if found.form == "present"), word)


__all__ = ["folded", "is_verbatim", "is_word_by_word", "quoted_by"]
