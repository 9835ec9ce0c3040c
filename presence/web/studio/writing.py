"""Write: a note that is typed or pasted, and the night that was just played."""

import time
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from knowledge import NameUnclear, NameUnknown
from presence.bootstrap import Services
from presence.bringing import writing
from presence.bringing.house import Wish
from presence.languages import later
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.bringing_in import reading
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.pins import offered, pinned, why_not
from presence.web.studio.shelves import REFUSED, back_to
from trustgraph import Tier, tier_named

router = room_of_the_studio()
NEW = "/studio/notes/new"
TEXT_CHARS_MAX = 200_000
NO_DATE = later("This is no date. Write 2019-06-20, June 2019 or 2019; or leave it out.")

Text = Annotated[str, Form(max_length=TEXT_CHARS_MAX)]
Words = Annotated[str, Form(max_length=300)]


@router.get("/notes/new", response_class=HTMLResponse)
def new_note(
    request: Request,
    services: ServicesDep,
    about: Annotated[str, Query(max_length=300)] = "",
    kept: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show a sheet to write on; `kept` is the note that was written last."""
    note = services.library.shelf.note(kept).note if kept else None
    return HTMLResponse(_sheet(request, services, {"about": about}, note=note))


@router.post("/notes/new")
def keep_note(
    request: Request,
    services: ServicesDep,
    title: Words = "",
    text: Text = "",
    date: Words = "",
    about: Words = "",
    tier: Words = Tier.INNER.slug,
) -> Response:
    """Keep a note, for whom it is meant, from now on."""
    values = {"title": title, "text": text, "date": date, "about": about, "tier": tier}
    try:
        ident = write_note(services, values)
    except (Refusal, *REFUSED) as refusal:
        at, said = (
            (refusal.at, sentence_of(refusal)) if isinstance(refusal, Refusal) else ("text", sentence_of(refusal))
        )
        status = 422 if isinstance(refusal, Refusal) else status_of(refusal)
        return HTMLResponse(_sheet(request, services, values, at=at, refused=said), status_code=status)
    return back_to(NEW, kept=ident)


@router.get("/played", response_class=HTMLResponse)
def played_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Ask for the night that was just played."""
    today = time.strftime("%Y-%m-%d", time.localtime())
    return HTMLResponse(_played(request, {"date": today}))


@router.post("/played")
def played(
    request: Request,
    services: ServicesDep,
    date: Words = "",
    venue: Words = "",
    city: Words = "",
    tracklist: Text = "",
    words: Text = "",
    tier: Words = Tier.INNER.slug,
) -> Response:
    """Read what was played, to be looked at."""
    values = {"date": date, "venue": venue, "city": city, "tracklist": tracklist, "words": words, "tier": tier}
    try:
        ident = bring_night(services, values)
    except Refusal as refusal:
        return HTMLResponse(_played(request, values, at=refusal.at, refused=sentence_of(refusal)), status_code=422)
    return reading(services, ident)


class Refusal(Exception):
    """What was typed cannot be kept as it is; `at` is the field."""

    def __init__(self, at: str, sentence: str) -> None:
        super().__init__(sentence)
        self.at = at


def write_note(services: Services, values: dict[str, str]) -> str:
    """Take a note in, and give its id; raises `Refusal` for what has to be typed otherwise."""
    title, text, date = (values.get(name, "").strip() for name in ("title", "text", "date"))
    if not text:
        raise Refusal("text", later("There is nothing in the note yet."))
    when = writing.date_of(date)
    if date and not when:
        raise Refusal("date", NO_DATE)
    tier = int(tier_named(values.get("tier") or Tier.INNER.slug))
    try:
        pin = pinned(services, values.get("about", ""), tier)
    except (NameUnknown, NameUnclear) as refusal:
        raise Refusal("about", why_not(refusal)) from refusal
    title = title or (pin.name if pin else "") or text.split("\n", 1)[0].lstrip("# ")[:80]
    name, content = writing.note(title, text, date=when or (pin.date if pin else ""), about=pin.name if pin else "")
    wish = Wish(f"note “{title}”", tier, beside=True)
    report = services.bringing.take_in({name: content}, wish)
    ident = services.library.shelf.document_of(report.import_id)
    if ident is None:
        raise Refusal("text", later("This very note is among your notes already."))
    return ident


def bring_night(services: Services, values: dict[str, str], *, welcome: bool = False) -> str:
    """Put a night where it is read; raises `Refusal` for what has to be typed otherwise."""
    tracklist, date = values.get("tracklist", ""), values.get("date", "").strip()
    if not tracklist.strip():
        raise Refusal("tracklist", later("There is no track in it yet. Paste the tracklist, one track on a line."))
    when = writing.date_of(date)
    if date and not when:
        raise Refusal("date", NO_DATE)
    venue, city = (" ".join(values.get(name, "").split()) for name in ("venue", "city"))
    name, content = writing.night(tracklist, date=when, venue=venue, city=city, words=values.get("words", ""))
    label = ", ".join(part for part in (venue, city, when) if part) or "a tracklist"
    tier = int(tier_named(values.get("tier") or Tier.INNER.slug))
    ident = services.bringing.begin(Wish(label, tier, beside=True, welcome=welcome))
    services.bringing.put(ident, name, content)
    return ident


def _sheet(request: Request, services: Services, values: dict[str, str], **more: object) -> str:
    told = {"note": None, "at": "", "refused": "", **more}
    return render_studio(request, "write.html", values=values, things=offered(services, songs=True), **told)


def _played(request: Request, values: dict[str, str], *, at: str = "", refused: str = "") -> str:
    return render_studio(request, "played.html", values=values, at=at, refused=refused)
