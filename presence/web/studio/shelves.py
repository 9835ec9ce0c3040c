"""What the pages of notes, things and answers have in common: pages of a list, tiers to choose, news of a deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import RedirectResponse

from billing import BillingError
from knowledge import KnowledgeError
from knowledge.tiering import TIER_NAMES, tier_of_name
from models import ModelError
from presence.errors import PresenceError
from trustgraph import TrustError

REFUSED = (PresenceError, KnowledgeError, TrustError, BillingError, ModelError)
"""What a page says as a sentence, with what was typed still in its fields."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where one stands among the pages of a list; addresses are "" where there is no page."""

    number: int
    pages: int
    before: str
    after: str


def leaf_of(address: str, number: int, pages: int, asked: Mapping[str, object]) -> Leaf:
    """Give the ways to the pages beside this one; `asked` is what the list is narrowed by."""

    def way(to: int) -> str:
        kept = {name: value for name, value in asked.items() if value not in ("", None, False)}
        return f"{address}?{urlencode({**kept, 'page': to})}" if 1 <= to <= pages else ""

    return Leaf(number, pages, way(number - 1), way(number + 1))


def tier_asked(name: str) -> int | None:
    """Give the tier that a form names; None for "" or a name that is none."""
    return tier_of_name(name)


def back_to(address: str, **news: object) -> RedirectResponse:
    """Lead to a page that says what was done."""
    told = {name: value for name, value in news.items() if value not in ("", None)}
    return RedirectResponse(f"{address}?{urlencode(told)}" if told else address, status_code=303)


def plain_lines(text: str) -> str:
    """Give a text from a form with the line ends that files have."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


TIERS = tuple(enumerate(TIER_NAMES))
