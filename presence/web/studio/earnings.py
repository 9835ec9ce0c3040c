"""What came in: today, this month, in all; by note, act and tier, by how deep listeners went and who came back.

Never by plays. Every figure is the ledger's, to the last fraction of a cent.
"""

import csv
import io
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from presence.languages import later, wording, written_column, written_money
from presence.paying.bars import drawn
from presence.paying.earnings import Part, earnings, sold_in
from presence.paying.priced import ACT_WORDS
from presence.web.deps import ServicesDep
from presence.web.pages import tier_mark
from presence.web.spoken_in import spoken
from presence.web.studio.frame import render_studio, room_of_the_studio
from trustgraph import Tier

router = room_of_the_studio()
NOTES_MAX = 200
_NOT_KEPT = {"Cache-Control": "no-store"}
While = Annotated[str, Query(alias="while", max_length=10)]
WHILES = {"today": later("Today"), "month": later("This month"), "all": later("All of it")}
EARNED = {
    "today": later("Earned, today"),
    "month": later("Earned, this month"),
    "all": later("Earned, all of it"),
}
DEPTHS = {
    "one": later("One question and no more"),
    "few": later("Two to four questions in a row"),
    "many": later("Five questions and more"),
    "": later("Not known any more"),
}
RETURNS = {
    "once": later("Came on one day"),
    "back": later("Came back on another day"),
    "long": later("Stays: a month and longer"),
    "": later("Not known any more"),
}
WORDS = ACT_WORDS | {"tip": later("Tips"), "subscription": later("Subscriptions"), "": later("Something else")}
UNKNOWN = later("Not known any more: whoever asked had everything deleted")
NO_NOTE = later("No note was quoted")
AWAY = later("A note that is gone")
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@router.get("/earnings", response_class=HTMLResponse)
def earnings_page(request: Request, services: ServicesDep, chosen: While = "month") -> HTMLResponse:
    """Show what came in during a while, and where it lies."""
    found = earnings(services.database, chosen, time.time())
    shown = partial(written_money, services.paying.currency)
    with spoken(request):
        names = [wording(name) for name in services.people.terms.names()]
        page = render_studio(
            request,
            "earnings.html",
            whiles=WHILES,
            found=found,
            earned=EARNED[found.period.name],
            picture=drawn(found.bars, shown, title=wording(EARNED[found.period.name])),
            in_column=partial(written_column, services.paying.currency),
            peak=max((bar.micros for bar in found.bars), default=0),
            by_act=[(wording(WORDS.get(part.key, part.key)), part) for part in found.by_act],
            by_tier=[
                (tier_mark(int(part.key), names) if part.key else wording(UNKNOWN), part) for part in found.by_tier
            ],
            by_note=[(_note(part), part) for part in found.by_note[:NOTES_MAX]],
            more_notes=found.by_note[NOTES_MAX:],
            by_depth=_in_order(DEPTHS, found.by_depth),
            by_return=_in_order(RETURNS, found.by_return),
            takes_cards=services.cards is not None,
            is_practice=services.settings.billing.is_practice,
        )
    return HTMLResponse(page, headers=_NOT_KEPT)


@router.get("/earnings.csv")
def earnings_list(services: ServicesDep, chosen: While = "month") -> Response:
    """Give each sale as a line of a table, for a spreadsheet or a tax adviser; it names nobody."""
    head = ("at", "what", "tier", "amount", "yours", "shared", "from credit you gave", "currency", "receipt")
    currency = services.paying.currency
    rows = (
        (
            time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at / 1000)),
            one.act or one.kind,
            "" if tier is None else Tier(tier).slug,
            *(currency.written(micros) for micros in (one.whole, one.hers, one.shared, one.given)),
            currency.code.upper(),
            one.receipt,
        )
        for one, tier in sold_in(services.database, chosen, time.time())
    )
    return _table(f"earnings-{_known(chosen)}.csv", head, rows)


@router.get("/earnings-by-note.csv")
def notes_list(services: ServicesDep, chosen: While = "month") -> Response:
    """Give what each note earned as a line of a table."""
    found, currency = earnings(services.database, chosen, time.time()), services.paying.currency
    rows = (
        (_plain(_note(part)), part.key.strip("-"), part.count, currency.written(part.micros), currency.code.upper())
        for part in found.by_note
    )
    return _table(f"notes-{found.period.name}.csv", ("note", "id", "answers", "amount", "currency"), rows)


def _table(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    headers = _NOT_KEPT | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _known(chosen: str) -> str:
    return chosen if chosen in WHILES else "month"


def _note(part: Part) -> str:
    if part.key in ("", "-"):
        return wording(NO_NOTE if part.key else UNKNOWN)
    return part.words or wording(AWAY)


def _plain(text: str) -> str:
    """Keep a title that begins like a formula from being one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _in_order(words: dict[str, str], parts: Sequence[Part]) -> list[tuple[str, Part]]:
    found = {part.key: part for part in parts}
    return [(wording(words[key]), found[key]) for key in words if key in found]
