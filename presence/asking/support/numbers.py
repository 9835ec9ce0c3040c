"""Numbers in digits and words, with what is said about how exact they are: "twelve", "12", "about a dozen"."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from presence.asking.support.lexicon import verb_forms

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_SMALL = {word: number for number, word in enumerate(_WORDS)}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        start=1,
    )
} | {"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_DIGITS = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?$")
_ORDINAL_DIGITS = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
# What stands before a number and changes it.
_BEFORE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("more", "than"), ">"), (("less", "than"), "<"), (("fewer", "than"), "<"), (("at", "least"), ">="),
    (("at", "most"), "<="), (("no", "more", "than"), "<="), (("up", "to"), "<="), (("over",), ">"),
    (("under",), "<"), (("about",), "~"), (("around",), "~"), (("roughly",), "~"), (("approximately",), "~"),
    (("some",), "~"), (("almost",), "<~"), (("nearly",), "<~"), (("close", "to"), "~"), (("exactly",), ""),
    (("a", "good"), ">="), (("just", "over"), ">"), (("just", "under"), "<"), (("not", "quite"), "<~"),
)  # fmt: skip

Numbered = tuple[int, int, str, bool]
"""The first word of a number, the word after it, what is compared, and whether it is an ordinal."""


def numbers_in(words: Sequence[str]) -> Iterator[Numbered]:
    """Find the numbers among the words of a sentence, longest first."""
    position = 0
    while position < len(words):
        prefix, mark = _prefix(words, position)
        number = _number(words, position + prefix)
        if number is None:
            position += 1
            continue
        end, key, ordinal = number
        if not ordinal and end + 1 < len(words) and words[end] in ("or", "to") and (more := _number(words, end + 1)):
            end, key = more[0], f"{key}..{more[1]}"
        yield position, end, mark + key, ordinal
        position = end


def plain_number(word: str) -> str:
    """Give one number word in digits ("twelve" of "twelve-string"), or ""."""
    return str(_SMALL.get(word) or _TENS.get(word) or "")


def _prefix(words: Sequence[str], position: int) -> tuple[int, str]:
    if words[position] == "over" and not _counts(words, position):
        return 0, ""
    found = [(len(said), mark) for said, mark in _BEFORE if tuple(words[position : position + len(said)]) == said]
    return max(found, default=(0, ""))


def _counts(words: Sequence[str], position: int) -> bool:
    """Whether "over" says how many, as after a verb; after a noun it says how long: "in Otley over two days"."""
    before = words[position - 1] if position else ""
    noun = position > 1 and words[position - 2] in ("a", "an", "the", "my", "our", "her", "his", "their")
    return before in ("for", "of", "with", "to", "was", "were", "is", "are") or (
        bool(verb_forms(before)) and before != "live" and not noun
    )


def _number(words: Sequence[str], position: int) -> tuple[int, str, bool] | None:
    if position >= len(words):
        return None
    word = words[position]
    if found := _ORDINAL_DIGITS.match(word):
        return position + 1, f"#{int(found[1])}", True
    if "-" in word and (hyphened := _hyphened(word)):
        return position + 1, *hyphened
    if word in _ORDINALS:
        return position + 1, f"#{_ORDINALS[word]}", True
    return _cardinal(words, position)


def _hyphened(word: str) -> tuple[str, bool] | None:
    """Read "twenty-one" and "twenty-first"; "four-track" is a word."""
    tens, _, rest = word.partition("-")
    if tens in _TENS and rest in _SMALL:
        return str(_TENS[tens] + _SMALL[rest]), False
    if tens in _TENS and rest in _ORDINALS:
        return f"#{_TENS[tens] + _ORDINALS[rest]}", True
    return None


def _cardinal(words: Sequence[str], position: int) -> tuple[int, str, bool] | None:
    start, total, group = position, Fraction(0), None
    if words[position] == "half" and words[position + 1 : position + 3] == ["a", "dozen"]:
        return position + 3, "6", False
    while position < len(words):
        value = _value(words[position])
        following = words[position + 1] if position + 1 < len(words) else ""
        if words[position] in ("a", "an") and following in _SCALES and position == start:
            group = Fraction(1)
        elif value is not None and (
            group is None or (group % 100 == 0 and value < 100) or (group % 10 == 0 and value < 10)
        ):
            group = (group or 0) + value
        elif words[position] in _SCALES and group is not None:
            scaled = group * _SCALES[words[position]]
            total, group = (total + scaled, Fraction(0)) if scaled >= 1_000 else (total, scaled)
        elif words[position] == "and" and group is not None and words[position - 1] in _SCALES and _value(following):
            pass
        else:
            break
        position += 1
    if group is None:
        return None
    number = total + group
    return position, str(number if number.denominator > 1 else number.numerator), False


def _value(word: str) -> Fraction | None:
    if found := _DIGITS.match(word):
        return Fraction(found[1].replace(",", "") + (found[2] or ""))
    if word in _SMALL or word in _TENS:
        return Fraction(_SMALL.get(word, _TENS.get(word, 0)))
    hyphened = _hyphened(word) if "-" in word else None
    return Fraction(hyphened[0]) if hyphened and not hyphened[1] else None
