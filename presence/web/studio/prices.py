"""What things cost: the artist's own table by act, tier and writer. Each change is a new list, and holds at once."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from billing import BillingError, Currency, PriceList
from billing.errors import AmountWrong, PricesWrong
from billing.money import parsed
from billing.prices import ACTS, COUNT_MAX, TIERS
from presence.asking.question import ACTS as OFFERED
from presence.bootstrap import Services
from presence.errors import UnknownAct
from presence.languages import said
from presence.paying.price_table import (
    ROWS_MAX,
    WRITERS,
    Row,
    Table,
    minor_words,
    read,
    table_of,
    with_act,
    with_free,
    with_supporter,
)
from presence.paying.priced import ACT_WORDS, told
from presence.problems import sentence_of
from presence.web.amounts import with_a_point
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PAGE = "/studio/prices"
HISTORY_MAX = 50
_NOT_KEPT = {"Cache-Control": "no-store"}
Typed = Annotated[str, Form(max_length=40)]
Column = Annotated[list[str], Form(max_length=ROWS_MAX)]
FREE = {
    "first": "First answers",
    "first_per_client_a_day": "First answers from one address",
    "first_a_day": "First answers in all",
}
SUPPORTER = {"month": "By the month", "year": "By the year", "gift": "Credit with it"}


@router.get("/prices", response_class=HTMLResponse)
def prices_page(request: Request, services: ServicesDep, kept: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Show what everything costs, what is free, what a subscription costs, and the lists before."""
    return _page(request, services, kept=kept)


@router.post("/prices/free")
def set_free(
    request: Request,
    services: ServicesDep,
    version: Typed,
    month: Column,
    first: Typed = "",
    first_per_client_a_day: Typed = "",
    first_a_day: Typed = "",
) -> Response:
    """Keep which answers are free as a new list."""
    typed = {"first": first, "first_per_client_a_day": first_per_client_a_day, "first_a_day": first_a_day}
    typed |= {f"month_{name}": text for name, text in zip(TIERS, month, strict=False)}
    return _kept(request, services, "free", typed, version, lambda prices, said: with_free(prices, _shaped(said)))


@router.post("/prices/supporter")
def set_supporter(
    request: Request, services: ServicesDep, version: Typed, month: Typed = "", year: Typed = "", gift: Typed = ""
) -> Response:
    """Keep what a subscription costs as a new list."""
    typed = {"month": month, "year": year, "gift": gift}
    return _kept(request, services, "supporter", typed, version, with_supporter)


@router.get("/prices/{act}", response_class=HTMLResponse)
def act_page(request: Request, act: str, services: ServicesDep) -> HTMLResponse:
    """Show what one act costs, as a form."""
    version, prices = services.paying.pricing.current()
    table = table_of(prices.acts.get(_known(act)), services.paying.currency)
    return _act(request, services, act, table, version)


@router.post("/prices/{act}")
def set_act(
    request: Request,
    act: str,
    services: ServicesDep,
    version: Typed,
    tier: Column,
    writer: Column,
    price: Column,
    each: Column,
    most: Column,
    own_at: Typed = "",
    buys: Typed = "",
    more: Typed = "",
) -> Response:
    """Keep what one act costs as a new list that holds from now on; `more` adds a row to the form instead."""
    amounts = ([with_a_point(text.strip()) for text in column] for column in (price, each, most))
    columns = zip(*([text.strip() for text in column] for column in (tier, writer)), *amounts, strict=False)
    typed = Table(tuple(Row(*cells) for cells in columns), with_a_point(own_at.strip()), bool(buys))
    if more:
        rows = (*typed.rows, Row())[:ROWS_MAX]
        return _act(request, services, act, Table(rows, typed.own_at, typed.buys), version)
    found = read(typed, services.paying.currency)
    if not found.table.is_right:
        return _act(request, services, _known(act), found.table, version, status_code=422)
    try:
        _, prices = services.paying.pricing.current()
        services.paying.pricing.write(with_act(prices, _known(act), found.act), after=version)
    except PricesWrong as error:
        table = Table(found.table.rows, typed.own_at, typed.buys, sentence_of(error))
        return _act(request, services, act, table, version, status_code=422)
    return RedirectResponse(f"{PAGE}?kept={act}", status_code=303)


