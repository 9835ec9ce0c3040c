"""The price list as it is told to everybody: what each act costs, what is free, and when one pays."""

from typing import Any

from billing import Currency, PriceList
from billing.money import parsed
from billing.prices import TIERS, OfAct, Price
from presence.asking.question import ACTS
from presence.languages import later

ACT_WORDS = {
    "ask": later("A question"),
    "recommend": later("Recommend me something"),
    "record": later("Tell me about this record"),
    "set": later("Talk me through this set"),
    "mixtape": later("A mixtape"),
}
PAID = (
    later("An answer that was given is paid."),
    later("Who stops an answer at its first line, the best one, pays nothing; who stops later pays."),
)
FREE = (
    later("What is not in the notes"),
    later("Being asked back what you mean"),
    later("A question that is refused"),
    later("An answer that fails, or is broken off"),
    later("An answer that is not open to you any more"),
)
SET_ASIDE = later(
    "Before an answer is written, the most that it may cost is set aside. What was not needed is yours again."
)
PROCESSOR = later(
    "No price here has a part for anybody between you and the artist. Where cards are taken, what the card processor "
    "takes is shown beside the payment."
)


def told(version: str, prices: PriceList, currency: Currency, seller: str, tax: str) -> dict[str, Any]:
    """Tell the list to a program, with who sells, and whether tax is `off`, `on_top` of prices or `included`."""
    return {
        "version": version,
        "currency": currency.code,
        "seller": seller,
        "tax": tax,
        "acts": [_act(name, act, currency) for name, act in prices.acts.items()],
        "free": {
            "first": prices.free.first,
            "first_per_client_a_day": prices.free.first_per_client_a_day,
            "first_a_day": prices.free.first_a_day,
            "month": dict(prices.free.month),
        },
        "charging": {"paid": list(PAID), "free": list(FREE), "set_aside": SET_ASIDE, "processor": PROCESSOR},
    }


def _act(name: str, act: OfAct, currency: Currency) -> dict[str, Any]:
    rows = [_price(act, currency, None, None)]
    rows += [_price(price, currency, None, writer) for writer, price in act.writers.items()]
    for tier in (tier for tier in TIERS if tier in act.tiers):
        rows.append(_price(act.tiers[tier], currency, tier, None))
        rows += [_price(price, currency, tier, writer) for writer, price in act.tiers[tier].writers.items()]
    own_at = parsed(act.own_at) if act.own_at is not None else None
    return {
        "act": name,
        "offered": name in ACTS,
        "prices": rows,
        "buys": act.buys,
        "own_at_micros": own_at,
        "own_at": None if own_at is None else currency.shown(own_at),
    }


def _price(price: Price, currency: Currency, tier: str | None, writer: str | None) -> dict[str, Any]:
    each = price.per_sentence_micros
    return {
        "tier": tier,
        "writer": writer,
        "per_sentence_micros": each or None,
        "ceiling_micros": price.ceiling_micros,
        "shown": _shown(price.ceiling_micros, each, currency),
    }


def _shown(ceiling: int, each: int, currency: Currency) -> str:
    if not ceiling:
        return "free"
    return f"{currency.shown(each)} a sentence, {currency.shown(ceiling)} at most" if each else currency.shown(ceiling)
