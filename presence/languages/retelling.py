"""Finds how a sentence was made that comes from where no languages are known, or that was kept as a plain text."""

import re
from functools import cache, lru_cache

from presence.languages.elsewhere import FILLED_IN, WORDS
from presence.languages.reasons import REASONS
from presence.languages.sentences import Said

CHARS_MAX = 2_000
_NAME = re.compile(r"\{(\w+)\}")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


@lru_cache(maxsize=4_096)
def retold(english: str) -> Said | None:
    """Give a sentence with its form and what was put into it, or None for what has no such form.

    Of several forms that fit, the one of the most letters counts; what is put in is retold itself.
    """
    if len(english) > CHARS_MAX:
        return None
    for form, pattern in _patterns():
        found = pattern.fullmatch(english)
        if found is not None:
            values = {name: _value(text) for name, text in found.groupdict().items()}
            return Said(form, None, 1, values, english)
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    every = {form for forms in (*WORDS.values(), *REASONS.values(), FILLED_IN) for form in forms}
    made = sorted((form for form in every if _NAME.search(form)), key=lambda form: -len(_NAME.sub("", form)))
    return tuple((form, _pattern(form)) for form in made)


@cache
def _plain() -> frozenset[str]:
    return frozenset(form for forms in (*WORDS.values(), *REASONS.values()) for form in forms if "{" not in form)


def _pattern(form: str) -> re.Pattern[str]:
    pieces, seen = list[str](), set[str]()
    for place, piece in enumerate(_NAME.split(form)):
        if place % 2 == 0:
            pieces.append(re.escape(piece))
        elif piece in seen:
            pieces.append(f"(?P={piece})")
        else:
            seen.add(piece)
            pieces.append(f"(?P<{piece}>.+?)")
    return re.compile("".join(pieces), re.DOTALL)


def _value(text: str) -> object:
    if _THOUSANDS.fullmatch(text):
        return int(text.replace(",", ""))
    return Said(text, None, 1, {}, text) if text in _plain() else retold(text) or text
