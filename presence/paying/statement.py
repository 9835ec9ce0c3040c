"""A wallet as its owner reads it: what came in and what went out, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing import Wallet
from billing.wallets import Line, Wallets
from presence.languages import later

PRACTICE = "practice"
WORDS = {
    "top_up": later("Paid in"),
    "gift": later("Given to you"),
    "expiry": later("What was given to you has ended"),
    "capture": later("Paid for an answer"),
    "tip": later("Tip"),
    "subscription": later("Subscription"),
    "refund": later("Paid back to you"),
    "dispute": later("Taken back by a card’s owner"),
}
_CAPTURE = "capture:"


@dataclass(frozen=True, slots=True)
class Told:
    """One line: above zero came in, below went out; time in Unix milliseconds."""

    ident: str
    kind: str
    words: str
    at: int
    micros: int
    receipt: str | None

    @property
    def question(self) -> str | None:
        """Which question was paid for."""
        return self.ident.removeprefix(_CAPTURE) if self.kind == "capture" else None


def statement_of(wallets: Wallets, wallet: Wallet, *, newest: int | None = None) -> list[Told]:
    """Give every line, the newest first, or so many of the newest; what was paid from two pockets is one line."""
    # Of the oldest that was read one pocket may lie beyond the end.
    return _together(wallets.lines(wallet, newest=None if newest is None else newest + 1))[:newest]


def paid_with(wallets: Wallets, wallet: Wallet, receipt: str) -> Told | None:
    """Give the line that a receipt, by its id, is of."""
    return next((line for line in _together(wallets.lines(wallet, receipt=receipt)) if line.receipt == receipt), None)


def _together(lines: Sequence[Line]) -> list[Told]:
    told: dict[str, Told] = {}
    for line in lines:
        before = told.get(line.ident)
        told[line.ident] = replace(before, micros=before.micros + line.micros) if before else _told(line)
    return list(reversed(told.values()))


def has_practiced(lines: Sequence[Told]) -> bool:
    """Whether practice credit was given before."""
    return any(line.ident.startswith(f"{PRACTICE}:") for line in lines)


def _told(line: Line) -> Told:
    words = later("Practice credit") if line.about.get("why") == PRACTICE else WORDS.get(line.kind, line.kind)
    receipt = line.about.get("receipt")
    return Told(line.ident, line.kind, words, line.at, line.micros, None if receipt is None else str(receipt))
