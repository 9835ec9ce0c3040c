"""How well the notes answer: the artist's own list of questions, asked whole, and what came of it."""

from typing import Annotated

from fastapi import File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from presence.asking.quality import CHARS_MAX, Came, Run
from presence.bootstrap import Services
from presence.errors import ListWrong
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import TIERS, back_to, plain_lines, tier_asked

router = room_of_the_studio()
PAGE = "/studio/quality"
LOOK_AGAIN_S = 2


@router.get("/quality", response_class=HTMLResponse)
def quality_page(
    request: Request, services: ServicesDep, done: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Show the list, how far a run is, and what came of the last one."""
    return HTMLResponse(_page(request, services, done=done))


@router.post("/quality/list")
def keep_list(
    request: Request,
    services: ServicesDep,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a list of questions: a file, where one is given, or else what was typed."""
    typed = plain_lines(text)
    try:
        if file is not None and file.filename:
            typed = _read(file)
        services.quality.keep(typed)
    except ListWrong as wrong:
        return HTMLResponse(
            _page(request, services, typed=typed, refusal=sentence_of(wrong)), status_code=status_of(wrong)
        )
    return back_to(PAGE, done="kept")


@router.post("/quality/run")
def run_list(request: Request, services: ServicesDep, tier: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Ask the whole list as a tier, in the background."""
    try:
        services.quality.start(tier_asked(tier) or 0)
    except ListWrong as wrong:
        return HTMLResponse(_page(request, services, refusal=sentence_of(wrong)), status_code=status_of(wrong))
    return back_to(PAGE)


def _read(file: UploadFile) -> str:
    data = file.file.read(4 * CHARS_MAX + 1)
    try:
        return plain_lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ListWrong("The file is no text in UTF-8. Save it as plain text, or paste the questions.") from error


def _page(request: Request, services: Services, *, typed: str | None = None, refusal: str = "", done: str = "") -> str:
    progress = services.quality.progress  # before the last run: one that ends in between is seen there
    last: Run | None = services.quality.last
    return render_studio(
        request,
        "quality.html",
        listed=services.quality.listed if typed is None else typed,
        progress=progress,
        broke_off=services.quality.broke_off,
        last=last,
        came=[(one.value, last.count(one)) for one in Came if last.count(one)] if last else [],
        tiers=TIERS,
        refusal=refusal,
        done=done,
        look_again_s=LOOK_AGAIN_S,
    )
