"""Sentences that are made in code and said later, in the language of whoever reads them."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class Spoken(Protocol):
    """Something inside a sentence that each language writes in its own way, such as an amount."""

    def spoken(self) -> str:
        """Write it in the language that is spoken now."""
        ...


class Said(str):
    """An English sentence that remembers its form and what was put into it.

    To everything that knows nothing of languages it is that English text; whole numbers in it are written with their
    thousands apart.
    """

    __slots__ = ("form", "many", "number", "values")

    form: str
    many: str | None
    number: int
    values: dict[str, object]

    def __new__(
        cls, form: str, many: str | None, number: int, values: dict[str, object], english: str | None = None
    ) -> "Said":
        """Make it of a form with `{names}`; with a second form, the number says which of both is meant."""
        if english is None:
            meant = form if many is None or number == 1 else many
            english = meant.format(**{name: _shown(value) for name, value in values.items()})
        made = super().__new__(cls, english)
        made.form, made.many, made.number, made.values = form, many, number, values
        return made

    def __getnewargs__(self) -> tuple[str, str | None, int, dict[str, object], str]:  # type: ignore[override]
        """Say how a copy is made."""
        return self.form, self.many, self.number, self.values, str(self)


def translated_as(english: str, form: str) -> Said:
    """Give an English sentence that other languages say by another one."""
    return Said(form, None, 1, {}, english)


def later(words: str) -> str:
    """Mark words for the catalogue and give them back as they are."""
    return words


def said(form: str, /, **values: object) -> Said:
    """Make a sentence of a form with `{names}` in it, and of what belongs there."""
    return Said(form, None, 1, values)


def said_many(one: str, many: str, n: int, /, **values: object) -> Said:
    """Make a sentence of one of two forms, by a number; it stands in both as `{n}`."""
    return Said(one, many, n, {"n": n, **values})


def together(first: str, second: str) -> Said:
    """Put two sentences one after the other."""
    return Said("{first} {second}", None, 1, {"first": _sentence(first), "second": _sentence(second)})


def in_a_row(parts: Sequence[str]) -> Said:
    """Put sentences, or parts of one, after each other with commas between them."""
    form = ", ".join(f"{{p{number}}}" for number in range(len(parts)))
    return Said(form, None, 1, {f"p{number}": _sentence(part) for number, part in enumerate(parts)})


def _sentence(words: str) -> Said:
    return words if isinstance(words, Said) else translated_as(words, words)


def _shown(value: object) -> object:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
