"""What each tier opens, as the artist sets it: how often one may ask, how long answers get, what is remembered.

Terms are told to everybody, so they must never be made from what lies behind them: the teaser is
in the artist's own words or not there at all.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import Connection, delete, insert, select

from billing.plain import Plain, statement
from presence.database import Database
from presence.errors import TermsWrong
from presence.languages import later
from presence.tables import tier_terms
from presence.write_lane import WriteLane
from trustgraph import Tier

SENTENCES_MAX = 12
QUESTIONS_MAX = 100_000


class Terms(BaseModel):
    """What one tier opens. A limit of a day that is None is no limit; `sentences` is the longest answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=40)
    questions_per_day: int | None = Field(None, ge=1, le=QUESTIONS_MAX)
    sentences_per_day: int | None = Field(None, ge=1, le=QUESTIONS_MAX * SENTENCES_MAX)
    sentences: int = Field(4, ge=1, le=SENTENCES_MAX)
    remembers: bool = True
    may_ask: bool = True
    teaser: str = Field("", max_length=400)

    @field_validator("name", "teaser")
    @classmethod
    def _printable(cls, text: str) -> str:
        cleaned = " ".join(text.split())
        if not cleaned.isprintable():
            raise ValueError("no signs that cannot be seen")
        return cleaned


DEFAULTS = {
    Tier.PUBLIC: Terms(name=later("open to all"), remembers=False),
    Tier.FOLLOWER: Terms(name=later("followers")),
    Tier.SUPPORTER: Terms(name=later("supporters"), sentences=6),
    Tier.CIRCLE: Terms(name=later("circle"), sentences=8),
    Tier.INNER: Terms(name=later("inner circle"), sentences=8),
}
"""Nobody's questions are counted until the artist says how many; the writer's queue guards the machine."""


_OF_TIER = statement("SELECT terms FROM tier_terms WHERE tier = :tier")


class TierTerms:
    """Keeps terms; what was never set is as in `DEFAULTS`."""

    def __init__(self, database: Database, lane: WriteLane) -> None:
        self._database = database
        self._lane = lane

    def of(self, tier: int) -> Terms:
        """Give the terms of a tier."""
        with self._database.records() as records:
            kept = Plain(records).row(_OF_TIER, tier=int(tier))
        return _terms(tier, None if kept is None else kept[0])

    def all(self) -> list[Terms]:
        """Give the terms of every tier, the lowest first."""
        with self._database.records() as records:
            kept = {row.tier: row.terms for row in records.execute(select(tier_terms))}
        return [_terms(tier, kept.get(int(tier))) for tier in Tier]

    def names(self) -> tuple[str, ...]:
        """Give the names of the tiers, the lowest first."""
        return tuple(terms.name for terms in self.all())

    def teased(self, tier: int) -> tuple[Tier, str] | None:
        """Give the nearest tier above this one of which the artist says something, with that."""
        above = ((higher, terms.teaser) for higher, terms in zip(Tier, self.all(), strict=True) if higher > tier)
        return next(((higher, teaser) for higher, teaser in above if teaser), None)

    def sentences(self, tier: int) -> int:
        """Give how many sentences of the notes an answer may quote."""
        return self.of(tier).sentences

    def change(self, tier: Tier, **changes: Any) -> Terms:
        """Change some of the terms of a tier, or raise `TermsWrong`."""
        try:
            changed = Terms(**{**self.of(tier).model_dump(), **changes})
        except ValidationError as error:
            first = error.errors()[0]
            raise TermsWrong(str(first["loc"][0]), str(first["msg"])) from error

        def keep(owner: Connection) -> None:
            owner.execute(delete(tier_terms).where(tier_terms.c.tier == int(tier)))
            owner.execute(insert(tier_terms).values(tier=int(tier), terms=changed.model_dump_json()))

        self._lane.run(keep)
        return changed


def _terms(tier: int, kept: str | None) -> Terms:
    default = DEFAULTS[Tier(tier)]
    return default if kept is None else Terms(**{**default.model_dump(), **json.loads(kept)})
