"""What kind of thing a question asks for, and marks that a sentence carries in its own words.

English only; where no pattern fits, nothing is claimed and the writer goes by relevance alone.
"""

import re
from typing import Literal

Kind = Literal["", "number", "time", "reason", "name"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(r"\bhow (?:many|much|old|long|far|often|big|fast|high)\b|\bwhat (?:price|number|pitch|age)\b"),
    ),
    ("time", re.compile(r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time)\b")),
    ("reason", re.compile(r"\bwhy\b|\bhow come\b")),
    ("name", re.compile(r"\b(?:who|whom|whose|where)\b|\bwhich (?:city|town|country|place|club|venue|label|band)\b")),
)
_HISTORY = re.compile(r"\bhow (?:has|have|had|did)\b.*\b(?:chang|develop|evolv)|\bover the years\b|\bhistory of\b")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_HELD = {
    "number": re.compile(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
        r"|seventy|eighty|ninety|hundred|thousand|dozen|once|twice|half)\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTHS}|\w+days?|spring|summer|autumn|winter|ago|yesterday|christmas)\b",
        re.IGNORECASE,
    ),
    "reason": re.compile(r"\b(?:because|since|so|therefore|owing to|reason|hence)\b", re.IGNORECASE),
}
_NAME = re.compile(r"(?<=[^.!?:\s]\s)[\"“'‘(\[]?([A-ZÀ-Þ][\w’']+)")
_LEANS = re.compile(
    r"[\W_]*(?:it|its|he|she|his|her|they|their|that|this|these|those|then|so|but|and|both|such)\b", re.IGNORECASE
)
_LISTED = re.compile(r"\[\d+:\d\d")


def kind_asked(question: str) -> Kind:
    """Give what a question asks for, or "" where it asks for no one thing."""
    asked = question.lower()
    return next((kind for kind, pattern in _KINDS if pattern.search(asked)), "")


def asks_history(question: str) -> bool:
    """Whether a question asks how a thing went on, so that the order of dates matters."""
    return _HISTORY.search(question.lower()) is not None


def tells(kind: Kind, question: str, sentence: str) -> bool:
    """Whether a sentence holds a thing of this kind; a name that the question has said is no answer."""
    if kind == "name":
        return any(name.lower() not in question.lower() for name in _NAME.findall(sentence))
    return kind in _HELD and _HELD[kind].search(sentence) is not None


def leans_back(sentence: str) -> bool:
    """Whether a sentence starts as one that needs the sentence before it: "It", "She", "But"."""
    return _LEANS.match(sentence) is not None


def stands_aside(sentence: str) -> bool:
    """Whether a sentence says little to a reader: a question, or a line of a track list."""
    return sentence.rstrip().endswith("?") or _LISTED.match(sentence) is not None
