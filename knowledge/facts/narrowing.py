"""Finds the question among what people tell before it ("My sister was born that night. What did you play?").

The last sentence that asks is the question; what is only told around it neither adds a condition nor
takes one away. Where the question points back ("that night", "it", "there"), the sentences before say
what it points at.
"""

import re
from dataclasses import replace

from knowledge.facts.names import PLACES
from knowledge.facts.reading import WORKS, Mention, Reading, masked

_END = re.compile(
    r"(?<=[?!])\s+|(?<=[a-z]{3}\.)\s+|(?<=\d\d\.)\s+(?=[a-zA-Z])|\.\.\.+\s*"
    r"|\s*\bquestion mark\b\s*|\s*\n+\s*|(?<=\?)\s*-\s+"
)
_ASKS = re.compile(
    r"\b(?:what|which|wich|when|where|who|whose|whom|how|did|have (?:you|they)|was|were|name|list|state|identify"
    r"|give|tell|enumerate|show me|count|gimme|any|first|last|set ?list|opener|closer|track ?list)\b|\?",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|that (?:song|track|one|tune)|this (?:song|track|one|tune))\b")
# What a question asks about by itself, so that no song from before it is meant.
_OWN_THING = re.compile(
    r"\b(?:shows?|gigs?|concerts?|venues?|clubs?|cit(?:y|ies)|towns?|countr(?:y|ies)|states?|nights?|songs?|tracks?|tunes?|set|sets"
    r"|set ?lists?|festivals?|openers?|closers?|open(?:ed)?|close[ds]?|where)\b"
)
_BACK = re.compile(r"\b(?:that|those|this|the same|there|then|both|it)\b")


def narrowed(reading: Reading) -> Reading:
    """Keep the sentence that asks, with what it points back at."""
    spans = _sentences(reading.question)
    asking = [span for span in spans if _ASKS.search(reading.question[slice(*span)])]
    if len(spans) < 2 or not asking:
        return reading
    marked = [span for span in asking if "?" in reading.question[slice(*span)]]
    start, end = next((span for span in reversed(marked or asking) if not _leans(reading, span)), asking[-1])
    inside = [one for one in reading.mentions if start <= one.start < end]
    dates = [one for one in reading.dates if start <= one.start < end]
    text = masked(
        reading.question[start:end],
        [replace(one, start=one.start - start, end=one.end - start) for one in inside],
        [replace(one, start=one.start - start, end=one.end - start) for one in dates],
        {n: (a - start, b - start, word) for n, (a, b, word) in reading.written.items() if start <= a < end},
    )
    outside = [one for one in reading.mentions if one not in inside]
    everywhere = re.search(r"\b(?:ever|overall|in total|altogether|all told)\b", text)
    if _BACK.search(text) or not everywhere:
        text, inside = _pointed_at(text, inside, outside)
        if not dates and (dates := [one for one in reading.dates if not start <= one.start < end]):
            text = f"{text} {{DATE}}"
    left = tuple(word for word in reading.left if start <= word.start < end)
    return replace(reading, mentions=tuple(inside), dates=tuple(dates), left=left, masked=text)


def _leans(reading: Reading, span: tuple[int, int]) -> bool:
    """Whether a sentence only points at one that asks more: "What was your longest set? When was it?"."""
    text = reading.question[slice(*span)]
    starts = [*(one.start for one in reading.mentions), *(one.start for one in reading.dates)]
    own = any(span[0] <= start < span[1] for start in starts)
    return not own and _IT.search(text) is not None and not any(one.kind in WORKS for one in reading.mentions)


def _pointed_at(text: str, inside: list[Mention], outside: list[Mention]) -> tuple[str, list[Mention]]:
    """Add the song that "it" is, and the place that "there" is, when the question names none."""
    works = [one for one in outside if one.kind in WORKS]
    if works and not any(one.kind in WORKS for one in inside) and _IT.search(text):
        text, inside = _IT.sub("{WORK}", text, count=1), [works[-1], *inside]
    elif works and not any(one.kind in WORKS for one in inside) and not _OWN_THING.search(text):
        text, inside = f"{text} {{WORK}}", [*inside, works[-1]]
    places = [one for one in outside if one.kind in (*PLACES, "event", "tour")]
    if not any(one.kind in (*PLACES, "event", "tour") for one in inside):
        inside = [*inside, *places]
    return text, inside


def _sentences(question: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for end in _END.finditer(question):
        if question[: end.start()].endswith("!") and question[end.end() : end.end() + 1].islower():
            continue  # a name may end so: "Slipknot! in 1976"
        if question[start : end.start()].strip():
            found.append((start, end.start()))
        start = end.end()
    if question[start:].strip():
        found.append((start, len(question)))
    return found
