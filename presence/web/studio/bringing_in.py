"""Bring in: files, folders, zips, pasted texts and addresses; looked at first, kept or thrown away, undone as one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from knowledge.imported import FileResult, ImportReport, Preview
from knowledge.ingest import FILES_MAX
from knowledge.noted import PastImport
from presence.bootstrap import Services
from presence.bringing.fetching import is_address
from presence.bringing.house import Brought, Wish
from presence.bringing.names import file_name, safe_name
from presence.errors import NotWaiting
from presence.languages import in_a_row, later, said, said_many, together, wording
from presence.problems import sentence_of
from presence.web.deps import ServicesDep
from presence.web.spoken_in import spoken
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, back_to, plain_lines
from presence.web.studio.telling_of import size_in_words, told_counts, what_it_is
from trustgraph import tier_named

router = room_of_the_studio()
PAGE = "/studio/bring-in"
WAIT_SECONDS = 2.5
"""So long a request waits for what is read, so that a short list needs no second look."""
COPY_BYTES = 1024**2
TEXT_CHARS_MAX = 200_000
NAME_CHARS_MAX = 200
FILES_SHOWN_MAX = 200
IMPORTS_SHOWN_MAX = 25

Chosen = Annotated[str, Form(max_length=20)]
Words = Annotated[str, Form(max_length=NAME_CHARS_MAX)]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the forms of the page, kept when it is refused, with the sentence that says why."""

    values: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    at: str = ""  # the form


@router.get("/bring-in", response_class=HTMLResponse)
def bring_in_page(
    request: Request, services: ServicesDep, done: Annotated[str, Query(max_length=20)] = "", page: int = 1
) -> HTMLResponse:
    """Show the ways to bring something in, what waits, and what was brought in."""
    return HTMLResponse(_page(request, services, Typed(), done=done, number=page))


@router.post("/bring-in/files")
async def bring_files(request: Request, services: ServicesDep) -> Response:
    """Take files as a form sends them, all at once, for browsers without scripts."""
    async with request.form(max_files=FILES_MAX, max_fields=20) as form:
        sent = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        if not sent:
            typed = Typed(_texts(form), later("Choose a file, a folder or a zip first."), "files")
            return HTMLResponse(await asyncio.to_thread(_page, request, services, typed), status_code=422)
        wish = _wish(_texts(form), _label([str(one.filename) for one in sent]))
        ident = await asyncio.to_thread(services.bringing.begin, wish)
        for one in sent:
            await asyncio.to_thread(_stored, services, ident, one)
    return await asyncio.to_thread(reading, services, ident)


@router.post("/bring-in/begin")
def begin(
    services: ServicesDep, label: Words, tier: Chosen = "", speaker: Words = "", beside: Chosen = ""
) -> JSONResponse:
    """Make room for files that a script sends one by one."""
    ident = services.bringing.begin(_wish({"tier": tier, "speaker": speaker, "beside": beside}, label))
    return JSONResponse({"id": ident, "address": f"{PAGE}/{ident}"}, status_code=201)


@router.put("/bring-in/files/{ident}")
async def bring_file(
    ident: str, request: Request, services: ServicesDep, name: Annotated[str, Query(max_length=4_000)]
) -> Response:
    """Take one file as it comes; sent again, it takes its own place."""
    async with contextmanager_in_threadpool(services.bringing.incoming(ident, name)) as file:
        waiting = bytearray()
        async for data in request.stream():
            waiting += data
            if file is not None and len(waiting) >= COPY_BYTES:
                full, waiting = bytes(waiting), bytearray()
                await asyncio.to_thread(file.write, full)
        if file is not None:
            await asyncio.to_thread(file.write, bytes(waiting))
    return Response(status_code=204)


@router.post("/bring-in/text")
def bring_text(
    request: Request,
    services: ServicesDep,
    text: Annotated[str, Form(max_length=TEXT_CHARS_MAX)] = "",
    title: Words = "",
    tier: Chosen = "",
    speaker: Words = "",
) -> Response:
    """Take a text or a tracklist that was pasted."""
    if not text.strip():
        values = {"title": title, "tier": tier, "speaker": speaker}
        refused = Typed(values, later("There is nothing in the field yet. Paste a text or a tracklist."), "text")
        return HTMLResponse(_page(request, services, refused), status_code=422)
    text = plain_lines(text).strip("\n")
    name = title.strip() or text.split("\n", 1)[0].strip()[:60]
    ident = services.bringing.begin(_wish({"tier": tier, "speaker": speaker, "beside": "yes"}, name))
    services.bringing.put(ident, f"pasted/{file_name(name, '.txt')}", f"{text}\n")
    return reading(services, ident)


