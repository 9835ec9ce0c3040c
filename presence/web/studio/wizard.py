"""The first steps: who you are, one tracklist, one note, ten questions, what others see. Left and resumed at will."""

import asyncio
import io
from typing import Annotated, Any

import segno
from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import text as sql
from starlette.datastructures import FormData

from presence.bootstrap import Services
from presence.bringing import writing
from presence.bringing.first_questions import first_questions
from presence.bringing.house import Wish
from presence.bringing.welcome import STEPS, Step, after
from presence.errors import NamedElsewhere
from presence.languages import later
from presence.problems import sentence_of, status_of
from presence.renaming import call_her
from presence.settings import NAMELESS
from presence.web.deps import ServicesDep
from presence.web.studio.bringing_in import reading
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.reached import reached
from presence.web.studio.shelves import REFUSED
from presence.web.studio.writing import Refusal, bring_night, write_note
from trustgraph import Tier, tier_named

router = room_of_the_studio()
PAGE = "/studio/welcome"
NAME_CHARS_MAX = 120
ABOUT_CHARS_MAX = 1_000
ABOUT_FILE = "welcome/about.md"
TITLES = {
    "name": later("Who you are"),
    "tracklist": later("One tracklist"),
    "note": later("One note"),
    "questions": later("What people will ask"),
    "open": later("What others see"),
}
_ABOUT = sql("SELECT text FROM documents WHERE file_name = :name")

Text = Annotated[str, Form(max_length=200_000)]
Words = Annotated[str, Form(max_length=300)]


@router.get("/welcome")
def begin(services: ServicesDep) -> RedirectResponse:
    """Lead to the first step that is left."""
    return RedirectResponse(f"{PAGE}/{services.bringing.welcome.next or 'open'}", status_code=303)


@router.get("/welcome/link.svg")
def link_code(services: ServicesDep) -> Response:
    """Draw the address of the presence as a code for cameras."""
    drawing = io.BytesIO()
    code = segno.make(services.origins.first, error="m", micro=False)
    code.save(drawing, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, nl=False)
    return Response(drawing.getvalue(), media_type="image/svg+xml")


