"""What kind of thing a question asks for, and whether a sentence holds one: a number, a time, a name, a reason."""

import re
from dataclasses import dataclass
from typing import Literal

Cue = Literal["", "number", "time", "name", "reason"]

_ASKS: tuple[tuple[Cue, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(r"\bhow (?:many|much|old|long|far|often|big|fast|high)\b|\bwhat (?:price|number|pitch|age)\b"),
    ),
    ("time", re.compile(r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time)\b")),
    ("reason", re.compile(r"\bwhy\b|\bhow come\b")),
    ("name", re.compile(r"\b(?:who|whom|whose|where)\b|\bwhich (?:city|town|country|place|club|venue|label|band)\b")),
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|once|twice|half)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|winter|ago|yesterday|christmas|easter)\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:because|since|so|therefore|owing to|reason|as|thus|hence)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[^.!?:\s]\s)[\"“'‘(\[]?([A-ZÀ-Þ][\w’']+)")


def cue(question: str) -> Cue:
    """Give what a question asks for, or nothing where its words do not say."""
    asked = question.lower()
    return next((kind for kind, pattern in _ASKS if pattern.search(asked)), "")


_PATTERNS: tuple[tuple[Cue, re.Pattern[str]], ...] = (("number", _NUMBER), ("time", _TIME), ("reason", _REASON))


@dataclass(frozen=True, slots=True)
class Held:
    """What a sentence holds: of which kinds something, and the names in it, in small letters."""

    kinds: frozenset[Cue]
    names: tuple[str, ...]

    def answers(self, kind: Cue, question: str) -> bool:
        """Whether there is a thing of this kind; a name that the question, in small letters, has said is no answer."""
        if kind == "name":
            return any(name not in question for name in self.names)
        return kind in self.kinds


def held(sentence: str) -> Held:
    """Look a sentence through, whatever may be asked for."""
    kinds = frozenset(kind for kind, pattern in _PATTERNS if pattern.search(sentence))
    return Held(kinds, tuple(name.lower() for name in _NAME.findall(sentence)))
