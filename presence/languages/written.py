"""Dates and amounts as they are written in the language that is spoken now. Machines are told ISO elsewhere."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency

from billing import Currency
from billing.money import MICRO_DIGITS, MICROS
from presence.languages.choosing import ENGLISH
from presence.languages.tongue import language_spoken, speaking, written_decimal

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def written_date(date: str) -> str:
    """Write `2019-07-14` as `14 July 2019`, with the precision that it has."""
    parts = date.split("-")
    if len(parts) == 1 or not all(part.isdecimal() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    words = [_month(int(parts[1])), parts[0]]
    return " ".join([_day(int(parts[2])), *words] if len(parts) == 3 else words)


def written_day(seconds: float) -> str:
    """Write a moment, in Unix seconds, as its day."""
    return written_date(time.strftime("%Y-%m-%d", time.gmtime(seconds)))


def written_clock(seconds: float) -> str:
    """Write a moment, in Unix seconds, as its time of the day, in UTC."""
    return time.strftime("%H:%M UTC", time.gmtime(seconds))


def written_percent(text: str) -> str:
    """Write a share that stands in English, such as `12.5 %`."""
    return text if language_spoken() == ENGLISH else text.replace(".", ",").replace(" ", "\N{NO-BREAK SPACE}")


def written_money(currency: Currency, micros: int, digits_min: int = 0) -> str:
    """Write an amount: cents, and fractions of cents where there are any, or where its column has them."""
    spoken = language_spoken()
    if spoken == ENGLISH:
        return currency.shown(micros, digits_min)
    least = max(currency.digits, digits_min)
    digits = "0" * least + "#" * (MICRO_DIGITS - least)
    form = Locale.parse(spoken).currency_formats["standard"].pattern.replace("0.00", f"0.{digits}")
    amount = Decimal(micros) / MICROS
    return str(format_currency(amount, currency.code.upper(), form, locale=spoken, currency_digits=False))


def written_column(currency: Currency, amounts: Sequence[int]) -> list[str]:
    """Write amounts that stand below each other: with as many digits as one of them needs, so that points meet."""
    digits = max((currency.needed(micros) for micros in amounts), default=0)
    return [written_money(currency, micros, digits) for micros in amounts]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount inside a sentence, in micros."""

    currency: Currency
    micros: int

    def __str__(self) -> str:
        """Write it in English."""
        return self.currency.shown(self.micros)

    def spoken(self) -> str:
        """Write it in the language that is spoken now."""
        return written_money(self.currency, self.micros)


@dataclass(frozen=True, slots=True)
class Day:
    """A day inside a sentence: a moment of it, in Unix seconds."""

    seconds: float

    def __str__(self) -> str:
        """Write it in English."""
        with speaking(ENGLISH, ""):
            return written_day(self.seconds)

    def spoken(self) -> str:
        """Write it in the language that is spoken now."""
        return written_day(self.seconds)


@dataclass(frozen=True, slots=True)
class Decimals:
    """A number inside a sentence, with so many digits behind its point."""

    number: float
    digits: int

    def __str__(self) -> str:
        """Write it in English."""
        return f"{self.number:,.{self.digits}f}"

    def spoken(self) -> str:
        """Write it in the language that is spoken now."""
        return written_decimal(self.number, self.digits)


def _month(month: int) -> str:
    spoken = language_spoken()
    return _MONTHS[month - 1] if spoken == ENGLISH else str(Locale.parse(spoken).months["format"]["wide"][month])


def _day(day: int) -> str:
    return "1er" if day == 1 and language_spoken() == "fr" else str(day)