@router.get("/welcome/{step}", response_class=HTMLResponse)
def step_page(
    step: Step, request: Request, services: ServicesDep, kept: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Show one step."""
    return HTMLResponse(_page(request, services, step, {}, kept=kept))


@router.post("/welcome/{step}/skip")
def pass_over(step: Step, services: ServicesDep) -> RedirectResponse:
    """Go on without this step."""
    return _on(services, step)


@router.post("/welcome/name")
def tell_name(
    request: Request,
    services: ServicesDep,
    name: Annotated[str, Form(max_length=NAME_CHARS_MAX)] = "",
    about: Annotated[str, Form(max_length=ABOUT_CHARS_MAX)] = "",
) -> Response:
    """Keep the name, and one line that everybody may read."""
    name, about = " ".join(name.split()), about.strip()
    values = {"name": name, "about": about}
    if not name:
        return _again(
            request, services, "name", values, Refusal("name", later("What are you called? A stage name will do."))
        )
    try:
        is_new = name != services.settings.artist_name
        call_her(services, name)
        if about and (is_new or about != _told_about(services)):
            title, content = f"About {name}", about if about.endswith((".", "!", "?", "…")) else f"{about}."
            made = {ABOUT_FILE: writing.note(title, content)[1]}
            services.bringing.take_in(made, Wish(title, int(Tier.PUBLIC), speaker=name))
    except NamedElsewhere as refusal:
        return _again(request, services, "name", values, Refusal("name", sentence_of(refusal)))
    except REFUSED as refusal:
        return _again(request, services, "name", values, refusal)
    return _on(services, "name")


@router.post("/welcome/tracklist")
def bring_tracklist(
    request: Request,
    services: ServicesDep,
    tracklist: Text = "",
    date: Words = "",
    venue: Words = "",
    city: Words = "",
    tier: Words = Tier.INNER.slug,
) -> Response:
    """Read one tracklist, to be looked at."""
    values = {"tracklist": tracklist, "date": date, "venue": venue, "city": city, "tier": tier}
    try:
        ident = bring_night(services, values, welcome=True)
    except Refusal as refusal:
        return _again(request, services, "tracklist", values, refusal)
    services.bringing.welcome.passes("tracklist")
    return reading(services, ident)


@router.post("/welcome/note")
def keep_note(
    request: Request,
    services: ServicesDep,
    title: Words = "",
    text: Text = "",
    tier: Words = Tier.INNER.slug,
) -> Response:
    """Keep one note, for whom it is meant."""
    values = {"title": title, "text": text, "tier": tier}
    try:
        write_note(services, values)
    except (Refusal, *REFUSED) as refusal:
        return _again(request, services, "note", values, refusal)
    return _on(services, "note")


@router.post("/welcome/questions")
async def answer_questions(request: Request, services: ServicesDep) -> Response:
    """Make a note of each question that was answered."""
    async with request.form(max_files=0, max_fields=100) as form:
        answered, tier = _answered(form), str(form.get("tier") or Tier.INNER.slug)
    return await asyncio.to_thread(_keep_answers, request, services, answered, tier)


@router.post("/welcome/open")
def finish(services: ServicesDep) -> RedirectResponse:
    """Be done with the first steps."""
    services.bringing.welcome.passes("open")
    return RedirectResponse("/studio", status_code=303)


def _keep_answers(request: Request, services: Services, answered: dict[str, str], tier: str) -> Response:
    files = {}
    for number, (question, said) in enumerate(answered.items()):
        name, content = writing.note(question, said)
        files[name.replace("notes/", f"notes/{number}-", 1)] = content
    try:
        if files:
            services.bringing.take_in(files, Wish("answers to first questions", int(tier_named(tier)), beside=True))
    except REFUSED as refusal:
        return _again(request, services, "questions", {**answered, "tier": tier}, refusal)
    return _on(services, "questions")


def _answered(form: FormData) -> dict[str, str]:
    """Give the answers that were written, by their questions."""
    found = {}
    for name, question in form.items():
        said = form.get(f"answer-{name.removeprefix('asked-')}")
        if name.startswith("asked-") and isinstance(question, str) and isinstance(said, str) and said.strip():
            found[" ".join(question.split())[:300]] = said.strip()
    return found


def _on(services: Services, step: Step) -> RedirectResponse:
    services.bringing.welcome.passes(step)
    return RedirectResponse(f"{PAGE}/{after(step) or 'open'}", status_code=303)


def _again(
    request: Request, services: Services, step: Step, values: dict[str, str], refusal: Exception
) -> HTMLResponse:
    at = refusal.at if isinstance(refusal, Refusal) else "text"
    status = 422 if isinstance(refusal, Refusal) else status_of(refusal)
    page = _page(request, services, step, values, at=at, refused=sentence_of(refusal))
    return HTMLResponse(page, status_code=status)


def _page(
    request: Request,
    services: Services,
    step: Step,
    values: dict[str, str],
    *,
    at: str = "",
    refused: str = "",
    kept: str = "",
) -> str:
    return render_studio(
        request,
        f"welcome_{step}.html",
        step=step,
        number=STEPS.index(step) + 1,
        titles=TITLES,
        passed=services.bringing.welcome.passed,
        values=values,
        at=at,
        refused=refused,
        kept=kept,
        **_told(services, step),
    )


def _told(services: Services, step: Step) -> dict[str, Any]:
    if step == "name":
        name = services.settings.artist_name
        return {"name": "" if name == NAMELESS else name, "about": _told_about(services)}
    if step == "questions":
        return {"questions": first_questions(services.database.reader)}
    if step == "open":
        return {"reached": reached(services)}
    return {}


def _told_about(services: Services) -> str:
    with services.database.reader(int(Tier.INNER)) as reader:
        return str(reader.execute(_ABOUT, {"name": ABOUT_FILE}).scalar() or "")
