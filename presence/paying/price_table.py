"""The price list as a table that the artist fills in: a row for who asks and who writes, amounts in minor units.

What is typed is kept as it was typed until it can be a price list; what is wrong is said of its row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from billing import Currency, PriceList
from billing.errors import AmountWrong, PricesWrong
from billing.money import parsed
from billing.prices import TIERS, OfAct, Price

EVERYBODY = ANY = ""
WRITERS = {
    "quoting": "your notes, word for word",
    "llama": "a language model on this machine",
    "remote": "a language model elsewhere",
}
"""Who may write, by the name that a price list knows, in words."""
ROWS_MAX = 40
Place = tuple[str, str]
_MINOR = {"usd": "cents", "eur": "cents", "cad": "cents", "aud": "cents", "nzd": "cents", "gbp": "pence"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is typed: for a tier or everybody, by a writer or any; `why` says what is wrong with it."""

    tier: str = EVERYBODY
    writer: str = ANY
    price: str = ""
    each: str = ""
    most: str = ""
    why: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no amount is in it: such a row is no price."""
        return not (self.price or self.each or self.most)


@dataclass(frozen=True, slots=True)
class Table:
    """What one act costs, row by row; `own_at` is what is paid about one thing until it is hers."""

    rows: tuple[Row, ...] = ()
    own_at: str = ""
    buys: bool = False
    why: str = ""

    @property
    def is_right(self) -> bool:
        """Whether nothing in it is wrong."""
        return not self.why and not any(row.why for row in self.rows)


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, and what it comes to: nothing is None where the act is free, or something is wrong."""

    table: Table
    act: dict[str, Any] | None = field(default=None)


def minor_words(currency: Currency) -> str:
    """Name the minor unit, such as cents."""
    if not currency.digits:
        return currency.code.upper()
    return _MINOR.get(currency.code, f"hundredths of one {currency.code.upper()}")


def table_of(act: OfAct | None, currency: Currency) -> Table:
    """Write what an act costs as a table; its first row is for everybody."""
    if act is None:
        return Table((Row(),))
    rows = [_row(act, currency)]
    rows += [_row(price, currency, writer=writer) for writer, price in act.writers.items()]
    for tier in (tier for tier in TIERS if tier in act.tiers):
        rows.append(_row(act.tiers[tier], currency, tier))
        rows += [_row(price, currency, tier, writer) for writer, price in act.tiers[tier].writers.items()]
    own_at = "" if act.own_at is None else currency.minor_written(parsed(act.own_at))
    return Table(tuple(rows), own_at, act.buys)


def read(table: Table, currency: Currency) -> Read:
    """Read a table: what the price list is to say of the act, or what is wrong and where."""
    said = [row for row in table.rows if not row.is_empty]
    places = [(row.tier, row.writer) for row in said]
    checked = [_checked(row, places, places[:n], currency) for n, row in enumerate(said)]
    has_more = bool(table.own_at or table.buys)
    why = "Say what it costs, or nothing at all: then it is free." if has_more and not said else ""
    own_at = ""
    if table.own_at:
        try:
            own_at = currency.written(currency.parsed_minor(table.own_at))
        except AmountWrong as error:
            why = str(error)
    typed = Table(tuple(checked) or (Row(),), table.own_at, table.buys, why)
    if not typed.is_right or not said:
        return Read(typed)
    act = _prices(checked, currency) | ({"own_at": own_at} if own_at else {}) | ({"buys": True} if table.buys else {})
    return Read(typed, act)


def with_act(prices: PriceList, name: str, act: dict[str, Any] | None) -> dict[str, Any]:
    """Give the list with another price of one act; without one, the act is free."""
    written = prices.model_dump(exclude_none=True, exclude_defaults=True)
    acts = {other: kept for other, kept in written.get("acts", {}).items() if other != name}
    return written | {"acts": acts | ({name: act} if act is not None else {})}


def with_free(prices: PriceList, free: Mapping[str, Any]) -> dict[str, Any]:
    """Give the list with other free answers."""
    return prices.model_dump(exclude_none=True, exclude_defaults=True) | {"free": dict(free)}


def with_supporter(prices: PriceList, amounts: Mapping[str, str]) -> dict[str, Any]:
    """Give the list with other prices of a subscription; amounts are as people write them, an empty one is none."""
    written = prices.model_dump(exclude_none=True, exclude_defaults=True)
    kept = {name: amount.strip() for name, amount in amounts.items() if amount.strip()}
    if "gift" in kept and not kept.keys() & {"month", "year"}:
        raise PricesWrong("A credit comes with what is paid by the month or by the year: say one of both.")
    others = {name: value for name, value in written.items() if name != "supporter"}
    return others | ({"supporter": kept} if kept else {})


def _row(price: Price, currency: Currency, tier: str = EVERYBODY, writer: str = ANY) -> Row:
    each, most = price.per_sentence_micros, price.ceiling_micros
    if price.per_sentence is not None:
        return Row(tier, writer, "", currency.minor_written(each), currency.minor_written(most))
    return Row(tier, writer, currency.minor_written(most))


def _checked(row: Row, places: Sequence[Place], before: Sequence[Place], currency: Currency) -> Row:
    """Give a row with what is wrong with it; `places` are what the rows are for, `before` those above this one."""
    why = ""
    if (row.tier, row.writer) in before:
        why = "There is a price for these already, above. Leave one of both."
    elif (EVERYBODY, ANY) not in places:
        why = "Say also what it costs everybody, by any writer: that holds where nothing nearer does."
    elif row.tier and row.writer and (row.tier, ANY) not in places:
        why = "Say also what it costs them by any writer."
    else:
        why = _wrong_amounts(row, currency)
    return Row(row.tier, row.writer, row.price, row.each, row.most, why)


def _wrong_amounts(row: Row, currency: Currency) -> str:
    if row.price and (row.each or row.most):
        return "Either one price, or one for each sentence and the most. Leave the other empty."
    if not row.price and not (row.each and row.most):
        return "A price for each sentence needs the most that an answer may cost, and the other way round."
    try:
        amounts = [currency.parsed_minor(text) for text in (row.price, row.each, row.most) if text]
    except AmountWrong as error:
        return str(error)
    return "" if row.price or amounts[0] <= amounts[1] else "The most is at least the price of one sentence."


def _prices(rows: Sequence[Row], currency: Currency) -> dict[str, Any]:
    """Put rows that are right together, each where a price list has it."""
    act: dict[str, Any] = {}
    for row in rows:
        place = act.setdefault("tiers", {}).setdefault(row.tier, {}) if row.tier else act
        if row.writer:
            place.setdefault("writers", {})[row.writer] = _price(row, currency)
        else:
            place |= _price(row, currency)
    return act


def _price(row: Row, currency: Currency) -> dict[str, str]:
    if row.price:
        return {"price": currency.written(currency.parsed_minor(row.price))}
    each, most = (currency.written(currency.parsed_minor(text)) for text in (row.each, row.most))
    return {"per_sentence": each, "ceiling": most}
