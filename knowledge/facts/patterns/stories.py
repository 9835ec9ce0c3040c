"""Questions that only the prose of the notes can answer: reasons, feelings, what happened, what else there was."""

import re

from knowledge.facts.asked import Asked
from knowledge.facts.patterns.parts import one_of

_PROSE = one_of(
    r"\bwhy\b",
    r"\bhow come\b",
    r"\bthinking\b",
    r"\bthought\b",
    r"\bfeel(?:ing|s)?\b",
    r"\bfelt\b",
    r"\bwrong\b",
    r"\bhappen(?:ed|s|ing)?\b",
    r"\bstor(?:y|ies)\b",
    r"\btell (?:me|us) (?:more )?about\b",
    r"\bwhat (?:was|is) (?:it|that|this|the \w+) like\b",  # "what was the crowd like"
    # like "how was it", "how did you come to write it", but not "how did it go into the next"
    r"\bhow (?:was|were|did (?:it|that|you (?:like|manage|come|get|end up|decide|make|write)))\b",
    r"\bwhat did you (?:think|say|write|mean|learn|eat|wear|see|hear|notice|remember|tell)\b",
    r"\bremember (?:about|of|from|most)\b",
    r"\bmemor\w+",
    r"\bdescribe\b",
    r"\bmood\b",
    r"\bexplain\b",
    r"\breason\b",
    r"\bmade you\b",
    r"\bmeaning\b",
    r"\bidea behind\b",
    r"\binspir\w+",
    r"\bwhat made\b",
    r"\bwhat's (?:it|that) about\b",
    r"\bwho (?:persuaded|told|asked|convinced|suggested)\b",
    r"\bwho made (?!{WORK})",  # "who made the flyer", but not "who made {WORK}"
    r"\bwhat (?:broke|failed|went)\b",
)
# What is asked is something else that happened when something was played.
_CIRCUMSTANCE = re.compile(
    r"\b(?:what|who|whom|how|which|where|whose)\b.+\b"
    r"(?:when|while|the (?:night|time|day|moment)(?: that)?) (?:you|they|we|the band|{WORK})\b"
)
_A_DATE = re.compile(r"\b(?:remember|recall|know) when\b|^when\b")
_OF_ORDER = re.compile(r"\bwhat went (?:before|after|into|with)\b")
_PERHAPS = re.compile(r"happened to (?:play|be)")
_WHY = re.compile(r"\bwhy\b|\bhow come\b")


def wants_prose(text: str) -> bool:
    """Whether a question says itself that it asks for a story, a reason or a feeling."""
    return bool(_PROSE.search(text))


def is_prose(text: str, asked: Asked) -> bool:
    """Whether no row can answer: "why did you open with it", "who was there when you played it"."""
    if _OF_ORDER.search(text) or _PERHAPS.search(text):
        return False
    if _CIRCUMSTANCE.search(text) and not _A_DATE.search(text):
        return True
    return wants_prose(text) and not (asked.counting and not _WHY.search(text))