@router.post("/bring-in/address")
def bring_address(
    request: Request,
    services: ServicesDep,
    address: Annotated[str, Form(max_length=2_000)] = "",
    site: Chosen = "",
    tier: Chosen = "",
    speaker: Words = "",
) -> Response:
    """Take a page, a feed, or a whole site."""
    address = address.strip()
    if address and "://" not in address:
        address = f"https://{address}"
    if not is_address(address):
        values = {"address": address, "site": site, "tier": tier, "speaker": speaker}
        refused = Typed(
            values, later("This is no address of a page. It looks like https://ada.example/notes."), "address"
        )
        return HTMLResponse(_page(request, services, refused), status_code=422)
    wish = Wish(address, _tier(tier), speaker.strip(), address=address, site=bool(site))
    return reading(services, services.bringing.begin(wish))


@router.get("/bring-in/{ident}", response_class=HTMLResponse)
def look(ident: str, request: Request, services: ServicesDep) -> Response:
    """Show what is being brought in: how far it is, what it was taken for, or what became of it."""
    one = services.bringing.one(ident)
    if one.wish.welcome and one.stage == "shown":
        return RedirectResponse("/studio/welcome/note", status_code=303)
    return HTMLResponse(_look(request, services, one))


@router.get("/bring-in/{ident}/state")
def state(ident: str, request: Request, services: ServicesDep) -> JSONResponse:
    """Tell a script how far it is."""
    one = services.bringing.one(ident)
    with spoken(request):
        told: dict[str, Any] = {"stage": one.stage, "words": wording(_going_on(one))}
    if one.step is not None:
        told |= {"done": one.step.files_done, "of": one.step.files}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.post("/bring-in/{ident}/read")
def read(ident: str, services: ServicesDep) -> Response:
    """Read what lies there: all of it was sent, or a node that ended left it."""
    return reading(services, ident)


@router.post("/bring-in/{ident}/again")
async def read_again(ident: str, request: Request, services: ServicesDep) -> Response:
    """Read it once more: for others to see, and with other words in the lines that were not understood."""
    async with request.form() as form:
        values = _texts(form)
    await asyncio.to_thread(_again, services, ident, values)
    return RedirectResponse(f"{PAGE}/{ident}", status_code=303)


@router.post("/bring-in/{ident}/confirm")
async def confirm(ident: str, request: Request, services: ServicesDep) -> Response:
    """Keep it: from now on it is among the notes. What was changed on the page is read first."""
    async with request.form() as form:
        values = _texts(form)
    return await asyncio.to_thread(_confirmed, services, ident, values)


def _confirmed(services: Services, ident: str, values: dict[str, str]) -> Response:
    one = services.bringing.one(ident)
    if values and (_mended(one, values) or _tier(values.get("tier", "")) != one.wish.tier):
        _again(services, ident, values, keep=True)
    else:
        with suppress(NotWaiting):  # it was pressed twice: the page says where it stands
            services.bringing.confirm(ident)
        services.bringing.wait(ident, WAIT_SECONDS)
    return RedirectResponse(f"{PAGE}/{ident}", status_code=303)


@router.post("/bring-in/{ident}/throw-away")
def throw_away(ident: str, services: ServicesDep) -> Response:
    """Throw it away."""
    welcome = services.bringing.one(ident).wish.welcome
    services.bringing.throw_away(ident)
    return RedirectResponse("/studio/welcome/tracklist", status_code=303) if welcome else back_to(PAGE, done="away")


@router.post("/imports/{import_id}/undo")
def undo(import_id: str, request: Request, services: ServicesDep) -> Response:
    """Undo what was brought in at one time, as one."""
    try:
        services.library.shelf.undo(import_id)
    except REFUSED as refusal:
        refused = Typed({}, sentence_of(refusal), "imports")
        return HTMLResponse(_page(request, services, refused), status_code=409)
    return back_to(PAGE, done="undone")


def to_mend(preview: Preview | None) -> list[tuple[str, FileResult, Any]]:
    """Give the lines that were not understood, each with the name of its field."""
    if preview is None:
        return []
    lines = [(file, line) for file in preview.files for line in file.unread]
    return [(f"line-{number}", file, line) for number, (file, line) in enumerate(lines)]


def _again(services: Services, ident: str, values: dict[str, str], *, keep: bool = False) -> None:
    mended = _mended(services.bringing.one(ident), values)
    services.bringing.read(ident, tier=_tier(values.get("tier", "")), mended=mended, keep=keep)
    services.bringing.wait(ident, WAIT_SECONDS)


