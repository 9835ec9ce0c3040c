"""Amounts: integers of a millionth of the node's one currency, and how people write and read them.

No amount is ever a float. What is paid outside (cards, banks) comes in minor units, such as cents.
"""

import re
from dataclasses import dataclass

from billing.errors import AmountWrong, CurrencyWrong

MICROS = 1_000_000
MICRO_DIGITS = 6
AMOUNT_MAX = 10**15
"""A thousand million of the currency: more is a mistake. It is below 2^53, so that JSON carries it everywhere."""

_WRITTEN = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,6}))?", re.ASCII)
_WRITTEN_MINOR = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,6}))?", re.ASCII)
_SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}
_WITHOUT_MINOR = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf")
)


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency, in small letters as payment processors write it."""

    code: str = "usd"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]{3}", self.code, re.ASCII):
            raise CurrencyWrong(self.code, "a code of three letters")

    @property
    def digits(self) -> int:
        """How many digits a price tag has after the point."""
        return 0 if self.code in _WITHOUT_MINOR else 2

    @property
    def minor_micros(self) -> int:
        """How many micros a minor unit (a cent) has."""
        return int(10 ** (MICRO_DIGITS - self.digits))

    def micros_of_minor(self, minor: int) -> int:
        """Give the micros of an amount in minor units."""
        return checked(minor * self.minor_micros)

    def minor_of(self, micros: int) -> tuple[int, int]:
        """Give the whole minor units of an amount, and the micros that remain."""
        return divmod(micros, self.minor_micros)

    def needed(self, micros: int) -> int:
        """Count the digits that an amount needs after its point: those of cents, and more where there are fractions."""
        return max(self.digits, len(f"{abs(micros) % MICROS:0{MICRO_DIGITS}d}".rstrip("0")))

    def shown(self, micros: int, digits_min: int = 0) -> str:
        """Write an amount for people: cents, and fractions of cents where there are any, or where a column has them."""
        whole, fraction = divmod(abs(micros), MICROS)
        digits = f"{fraction:0{MICRO_DIGITS}d}"[: max(digits_min, self.needed(micros))]
        number = f"{whole:,}" + (f".{digits}" if digits else "")
        sign = "−" if micros < 0 else ""
        known = _SIGNS.get(self.code)
        return f"{sign}{known}{number}" if known else f"{sign}{number} {self.code.upper()}"

    def minor_written(self, micros: int) -> str:
        """Write an amount in minor units, with fractions where there are any, as `parsed_minor` reads it."""
        whole, fraction = divmod(micros, self.minor_micros)
        digits = f"{fraction:0{MICRO_DIGITS - self.digits}d}".rstrip("0")
        return f"{whole}.{digits}" if digits else str(whole)

    def parsed_minor(self, text: str) -> int:
        """Read an amount in minor units, such as `2` or `0.25` cents, as micros. Raises `AmountWrong`."""
        found = _WRITTEN_MINOR.fullmatch(text.strip())
        fraction = (found[2] or "") if found is not None else ""
        if found is None or len(fraction) > MICRO_DIGITS - self.digits:
            most = MICRO_DIGITS - self.digits
            raise AmountWrong(f"{text!r} is no amount: write digits with a point, at most {most} after it.")
        micros = int(found[1]) * self.minor_micros + int(fraction.ljust(MICRO_DIGITS - self.digits, "0"))
        return micros if micros == 0 else checked(micros)

    def written(self, micros: int) -> str:
        """Write an amount without its sign, as `parsed` reads it."""
        whole, fraction = divmod(micros, MICROS)
        digits = f"{fraction:0{MICRO_DIGITS}d}".rstrip("0").ljust(self.digits, "0")
        return f"{whole}.{digits}" if digits else str(whole)

    def same(self, code: str) -> None:
        """Refuse another currency."""
        if code.lower() != self.code:
            raise CurrencyWrong(code, self.code)


def checked(micros: int) -> int:
    """Give an amount back that is above nothing and not absurd, or raise `AmountWrong`."""
    if isinstance(micros, bool) or not isinstance(micros, int):
        raise AmountWrong("An amount of money is a whole number of its smallest unit.")
    if not 0 < micros <= AMOUNT_MAX:
        raise AmountWrong("An amount of money is above zero and at most a thousand million.")
    return micros


def parsed(text: str) -> int:
    """Read an amount as people write it, such as `0.02`: digits, a point, six more digits at most."""
    found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise AmountWrong(f"{text!r} is no amount: write digits with a point, such as 0.02.")
    whole, fraction = found.groups()
    micros = int(whole) * MICROS + int((fraction or "").ljust(MICRO_DIGITS, "0"))
    return micros if micros == 0 else checked(micros)
