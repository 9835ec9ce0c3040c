"""Whether a sentence is supported by what it leaned on: code compares them, word by word and part by part.

Nearness of meaning proves nothing here. A sentence passes when it is a quotation, when it has a
source's own words, or when each of its clauses can be told for a clause of the sources: who did what to
whom, when, where and how many, what was denied and what was only almost so. What cannot be read surely
is not supported. The rules are for English; in other languages only what is word by word passes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from presence.asking.support.clauses import SPEAKS_OF_ITSELF, Clause
from presence.asking.support.contracts import Cited, How, Persons, Support
from presence.asking.support.names import Names, names_of
from presence.asking.support.phrases import ARTIST, Thing
from presence.asking.support.reading import Told, read_answer, read_source
from presence.asking.support.retelling import hangs_alike, leaves_nothing_open, may_tell
from presence.asking.support.saying_back import set_back
from presence.asking.support.terms import Kind, folded
from presence.asking.support.wording import is_verbatim, is_word_by_word, quoted_by

SENTENCE_CHARS_MAX = 600
CLAUSES_MAX = 8
_POINTER = re.compile(r"\s*\[\d{1,4}\]")
_SAYS = (
    r"(?:says|said|recalls|recalled|remembers|remembered|writes|wrote"
    r"|notes|noted|explains|explained|mentions|mentioned|adds|added)"
)
_SAID = re.compile(r"\b(?:said|recalled|wrote|noted|explained|mentioned|added)\b")
_NAME = r"(?P<who>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}|[Ss]he|[Hh]e)"
_ATTRIBUTED = (
    re.compile(rf"According to {_NAME}(?:[’']s notes)?, (?P<said>.+)"),
    re.compile(rf"(?P<said>.+), according to {_NAME}\.?"),
    re.compile(
        rf"(?:In (?:her|his|the) (?:[\w-]+ ){{0,2}}notes,? )?{_NAME} {_SAYS}(?: in (?:her|his) notes)?,?"
        r" that (?P<said>.+)"
    ),
    re.compile(rf"{_NAME} {_SAYS} (?P<said>(?:she|he|they|the|her|his|it|there) .+)"),
)


def supported(sentence: str, sources: Sequence[Cited], persons: Persons) -> Support:
    """Say whether a sentence is supported by the sources that it leaned on, how, and by which of them.

    What somebody else than the artist says has to be told with the speaker's name.
    """
    said = " ".join(_POINTER.sub("", sentence).split())
    if not re.search(r"\w", said) or len(said) > SENTENCE_CHARS_MAX or not sources:
        return Support(How.NOT, why="nothing to compare")
    looking = _Looking(said, sources, names_of(said, sources, persons))
    return looking.plainly() or looking.attributed() or Support(How.NOT, why="no source says so")


class _Looking:
    """One sentence beside its sources."""

    def __init__(self, said: str, sources: Sequence[Cited], names: Names) -> None:
        self._said = said
        self._sources = sources
        self._names = names

    def plainly(self) -> Support | None:
        """Compare the sentence as it is."""
        named = {self._names.full(term.key) for term in self._read(self._said).terms if term.kind is Kind.NAME} | {
            ARTIST
        }
        allowed = [number for number, source in enumerate(self._sources) if self._speaker(source) in named]
        return self._verbatim(self._said, allowed) or self._retold(self._said, allowed, ARTIST)

    def attributed(self) -> Support | None:
        """Compare what a sentence says that somebody says, with that speaker's words alone."""
        if (quoted := quoted_by(self._said)) is not None:
            found = self._verbatim(quoted[1], self._by(quoted[0]))
            if found:
                return found
        for form in _ATTRIBUTED:
            if (parts := form.fullmatch(self._said)) is not None:
                allowed = self._by(parts["who"])
                who, said = self._who(parts["who"]), _opened(parts["said"])
                found = self._retold(said, allowed, who)
                if not found and _SAID.search(self._said[: parts.start("said")]):
                    found = self._retold(said, allowed, who, then=True)
                if found:
                    return found
        return None

    def _speaker(self, source: Cited) -> str:
        return self._names.full(folded(source.speaker))

    def _who(self, name: str) -> str:
        return ARTIST if name.lower() in ("she", "he") else self._names.full(folded(name))

    def _by(self, name: str) -> list[int]:
        return [number for number, source in enumerate(self._sources) if self._speaker(source) == self._who(name)]

    def _read(self, sentence: str, told_of: str = ARTIST) -> Told:
        return read_answer(sentence, self._names, told_of)

    def _verbatim(self, said: str, allowed: Sequence[int]) -> Support | None:
        for number in allowed:
            if is_verbatim(said, self._sources[number].text):
                return Support(How.VERBATIM, (number,))
        return None

    def _retold(self, sentence: str, allowed: Sequence[int], told_of: str, *, then: bool = False) -> Support | None:
        """Compare a sentence part by part; `then`: "she said that she was" is told of "I am"."""
        given = [(number, told) for number in allowed for told in read_source(self._sources[number], self._names)]
        said = self._read(sentence, told_of)
        if then and not set_back(said.clauses):
            return None
        if told_of == ARTIST and not then:
            for number, told in given:
                mine = self._speaker(self._sources[number]) == ARTIST
                if mine and is_word_by_word(said, told, self._names):
                    return Support(How.WORD_BY_WORD, (number,))
        if not _readable(said):
            return None
        for number, told in given:
            if _matched(said.clauses, told.clauses):
                return Support(How.RETOLD, (number,))
        return _joined(said, given)


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]


