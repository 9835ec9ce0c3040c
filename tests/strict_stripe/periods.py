"""Periods: months and years as a calendar counts them, and what a part of one is worth."""

import calendar
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from tests.strict_stripe.world import Object


def end_of_period(anchor: int, start: int, recurring: Object) -> int:
    """The first return of the anchor after the start; the 31st falls on the last day of shorter months."""
    months = recurring["interval_count"] * (12 if recurring["interval"] == "year" else 1)
    turns, end = 1, _months_later(anchor, months)
    while end <= start:
        turns += 1
        end = _months_later(anchor, months * turns)
    return end


def _months_later(moment: int, months: int) -> int:
    begun = datetime.fromtimestamp(moment, UTC)
    years, month = divmod(begun.month - 1 + months, 12)
    year, month = begun.year + years, month + 1
    day = min(begun.day, calendar.monthrange(year, month)[1])
    return int(begun.replace(year=year, month=month, day=day).timestamp())


def rest_of(amount: int, period: tuple[int, int], now: int) -> int:
    """The share of an amount that the rest of a period is worth, rounded half up."""
    share = Decimal(amount) * (period[1] - now) / (period[1] - period[0])
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
