"""What an act costs: the artist's price list, in versions, and the offer that pins one price for a while.

A price is fixed, or by sentences with a ceiling. The nearest one holds: for this tier and this writer,
for this tier, for this writer, for everybody. A node without a price list is free.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from billing.errors import AmountWrong, PricesWrong
from billing.money import parsed

ACTS = ("ask", "recommend", "record", "set", "mixtape")
"""Ask; recommend me something; tell me about this record; talk me through this set; a mixtape."""
TIERS = ("public", "follower", "supporter", "circle", "inner")
COUNT_MAX = 1_000_000
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)


class Price(BaseModel):
    """One price: `price`, or `per_sentence` with a `ceiling`."""

    model_config = _STRICT

    price: str | None = None
    per_sentence: str | None = None
    ceiling: str | None = None

    @field_validator("price", "per_sentence", "ceiling")
    @classmethod
    def _is_amount(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                parsed(text)
            except AmountWrong as error:
                raise ValueError(str(error)) from error
        return text

    @model_validator(mode="after")
    def _is_one_way(self) -> "Price":
        by_sentences = (self.per_sentence is not None, self.ceiling is not None)
        if by_sentences not in ((False, False), (True, True)) or (self.price is None) != all(by_sentences):
            raise ValueError("say either price, or per_sentence and ceiling")
        if self.per_sentence is not None and self.per_sentence_micros > self.ceiling_micros:
            raise ValueError("the ceiling is at least the price of one sentence")
        return self

    @property
    def per_sentence_micros(self) -> int:
        """What a sentence costs; nothing where the price is fixed."""
        return parsed(self.per_sentence or "0")

    @property
    def ceiling_micros(self) -> int:
        """What it costs at most."""
        return parsed(self.ceiling or self.price or "0")


class OfTier(Price):
    """A price for one tier, with its own by writer."""

    writers: dict[str, Price] = Field(default_factory=dict)


class OfAct(Price):
    """The price of an act; `own_at`: what was paid about one thing until it is hers; `buys`: paid once, hers."""

    tiers: dict[str, OfTier] = Field(default_factory=dict)
    writers: dict[str, Price] = Field(default_factory=dict)
    own_at: str | None = None
    buys: bool = False

    @field_validator("own_at")
    @classmethod
    def _is_price(cls, text: str | None) -> str | None:
        return Price(price=text).price if text is not None else None

    @field_validator("tiers")
    @classmethod
    def _are_tiers(cls, tiers: dict[str, OfTier]) -> dict[str, OfTier]:
        _refuse_unknown(tiers, TIERS, "tier")
        return tiers

    def nearest(self, tier: str, writer: str) -> Price:
        """Give the price that holds."""
        of_tier = self.tiers.get(tier)
        if of_tier is not None:
            return of_tier.writers.get(writer, of_tier)
        return self.writers.get(writer, self)


class OfFree(BaseModel):
    """Answers that cost nothing: the first ones of whoever is new, and some a month by tier.

    Keys cost nothing, so the first ones are few for one address and for everybody, each day.
    """

    model_config = _STRICT

    first: int = Field(0, ge=0, le=COUNT_MAX)
    first_per_client_a_day: int = Field(20, ge=0, le=COUNT_MAX)
    first_a_day: int = Field(1_000, ge=0, le=COUNT_MAX)
    month: dict[str, int] = Field(default_factory=dict)

    @field_validator("month")
    @classmethod
    def _are_tiers(cls, month: dict[str, int]) -> dict[str, int]:
        _refuse_unknown(month, TIERS, "tier")
        if any(not 0 <= count <= COUNT_MAX for count in month.values()):
            raise ValueError("free answers a month are counted from zero up")
        return month


class OfSupporters(BaseModel):
    """What a supporter pays a month or a year, and the allowance that each such period brings."""

    model_config = _STRICT

    month: str | None = None
    year: str | None = None
    gift: str | None = None

    @field_validator("month", "year", "gift")
    @classmethod
    def _is_price(cls, text: str | None) -> str | None:
        return Price(price=text).price if text is not None else None


class PriceList(BaseModel):
    """Everything that the artist charges for."""

    model_config = _STRICT

    acts: dict[str, OfAct] = Field(default_factory=dict)
    supporter: OfSupporters | None = None
    free: OfFree = OfFree()

    @field_validator("acts")
    @classmethod
    def _are_acts(cls, acts: dict[str, OfAct]) -> dict[str, OfAct]:
        _refuse_unknown(acts, ACTS, "act")
        return acts


def price_list(written: Mapping[str, Any]) -> PriceList:
    """Read a price list, or raise `PricesWrong` with the place and what to do."""
    try:
        return PriceList.model_validate(written)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the list"
        why = first["msg"].removeprefix("Value error, ")
        if first["type"] == "string_type":
            why = 'write amounts in quotes, such as "0.02", so that no digit is lost'
        raise PricesWrong(f"{place}: {why}.") from error


@dataclass(frozen=True, slots=True)
class Free:
    """A free place: one of `most` under a name; those of newcomers are counted by client and by day, too."""

    name: str
    most: int
    per_client_a_day: int | None = None
    a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A price before asking, in micros of the node's currency.

    `ceiling_micros` is what may be set aside at most; `free_because` is a reason for people;
    `version` names the price list, so that an offer keeps its price when the list changes. `thing`
    is what it is about, `buys` makes that hers; `free` is the place that it takes instead of money.
    """

    price_micros: int
    ceiling_micros: int
    version: str
    free_because: str | None = None
    per_sentence_micros: int = 0
    thing: str | None = None
    buys: bool = False
    own_at_micros: int = 0
    free: Free | None = None

    def owed(self, sentences: int) -> int:
        """Give what is owed for an answer of so many sentences: never above the ceiling."""
        if not self.per_sentence_micros:
            return self.price_micros
        return min(self.ceiling_micros, self.per_sentence_micros * sentences)

    def as_json(self) -> dict[str, Any]:
        """Give the offer as it is kept."""
        return asdict(self)


def offer_of(kept: Mapping[str, Any]) -> Offer:
    """Read an offer as it was kept."""
    free = kept.get("free")
    return Offer(**{**kept, "free": Free(**free) if free else None})


def _refuse_unknown(names: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{name!r} is no {what}; there are {', '.join(known)}")
