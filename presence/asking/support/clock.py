"""Times of day: "ten past eleven", "11.10", "11:10 pm" and "23:10".

What is written as a clock shows it leaves open which half of the day is meant, and never says more than that.
"""

import re
from collections.abc import Iterator

from presence.asking.support import lexicon
from presence.asking.support.numbers import plain_number

_SURE, _OPEN = "T", "T?"
# A point makes a time only after a word that says so: "at 11.10"; prices and lengths have points as well.
_AT = "|".join(rf"(?<=\b{word} )" for word in ("at", "by", "until", "till", "from", "to", "before", "after", "since"))
_DIGITS = re.compile(
    r"\b(?P<halved>\d{1,2})(?:[:.](?P<past>\d\d))?\s?(?P<half>[ap])\.?m\b\.?"
    rf"|(?:\b(?=\d+:)|(?:{_AT})(?=\d+\.))(?P<hour>[01]?\d|2[0-3])[:.](?P<minutes>[0-5]\d)\b"
    r"(?!\s*(?:%|percent|[.:]?\d))",
    re.IGNORECASE,
)
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_HOURS = {
    word: int(plain_number(word))
    for word in lexicon.words("one two three four five six seven eight nine ten eleven twelve")
}
_LONGEST_FIRST = sorted(_MINUTES, key=len, reverse=True)
# "Ten to eleven" may be a number of people: it is a time where one is said to be.
_WORDS = re.compile(
    rf"(?:\b(?P<past>{'|'.join(_LONGEST_FIRST)})(?: minutes)? past"
    rf"|(?:(?<=\bat )|(?<=\buntil )|(?<=\btill ))(?P<to>{'|'.join(one for one in _LONGEST_FIRST if one != 'half')}) to)"
    rf" (?P<hour>{'|'.join(_HOURS)})\b(?!-|\s+\w+s\b)",
    re.IGNORECASE,
)


def times_in(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Give `(start, end, time)` for each time of day."""
    for found in _DIGITS.finditer(sentence):
        yield found.start(), found.end(), _in_digits(found)
    for found in _WORDS.finditer(sentence):
        minutes, hour = _MINUTES[(found["past"] or found["to"]).lower()], _HOURS[found["hour"].lower()]
        if found["to"]:
            minutes, hour = 60 - minutes, (hour - 2) % 12 + 1
        yield found.start(), found.end(), f"{_OPEN}{hour}:{minutes:02d}"


def is_time(key: str) -> bool:
    """Whether what is compared is a time of day."""
    return key.startswith(_SURE)


def may_show(said: str, source: str) -> bool:
    """Whether a clock may show the one for the other: the same time, or one that leaves the half of the day open."""
    return said == source or (said.startswith(_OPEN) and said == _on_dial(source))


def _in_digits(found: re.Match[str]) -> str:
    if found["half"]:
        hour = int(found["halved"]) % 12 + (12 if found["half"].lower() == "p" else 0)
        return f"{_SURE}{hour}:{found['past'] or '00'}"
    is_sure = found["hour"].startswith("0") or not 1 <= int(found["hour"]) <= 12
    return f"{_SURE if is_sure else _OPEN}{int(found['hour'])}:{found['minutes']}"


def _on_dial(time: str) -> str:
    hour, _, minutes = time.lstrip("T?").partition(":")
    return f"{_OPEN}{(int(hour) - 1) % 12 + 1}:{minutes}"


__all__ = ["is_time", "may_show", "times_in"]
