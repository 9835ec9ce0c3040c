"""The language in which something is being written now: inside `speaking` that of its reader, elsewhere English."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from babel.numbers import format_decimal

from presence.languages.catalogue import catalogue_of, elided
from presence.languages.choosing import ENGLISH
from presence.languages.retelling import retold
from presence.languages.sentences import Said, Spoken


@dataclass(frozen=True, slots=True)
class Speaker:
    """A language, and the artist of whom it speaks."""

    language: str = ENGLISH
    artist: str = ""


_speaker: ContextVar[Speaker] = ContextVar("speaker", default=Speaker())  # noqa: B039 - it is frozen


@contextmanager
def speaking(language: str, artist: str) -> Iterator[None]:
    """Say everything in one language meanwhile."""
    before = _speaker.set(Speaker(language, artist))
    try:
        yield
    finally:
        _speaker.reset(before)


def language_spoken() -> str:
    """Give the code of the language that is spoken now."""
    return _speaker.get().language


def find(words: str) -> str:
    """Give the words of the catalogue for English ones, names in it not put in yet; without any, the English."""
    speaker = _speaker.get()
    found = catalogue_of(speaker.language).gettext(words) if words else words
    return elided(found, speaker.language, speaker.artist)


def find_many(one: str, many: str, number: int) -> str:
    """Do the same where a number says which form is meant."""
    speaker = _speaker.get()
    return elided(catalogue_of(speaker.language).ngettext(one, many, number), speaker.language, speaker.artist)


def say(words: str, /, **values: object) -> str:
    """Say a form such as `at {time}` now."""
    return wording(Said(words, None, 1, values))


def say_many(one: str, many: str, n: int, /, **values: object) -> str:
    """Say one of two forms now, by a number; it stands in both as `{n}`."""
    return wording(Said(one, many, n, {"n": n, **values}))


def wording(words: object) -> str:
    """Say what was made in code, or is one of the sentences of the catalogue; anything else stays as it is."""
    if not isinstance(words, Said):
        plain = str(words)
        found = find(plain)
        made = retold(plain) if found == plain and language_spoken() != ENGLISH else None
        return found if made is None else wording(made)
    if language_spoken() == ENGLISH:
        return str(words)
    form = find(words.form) if words.many is None else find_many(words.form, words.many, words.number)
    return form.format(**{name: _put_in(value) for name, value in words.values.items()}) if words.values else form


def written_number(number: int) -> str:
    """Write a whole number with its thousands apart."""
    spoken = language_spoken()
    return f"{number:,}" if spoken == ENGLISH else format_decimal(number, locale=spoken)


def written_decimal(number: float, digits: int = 1) -> str:
    """Write a number with so many digits behind its point."""
    spoken = language_spoken()
    if spoken == ENGLISH:
        return f"{number:,.{digits}f}"
    form = "#,##0" + ("." + digits * "0" if digits else "")
    return format_decimal(round(number, digits), format=form, locale=spoken)


def _put_in(value: object) -> object:
    if isinstance(value, Said):
        return wording(value)
    if isinstance(value, Spoken):
        return value.spoken()
    return written_number(value) if isinstance(value, int) and not isinstance(value, bool) else value
