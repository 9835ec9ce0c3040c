"""How far a program's key goes, as a form asks it: how long, up to which tier, how often, for how much a day."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from billing.money import parsed
from presence.sessions.bearer import DAY_SECONDS, DAYS_MAX, Wanted
from presence.web.amounts import AMOUNT_CHARS_MAX, with_a_point
from presence.web.keys import QUESTIONS_MAX, TierName
from trustgraph import Tier, tier_named

DAYS = (1, 7, 30, 90, 365)
DAYS_AT_FIRST = 30
QUESTIONS_AT_FIRST = 50


class KeyForm(BaseModel):
    """What a key is to open at most; nothing of it opens more than its owner may read at that moment."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(DAYS_AT_FIRST, ge=1, le=DAYS_MAX)
    tier_max: TierName = "inner"
    questions: int = Field(QUESTIONS_AT_FIRST, ge=1, le=QUESTIONS_MAX)
    spend: str = Field("0", max_length=AMOUNT_CHARS_MAX)

    def wanted(self, label: str) -> Wanted:
        """Give what is asked for; raises `AmountWrong`."""
        micros = parsed(with_a_point(self.spend.strip() or "0"))
        tier = int(tier_named(self.tier_max))
        return Wanted(label, self.days * DAY_SECONDS, tier, self.questions, spend_micros_per_day=micros)


def choices(tier: int) -> dict[str, Any]:
    """Give what the form shows to somebody who may read up to a tier."""
    return {
        "days": DAYS,
        "days_at_first": DAYS_AT_FIRST,
        "questions_at_first": QUESTIONS_AT_FIRST,
        "lower_tiers": [(one.slug, int(one)) for one in reversed(Tier) if one < tier],
    }