def _readable(said: Told) -> bool:
    clauses = said.clauses
    return 0 < len(clauses) <= CLAUSES_MAX and not any(clause.doubtful or clause.deed is None for clause in clauses)


def _matched(said: Sequence[Clause], given: Sequence[Clause]) -> list[tuple[Clause, Clause]]:
    return next(_matchings(said, given, []), [])


def _matchings(
    said: Sequence[Clause], given: Sequence[Clause], matched: list[tuple[Clause, Clause]]
) -> Iterator[list[tuple[Clause, Clause]]]:
    if not said:
        if all(leaves_nothing_open(one, other, matched) for one, other in matched):
            yield matched
        return
    for other in given:
        if (
            not any(other is taken for _, taken in matched)
            and may_tell(said[0], other)
            and hangs_alike(said[0], other, matched)
        ):
            yield from _matchings(said[1:], given, [*matched, (said[0], other)])


def _joined(said: Told, given: Sequence[tuple[int, Told]]) -> Support | None:
    """Find each clause in a sentence of its own, where joining them says nothing that they do not say apart."""
    if len(said.clauses) < 2 or not all(_joins(clause) for clause in said.clauses):
        return None
    used: list[int] = []
    common = False
    for clause in said.clauses:
        common = common or not _names_all(clause)
        alone = replace(clause, link="", parent=None)
        number = next((number for number, told in given if _matched([alone], told.clauses)), None)
        if number is None:
            return None
        used.append(number)
    if common and len(set(used)) > 1:
        return None  # "the guitar" of one note need not be that of another
    return Support(How.JOINED, tuple(dict.fromkeys(used)))


def _names_all(clause: Clause) -> bool:
    things = [clause.subject, *clause.objects]
    return all(_known(thing) for thing in things[:1] if thing is not None) and any(
        _known(t) for t in things if t is not None
    )


def _joins(clause: Clause) -> bool:
    """Whether a clause says by itself of whom it speaks: only then may it stand beside another."""
    return clause.link in SPEAKS_OF_ITSELF and not clause.under


def _known(thing: Thing) -> bool:
    meant = thing.also if thing.pronoun and thing.also is not None else thing
    return meant.name or meant.head.startswith(ARTIST)


__all__ = ["supported"]
