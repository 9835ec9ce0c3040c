"""What patterns are made of: the marks that stand for names, the words for songs and shows, numbers in words."""

import re
from collections.abc import Iterable

from knowledge.facts.vocabulary import in_order

NUMBER_WORDS = in_order("one two three four five six seven eight nine ten eleven twelve")
ORDINALS = in_order("first second third fourth fifth sixth seventh eighth ninth tenth")

SONG = r"(?:songs?|tracks?|tunes?|titles?|numbers?|pieces?|records?|works?|cuts?)"
SHOW = r"(?:shows?|gigs?|concerts?|nights?|performances?|sets?|dates?|appearances?|times?|parties|events?)"
THING = r"\{(?:WORK|ARTIST|LABEL|RELEASE)\}"
PLACE = r"\{(?:PLACE|CITY|REGION|COUNTRY|EVENT|TOUR)\}"

Named = tuple[tuple[str, re.Pattern[str]], ...]
"""Patterns with the name of what they recognise, in the order in which they are tried."""


def one_of(*alternatives: str) -> re.Pattern[str]:
    """Compile a pattern that any of several ways of asking fits."""
    return re.compile("|".join(alternatives))


def number_of(said: str) -> int:
    """Read `three`, `third` and `3rd` as 3."""
    if said in NUMBER_WORDS or said in ORDINALS:
        return NUMBER_WORDS.get(said, 0) or ORDINALS[said]
    return int(re.sub(r"\D", "", said))


def things(text: str) -> int:
    """Count the songs, artists, labels and releases that a question names."""
    return len(_THING.findall(text))


def first_fitting(named: Named, text: str) -> str | None:
    """Give the name of the first pattern that fits."""
    return next((name for name, pattern in named if pattern.search(text)), None)


def fitting(named: Named, text: str) -> Iterable[str]:
    """Give the names of all patterns that fit."""
    return (name for name, pattern in named if pattern.search(text))


_THING = re.compile(THING)

TOP_WORDS = one_of(
    r"\b(?:most|top|busiest|usual(?:ly)?|commonest|common|often|frequent(?:ly)?|favou?rites?|regular|biggest"
    r"|number one|more than any|popular)\b"
)
A_SHOW = re.compile(rf"\b{SHOW}\b")
HOW_OFTEN = re.compile(r"\bhow (?:often|many times)\b")
"""What is asked is a number of times, whatever else is said."""
