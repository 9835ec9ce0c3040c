"""Renders pages with Jinja; everything is escaped, nothing is fetched from elsewhere."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from knowledge.facts.phrases import clock
from presence.web.disclosure import how_written, label

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

TIER_MARKS = ("○", "◔", "◑", "◕", "●")
TIER_WORDS = ("open to all", "followers", "supporters", "circle", "inner circle")

_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def tier_mark(tier: int, words: Sequence[str] = TIER_WORDS) -> str:
    """A sign and a word for a tier, never a colour alone."""
    return f"{TIER_MARKS[tier]} {words[tier]}"


@pass_context
def _tier_mark(context: Context, tier: int) -> str:
    """Do the same in the artist's own words."""
    return tier_mark(tier, context["tier_names"])


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def written_date(date: str) -> str:
    """Write `2019-07-14` as `14 July 2019`, with the precision that it has."""
    parts = date.split("-")
    if len(parts) == 1 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    words = [_MONTHS[int(parts[1]) - 1], parts[0]]
    return " ".join([str(int(parts[2])), *words] if len(parts) == 3 else words)


def place_words(locator: dict[str, Any]) -> str:
    """Say where a sentence stands: at a time of a set, under a heading, on a line."""
    parts = []
    if "time" in locator:
        parts.append(f"at {locator['time']}")
    elif "heading" in locator:
        parts.append(f"under “{locator['heading']}”")
    if "place" in locator:
        parts.append(str(locator["place"]))
    if "line" in locator:
        parts.append(f"line {locator['line']}")
    return ", ".join(parts)


def written_day(seconds: float) -> str:
    """Write a moment, in Unix seconds, as its day."""
    return written_date(time.strftime("%Y-%m-%d", time.gmtime(seconds)))


def said_at(address: str) -> str:
    """Say the moment of a recording's address, such as `/audio/x#t=2600`, as a clock does: `0:43:20`."""
    seconds = address.partition("#t=")[2]
    return clock(int(float(seconds) * 1000)) if seconds else clock(0)


def written_clock(seconds: float) -> str:
    """Write a moment, in Unix seconds, as its time of the day, in UTC."""
    return time.strftime("%H:%M UTC", time.gmtime(seconds))


def iso_time(seconds: float) -> str:
    """Write a moment, in Unix seconds, for machines."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


_environment.filters["written_clock"] = written_clock
_environment.filters["iso_time"] = iso_time
_environment.filters["tier_mark"] = _tier_mark
_environment.filters["written_day"] = written_day
_environment.filters["written_date"] = written_date
_environment.filters["place_words"] = place_words
_environment.filters["clock"] = clock
_environment.filters["said_at"] = said_at


@pass_context
def _how_written(context: Context, writer: str) -> str:
    """Say how an answer by this writer came about."""
    return how_written(writer, context["artist"])


_environment.filters["how_written"] = _how_written


def render(request: Request, template: str, **values: Any) -> str:
    """Render one page for one request."""
    services = request.app.state.services
    common = {
        "artist": services.settings.artist_name,
        "ai_label": label(services.settings.artist_name),
        "operator": getattr(request.state, "operator_session", None) is not None,
        "tier": getattr(request.state, "tier", 0),
        "known": getattr(getattr(request.state, "listener", None), "did", None) is not None,
        "lamp": services.stepping_in.lamp,
        "tier_names": services.people.terms.names(),
        "path": request.url.path,
        "origin": services.origins.first,
        "money": services.paying.currency.shown,
        "seller": services.settings.seller,
        "tax": services.settings.billing.tax,
    }
    return _environment.get_template(template).render(**common, **values)
