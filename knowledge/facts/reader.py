"""Reads a question as far as words go: its dates, the names in it with what they can mean, and what is left over.

Names are found whole first, the longest before the shorter; then, in what no list of words explains,
with typos and by a part. Where two are close, both are kept: whoever answers asks back, or lets the other
conditions of the question decide.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from knowledge.facts.dates import dated
from knowledge.facts.days import Calendar, Dated
from knowledge.facts.keys import normal
from knowledge.facts.names import Names
from knowledge.facts.page import Page, is_explained
from knowledge.facts.part_names import find_parts
from knowledge.facts.reading import ARROWS, Reading, Word, masked
from knowledge.facts.vocabulary import ASKING_WORDS, FUNCTION_WORDS, KNOWN, is_a_word
from knowledge.facts.whole_names import find_whole

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*\.?(?=$|\W)|[^\W_]+|-+>|>|→")
_QUOTED = re.compile(r"[\"“«](?P<name>[^\"”»]{2,120})[\"”»]|(?<!\w)['‘](?P<single>[^'’]{3,120})['’](?!\w)")
_ASKED_WITH = sorted(word for word in ASKING_WORDS | FUNCTION_WORDS if len(word) >= 4)


def read(question: str, names: Names, calendar: Calendar, fillers: frozenset[str] = frozenset()) -> Reading:
    """Read a question beside what a tier knows; `fillers` say nothing here, such as the artist's name."""
    words = [_word_of(found) for found in _WORD.finditer(question)]
    quoted = [found.span("name") if found["name"] else found.span("single") for found in _QUOTED.finditer(question)]
    inside = [any(start <= word.start and word.end <= end + 1 for start, end in quoted) for word in words]
    written = [question[word.start : word.end] for word in words]
    page = Page(names, words, written, [True] * len(words), inside)
    find_whole(page, least=2)
    dates = [one for one in dated(question, calendar) if not _covers(page, one)]
    for number, word in enumerate(words):
        if any(one.start <= word.start < one.end for one in dates):
            page.free[number] = False
    known = KNOWN | fillers
    find_parts(page, known)
    find_whole(page, least=1)
    corrected = _corrected(page, known)
    mentions = sorted(page.mentions, key=lambda mention: mention.first)
    taken = {number for mention in mentions for number in range(mention.first, mention.last)}
    left = [
        word
        for number, word in enumerate(words)
        if number not in taken and page.free[number]
        if (not is_explained(word, known) and number not in corrected) or _names_something(words, number, fillers)
        if not _whose(question, words, number, taken)
    ]
    return Reading(
        question, tuple(words), tuple(dates), tuple(mentions), tuple(left), tuple(page.suggestions[:4]),
        masked(question, mentions, dates, corrected), (), corrected,
    )  # fmt: skip


def _word_of(found: re.Match[str]) -> Word:
    written = found[0]
    norm = written if written in ARROWS else normal(written)
    return Word(norm, found.start(), found.end(), written[:1].isupper() or written[:1].isdigit(), written.isupper())


def _names_something(words: Sequence[Word], number: int, fillers: frozenset[str]) -> bool:
    """Whether a known word is written as a name that nothing was found for ("Radio City")."""
    word = words[number]
    within = number > 0 and words[number - 1].end + 1 == word.start and not words[number - 1].is_upper
    telling = word.norm not in FUNCTION_WORDS and word.norm not in fillers and word.norm.isalpha()
    return word.capital and not word.is_upper and within and telling and len(word.norm) > 2


def _whose(question: str, words: Sequence[Word], number: int, taken: set[int]) -> bool:
    """Whether a word says no more than whose a thing is: "Dylan's" before a song, "Pigpen's" before "band"."""
    owner = re.search(r"['’]s?$", question[words[number].start : words[number].end + 1].rstrip())
    return (
        bool(owner) and number + 1 < len(words) and (number + 1 in taken or words[number + 1].norm in ("band", "song"))
    )


def _covers(page: Page, one: Dated) -> bool:
    """Whether a name of several words holds what looks like a date ("Friday Night Blues")."""
    return any(mention.start <= one.start and one.end <= mention.end for mention in page.mentions)


def _corrected(page: Page, known: frozenset[str]) -> dict[int, tuple[int, int, str]]:
    """Read "diffrent" and "oftn" as the words of asking that they are; a name is not put right in this way."""
    found: dict[int, tuple[int, int, str]] = {}
    for number, word in enumerate(page.words):
        if not page.free[number] or len(word.norm) < 4 or word.capital or is_explained(word, known):
            continue
        if is_a_word(word.norm):  # a word by itself, and not one of ours
            continue
        alike = process.extractOne(word.norm, _ASKED_WITH, scorer=fuzz.ratio, score_cutoff=84)
        if alike is not None:
            found[number] = word.start, word.end, alike[0]
    return found
