"""Renders pages with Jinja in their reader's language; everything is escaped, nothing is fetched from elsewhere."""

import secrets
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from knowledge.facts.phrases import clock
from presence.languages import (
    LANGUAGES,
    find,
    find_many,
    language_spoken,
    say,
    speaking,
    wording,
    written_clock,
    written_date,
    written_day,
    written_decimal,
    written_money,
    written_number,
    written_percent,
)
from presence.languages.choosing import ENGLISH
from presence.people.terms import DEFAULTS
from presence.stores import FAILURES
from presence.web.disclosure import how_written, label, quotes_notes, written_by
from presence.web.spoken_in import spoken, this_place
from presence.web.taken_in import fields_of

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
    extensions=["jinja2.ext.i18n"],
)
# What `_()` and `{% trans %}` give is markup, as the templates are: they take constants alone. What comes from code or
# from people goes through the filter `wording`, and is escaped.
_environment.install_gettext_callables(find, find_many, newstyle=True)  # type: ignore[attr-defined]


def tier_mark(tier: int, words: Sequence[str] = TIER_WORDS) -> str:
    """A sign and a word for a tier, never a colour alone."""
    return f"{TIER_MARKS[tier]} {words[tier]}"


@pass_context
def _tier_mark(context: Context, tier: int) -> str:
    """Do the same in the artist's own words."""
    return tier_mark(tier, context["tier_names"])


def place_words(locator: dict[str, Any]) -> str:
    """Say where a sentence stands: at a time of a set, under a heading, on a line."""
    parts = []
    if "time" in locator:
        parts.append(say("at {time}", time=locator["time"]))
    elif "heading" in locator:
        parts.append(say("under “{heading}”", heading=locator["heading"]))
    if "place" in locator:
        parts.append(str(locator["place"]))
    if "line" in locator:
        parts.append(say("line {line}", line=str(locator["line"])))
    return ", ".join(parts)


def date_asked(date: str) -> str:
    """Write a date inside a question that is asked of the notes: those are asked in English on every page."""
    with speaking(ENGLISH, ""):
        return written_date(date)


def said_at(address: str) -> str:
    """Say the moment of a recording's address, such as `/audio/x#t=2600`, as a clock does: `0:43:20`."""
    seconds = address.partition("#t=")[2]
    return clock(int(float(seconds) * 1000)) if seconds else clock(0)


def iso_time(seconds: float) -> str:
    """Write a moment, in Unix seconds, for machines."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


_environment.filters["written_clock"] = written_clock
_environment.filters["iso_time"] = iso_time
_environment.filters["tier_mark"] = _tier_mark
_environment.filters["written_day"] = written_day
_environment.filters["written_date"] = written_date
_environment.filters["date_asked"] = date_asked
_environment.filters["percent"] = written_percent
_environment.filters["number"] = written_number
_environment.filters["decimal"] = written_decimal
_environment.filters["wording"] = wording
_environment.filters["place_words"] = place_words
_environment.filters["clock"] = clock
_environment.filters["said_at"] = said_at
_environment.filters["fields_of"] = fields_of


@pass_context
def _how_written(context: Context, writer: str, quotes: object) -> str:
    """Say how an answer by this writer came about, which may quote something."""
    return wording(how_written(writer, context["artist"], quotes=bool(quotes)))


_environment.filters["how_written"] = _how_written
_environment.filters["quotes_notes"] = quotes_notes


@pass_context
def _written_by(context: Context, writer: str) -> str:
    """Name this writer as listeners would."""
    return wording(written_by(writer, context["artist"]))


_environment.filters["written_by"] = _written_by


def render(request: Request, template: str, **values: Any) -> str:
    """Render one page for one request."""
    services = request.app.state.services
    artist = services.settings.artist_name
    with spoken(request):
        return _environment.get_template(template).render(**_common(request, artist), **values)


def _purse(request: Request) -> int | None:
    """Give what a listener has left to spend, in micros; None where she has no wallet."""
    did = getattr(getattr(request.state, "listener", None), "did", None)
    wallets = request.app.state.services.paying.wallets
    wallet = wallets.find(did) if did is not None else None
    return None if wallet is None else int(wallet.available + wallet.gift_at(wallets.millis()))


def _remembers(request: Request) -> bool:
    """Whether anything may be remembered of those to whom as much is open as to her who asks."""
    services = request.app.state.services
    return bool(services.people.terms.of(getattr(request.state, "tier", 0)).remembers)


def _tier_names(services: Any) -> tuple[str, ...]:
    """Give the names of the tiers; the usual ones on a page that says that the database is away."""
    try:
        names: tuple[str, ...] = services.people.terms.names()
    except FAILURES:
        return tuple(terms.name for terms in DEFAULTS.values())
    return names


def _common(request: Request, artist: str) -> dict[str, Any]:
    """Give what every page is told."""
    services = request.app.state.services
    return {
        "artist": artist,
        "ai_label": wording(label(artist)),
        "language": language_spoken(),
        "languages": LANGUAGES,
        "this_place": this_place(request),
        "operator": getattr(request.state, "operator_session", None) is not None,
        "tier": getattr(request.state, "tier", 0),
        "known": getattr(getattr(request.state, "listener", None), "did", None) is not None,
        "remembers": partial(_remembers, request),
        "lamp": services.stepping_in.lamp,
        "tier_names": tuple(wording(name) for name in _tier_names(services)),
        "path": request.url.path,
        "once": secrets.token_urlsafe(12),  # by which a form that is sent twice is known
        "purse": partial(_purse, request),
        "origin": services.origins.first,
        "sends_mail": services.outbox.sends,
        "money": partial(written_money, services.paying.currency),
        "currency_code": services.paying.currency.code.upper(),
        "seller": services.settings.seller,
        "tax": services.settings.billing.tax,
    }
