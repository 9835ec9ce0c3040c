"""What asking costs here: the artist's price list, as a page and for programs, and the price beside the button."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from billing import Offer
from knowledge.facts.opened import OpenRow
from presence.asking.acts import about
from presence.asking.contracts import Listener
from presence.asking.offers import offer_for
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.paying.priced import ACT_WORDS, FREE, PAID, PROCESSOR, SET_ASIDE, told
from presence.web.cards_shown import given_to_supporters, shown_subscriptions
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.pages import render

router = APIRouter(prefix="/pricing")
_BY_READER = {"Vary": "Accept"}
_HERS = {"Cache-Control": "no-store"}


@router.get("")
def pricing(request: Request, services: ServicesDep, listener: ListenerDep) -> Response:
    """Tell the price list and when one pays: a page to a browser, JSON to a program."""
    version, prices = services.paying.pricing.current()
    settings = services.settings
    listed = told(version, prices, services.paying.currency, settings.seller, settings.billing.tax)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(listed, headers=_BY_READER)
    page = render(
        request,
        "pricing.html",
        listed=listed,
        act_words=ACT_WORDS,
        paid=PAID,
        free=FREE,
        set_aside=SET_ASIDE,
        processor=PROCESSOR,
        offer=offer_now(request, services, listener),
        supporter=shown_subscriptions(services),
        gift=given_to_supporters(services),
    )
    return HTMLResponse(page, headers=_BY_READER)


@router.get("/mine", response_class=HTMLResponse)
def my_price(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Give what the next question costs whoever asks, as it stands beside the button."""
    page = render(request, "_price.html", offer=offer_now(request, services, listener))
    return HTMLResponse(page, headers=_HERS)


@dataclass(frozen=True, slots=True)
class ActOn:
    """An act as a button: its words, what it costs now, and what it is about."""

    act: str
    words: str
    offer: Offer
    thing: str = ""


def act_on(request: Request, services: Services, question: Question) -> ActOn:
    """Put an act beside its price; nothing is promised yet."""
    offer = offer_for(question, request.state.tier, services.writer.name, services.counter.prices)
    return ActOn(question.act, ACT_WORDS[question.act], offer, question.thing.ident if question.thing else "")


def acts_on(request: Request, services: Services, listener: Listener, row: OpenRow) -> list[ActOn]:
    """Give what can be done with the thing that a row belongs to; a night without a list is no walk."""
    thing = services.acts.things.find(row.row.ident, request.state.tier)
    if thing is None or (thing.kind == "event" and not row.items):
        return []
    return [act_on(request, services, about("set" if thing.kind == "event" else "record", thing, listener))]


def offer_now(request: Request, services: Services, listener: Listener) -> Offer:
    """Say what a question costs this listener at this moment; nothing is promised yet."""
    return offer_for(Question("", listener), request.state.tier, services.writer.name, services.counter.prices)