def _mended(one: Brought, values: dict[str, str]) -> dict[tuple[str, int], str]:
    return {
        (file.name, line.line): plain_lines(values[name])
        for name, file, line in to_mend(one.preview)
        if values.get(name) not in (None, line.text)
    }


def reading(services: Services, ident: str) -> Response:
    """Read what lies there, and lead to its page; what is short is read by then."""
    services.bringing.read(ident)
    services.bringing.wait(ident, WAIT_SECONDS)
    return RedirectResponse(f"{PAGE}/{ident}", status_code=303)


def _page(request: Request, services: Services, typed: Typed, *, done: str = "", number: int = 1) -> str:
    imports = services.library.shelf.imports()
    pages = max(1, -(-len(imports) // IMPORTS_SHOWN_MAX))
    number = min(max(1, number), pages)
    start = (number - 1) * IMPORTS_SHOWN_MAX
    return render_studio(
        request,
        "bring_in.html",
        typed=typed,
        done=_DONE.get(done, ""),
        waiting=services.bringing.waiting(),
        imports=[(one, _became(one)) for one in imports[start : start + IMPORTS_SHOWN_MAX]],
        page=number,
        pages=pages,
        file_mb=services.bringing.file_bytes_max // 10**6,
        sent=size_in_words(services.bringing.sent_bytes_max),
    )


def _look(request: Request, services: Services, one: Brought) -> str:
    told = one.preview or one.report
    files = sorted(told.files, key=lambda file: file.status in ("ok", "unchanged")) if told else []
    return render_studio(
        request,
        "brought.html",
        one=one,
        going_on=_going_on(one),
        counted=told_counts(told) if told else "",
        files=[(file, what_it_is(file), _remarks(file)) for file in files[:FILES_SHOWN_MAX]],
        more=max(0, len(files) - FILES_SHOWN_MAX),
        to_mend=to_mend(one.preview),
        nothing_new=told is not None and not _is_new(told),
        unread=sum(len(file.unread) for file in files),
    )


def _is_new(told: Preview | ImportReport) -> bool:
    return any(file.status in ("ok", "partial") for file in told.files)


def _remarks(file: FileResult) -> list[str]:
    """Give what is to be said of a file; its lines are shown by themselves."""
    return [one for one in file.remarks if not (file.unread and " of the tracklist could not be read" in one)]


def _going_on(one: Brought) -> str:
    if one.stage == "showing":
        return later("It is being put among your notes.")
    if one.step is None:
        return later("It is being read.")
    if not one.step.files:
        return said("Fetched: {name}", name=one.step.name)
    whole = said("{done} of {every} files are read.", done=one.step.files_done, every=one.step.files)
    return together(whole, said("Now: {name}", name=one.step.name)) if one.step.files_done < one.step.files else whole


def _became(one: PastImport) -> str:
    if one.undone_at is not None:
        return later("undone")
    kept = said_many("{n} note, set or record", "{n} notes, sets and records", one.notes)
    if one.shown != one.notes:
        kept = said_many(
            "{shown} of {n} note, set or record is here",
            "{shown} of {n} notes, sets and records are here",
            one.notes,
            shown=one.shown,
        )
    gone = said_many("{n} earlier ones gave way", "{n} earlier ones gave way", one.replaced)
    return in_a_row([kept, gone]) if one.replaced else kept


def _wish(values: dict[str, str], label: str) -> Wish:
    return Wish(label, _tier(values.get("tier", "")), values.get("speaker", "").strip(), bool(values.get("beside")))


def _tier(slug: str) -> int | None:
    """Give the tier of a form; where none is chosen what a file says itself counts (`Wish`)."""
    return int(tier_named(slug)) if slug else None


def _texts(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _label(names: list[str]) -> str:
    first = safe_name(names[0]) or PurePosixPath("files")
    if len(first.parts) > 1 and len({safe.parts[0] for name in names if (safe := safe_name(name))}) == 1:
        return f"{first.parts[0]}, {len(names):,} files"
    return first.name if len(names) == 1 else f"{first.name} and {len(names) - 1:,} more"


def _stored(services: Services, ident: str, sent: UploadFile) -> None:
    with services.bringing.incoming(ident, str(sent.filename)) as file:
        while file is not None and (data := sent.file.read(COPY_BYTES)):
            file.write(data)


_DONE = {
    "away": later("It is thrown away. Nothing of it was kept."),
    "undone": later("It is undone, as if it had never been."),
}
