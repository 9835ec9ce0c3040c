"""What an act costs: so far nothing, through the calls that a price list will answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A price before asking, in micro-units of the node's currency.

    `ceiling_micros` is what may be set aside at most; `free_because` is a reason for people;
    `version` names the price list, so that an offer keeps its price when the list changes.
    """

    price_micros: int
    ceiling_micros: int
    version: str
    free_because: str | None = None


class FreePrices:
    """A node without prices is free, for every act, tier and writer."""

    def offer(self, act: str, tier: int, writer: str) -> Offer:
        """Price one act."""
        return Offer(0, 0, version="free", free_because="This presence charges nothing.")
