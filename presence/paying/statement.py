"""A wallet as its owner reads it: what came in and what went out, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing import Wallet
from billing.wallets import Line, Wallets

PRACTICE = "practice"
WORDS = {
    "top_up": "Paid in",
    "gift": "Given to you",
    "expiry": "What was given to you has ended",
    "capture": "Paid for an answer",
    "tip": "Tip",
    "subscription": "Subscription",
    "refund": "Paid back to you",
    "dispute": "Taken back by a card’s owner",
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


def statement_of(wallets: Wallets, wallet: Wallet) -> list[Told]:
    """Give every line, the newest first; what was paid from two pockets is one line."""
    told: dict[str, Told] = {}
    for line in wallets.lines(wallet):
        before = told.get(line.ident)
        told[line.ident] = replace(before, micros=before.micros + line.micros) if before else _told(line)
    return list(reversed(told.values()))


def has_practiced(lines: Sequence[Told]) -> bool:
    """Whether practice credit was given before."""
    return any(line.ident.startswith(f"{PRACTICE}:") for line in lines)


def _told(line: Line) -> Told:
    words = "Practice credit" if line.about.get("why") == PRACTICE else WORDS.get(line.kind, line.kind)
    receipt = line.about.get("receipt")
    return Told(line.ident, line.kind, words, line.at, line.micros, None if receipt is None else str(receipt))