def _page(
    request: Request,
    services: Services,
    *,
    kept: str = "",
    typed: Mapping[str, Mapping[str, str]] | None = None,
    wrong: Mapping[str, str] | None = None,
    status_code: int = 200,
) -> HTMLResponse:
    paying, settings = services.paying, services.settings
    version, prices = paying.pricing.current()
    forms = {"free": _free_form(prices), "supporter": _supporter_form(prices)} | dict(typed or {})
    page = render_studio(
        request,
        "prices.html",
        listed=told(version, prices, paying.currency, settings.seller, settings.billing.tax),
        acts=ACTS,
        offered=OFFERED,
        act_words=ACT_WORDS,
        writers=WRITERS,
        tiers=TIERS,
        free_words=FREE,
        supporter_words=SUPPORTER,
        forms=forms,
        wrong=wrong or {},
        kept=kept if kept in (*ACTS, *forms) else "",
        takes_cards=services.cards is not None,
        has_subscription=prices.supporter is not None,
        history=[
            (one, told(one.version, one.prices, paying.currency, settings.seller, settings.billing.tax))
            for one in paying.pricing.history(HISTORY_MAX)
        ],
        parsed=parsed,
    )
    return HTMLResponse(page, status_code=status_code, headers=_NOT_KEPT)


def _kept(
    request: Request,
    services: Services,
    what: str,
    typed: Mapping[str, str],
    version: str,
    change: Callable[[PriceList, dict[str, Any]], dict[str, Any]],
) -> Response:
    """Keep what a form of the page says, or show the page again with what is wrong under each field."""
    check: Callable[[Currency, str, str], object] = _free if what == "free" else _supporter
    said, wrong = dict[str, Any](), dict[str, str]()
    for name, text in typed.items():
        try:
            said[name] = check(services.paying.currency, name, with_a_point(text.strip()))
        except BillingError as error:
            wrong[name] = sentence_of(error)
    if not wrong:
        try:
            _, prices = services.paying.pricing.current()
            services.paying.pricing.write(change(prices, said), after=version)
        except PricesWrong as error:
            wrong[what] = sentence_of(error)
    if wrong:
        return _page(request, services, typed={what: typed}, wrong=wrong, status_code=422)
    return RedirectResponse(f"{PAGE}?kept={what}", status_code=303)


def _act(
    request: Request, services: Services, act: str, table: Table, version: str, *, status_code: int = 200
) -> HTMLResponse:
    rows = table.rows or (Row(),)
    others = {row.writer: row.writer for row in rows if row.writer and row.writer not in WRITERS}
    page = render_studio(
        request,
        "price.html",
        act=_known(act),
        act_words=ACT_WORDS,
        table=table,
        rows=rows,
        version=version,
        tiers=TIERS,
        writers=WRITERS | others,
        minor=minor_words(services.paying.currency),
        digits=6 - services.paying.currency.digits,
        rows_max=ROWS_MAX,
    )
    return HTMLResponse(page, status_code=status_code, headers=_NOT_KEPT)


def _known(act: str) -> str:
    if act not in ACTS:
        raise UnknownAct(act, ACTS)
    return act


def _free(_currency: Currency, _name: str, text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or int(text) > COUNT_MAX:
        raise AmountWrong(
            said("“{text}” is no number of answers: write digits, at most {most}.", text=text, most=COUNT_MAX)
        )
    return int(text)


def _supporter(currency: Currency, name: str, text: str) -> str:
    if not text:
        return ""
    micros = parsed(text)
    if name != "gift" and (currency.minor_of(micros)[1] or not micros):
        raise AmountWrong(said("A card pays whole cents: {text} cannot be paid.", text=text))
    return currency.written(micros) if micros else ""


def _shaped(said: Mapping[str, int]) -> dict[str, Any]:
    months = {tier: said[f"month_{tier}"] for tier in TIERS if said.get(f"month_{tier}")}
    return {name: said[name] for name in FREE} | {"month": months}


def _free_form(prices: PriceList) -> dict[str, str]:
    free = prices.free
    typed = {name: str(getattr(free, name)) for name in FREE}
    return typed | {f"month_{tier}": str(free.month.get(tier, "")) for tier in TIERS}


def _supporter_form(prices: PriceList) -> dict[str, str]:
    kept = prices.supporter
    return {name: (getattr(kept, name) or "") if kept is not None else "" for name in SUPPORTER}
