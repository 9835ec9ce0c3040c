"""What the notes speak of: records, songs, nights, people and places; joined, renamed, set apart, and taken back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from knowledge.facts.curation import RENAMED, Change
from knowledge.facts.directory import KINDS, Entry
from knowledge.facts.known import Known
from knowledge.facts.names import ALIAS_KINDS
from presence.bootstrap import Services
from presence.errors import NothingWritten, UnknownSource
from presence.languages import later
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, TIERS, back_to, leaf_of, tier_asked

router = room_of_the_studio()
PAGE = "/studio/things"
WORDS = {
    "release": (later("record"), later("Records")),
    "work": (later("song or track"), later("Songs and tracks")),
    "event": (later("night"), later("Nights")),
    "artist": (later("artist"), later("Artists")),
    "person": (later("person"), later("People")),
    "place": (later("place"), later("Places")),
    "city": (later("town"), later("Towns")),
    "label": (later("label"), later("Labels")),
    "tour": (later("tour"), later("Tours")),
}
"""One of a kind, and several, as a musician says it."""
DONE = {
    "joined": later("They are one thing now, in all that is here and all that comes."),
    "apart": later("They are two. You are not asked again."),
    "renamed": later("It is called so now; by the old name it is known as well."),
    "named": later("It can be asked about by that name, too."),
    "parted": later("What you chose is another thing now."),
    "undone": later("Taken back. What was is there again."),
}
Text = Annotated[str, Query(max_length=400)]
Field = Annotated[str, Form(max_length=400)]


@router.get("/things", response_class=HTMLResponse)
def things_page(
    request: Request,
    services: ServicesDep,
    kind: Text = "",
    words: Text = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    done: Text = "",
) -> HTMLResponse:
    """Show what the notes speak of, by kind, as far as the names hold some words."""
    kind = kind if kind in KINDS else ""
    shown = services.directory.page(kind, words, page)
    told = render_studio(
        request,
        "things.html",
        shown=shown,
        counts=services.directory.counts(),
        alike=len(services.directory.alike(services.kept_apart.pairs())),
        changes=len(services.curation.changes()),
        kind=kind,
        words=words,
        said=WORDS,
        leaf=leaf_of(PAGE, shown.number, shown.pages, {"kind": kind, "words": words}),
        done=DONE.get(done, ""),
        way=way_to,
    )
    return HTMLResponse(told)


@router.get("/things/alike", response_class=HTMLResponse)
def alike_page(request: Request, services: ServicesDep, done: Text = "") -> HTMLResponse:
    """Show pairs that may be one thing, to be joined or kept apart."""
    pairs = services.directory.alike(services.kept_apart.pairs())
    told = render_studio(request, "alike.html", pairs=pairs, said=WORDS, done=DONE.get(done, ""), way=way_to)
    return HTMLResponse(told)


@router.get("/things/changes", response_class=HTMLResponse)
def changes_page(request: Request, services: ServicesDep, done: Text = "") -> HTMLResponse:
    """Show what was joined, renamed, named and set apart by hand, the newest first."""
    changes = services.curation.changes()[::-1]
    told = render_studio(
        request, "changes.html", changes=changes, said=WORDS, done=DONE.get(done, ""), readable=readable
    )
    return HTMLResponse(told)


@router.get("/things/one", response_class=HTMLResponse)
def thing_page(
    request: Request, services: ServicesDep, kind: Text = "", key: Text = "", done: Text = ""
) -> HTMLResponse:
    """Show one thing: its names, what speaks of it, and what was said of it by hand."""
    return HTMLResponse(_thing(request, services, _found(services, kind, key), done=DONE.get(done, "")))


@router.post("/things/join")
def join(
    request: Request,
    services: ServicesDep,
    kind: Field,
    key: Field,
    other: Field = "",
    confirmed: Field = "",
    from_list: Field = "",
) -> Response:
    """Say what joining two things would do; do it once that is confirmed. The second gives the name."""
    one = _found(services, kind, key)
    try:
        target = _meant(services, one, other)
        plan = services.curation.plan(one.known, target)
        if not confirmed:
            told = render_studio(
                request,
                "join.html",
                plan=plan,
                kind=kind,
                key=key,
                other=target.key,
                from_list=from_list,
                said=WORDS,
                way=way_to,
            )
            return HTMLResponse(told)
        services.curation.merge(one.known, target)
    except REFUSED as refusal:
        page = _thing(request, services, one, refusal=sentence_of(refusal), typed={"other": other})
        return HTMLResponse(page, status_code=status_of(refusal))
    if from_list:
        return back_to(f"{PAGE}/alike", done="joined")
    return _back(services, kind, plan.target.key, "joined")


@router.post("/things/keep-apart")
def keep_apart(services: ServicesDep, kind: Field, key: Field, other: Field) -> RedirectResponse:
    """Say that two things that look alike are two."""
    services.kept_apart.add(kind, _found(services, kind, key).key, _found(services, kind, other).key)
    return back_to(f"{PAGE}/alike", done="apart")


@router.post("/things/rename")
def rename(request: Request, services: ServicesDep, kind: Field, key: Field, name: Field = "") -> Response:
    """Call a thing otherwise."""
    one, said = _found(services, kind, key), " ".join(name.split())
    try:
        change = services.curation.rename(one.known, _named(said))
    except REFUSED as refusal:
        page = _thing(request, services, one, refusal=sentence_of(refusal), typed={"name": name})
        return HTMLResponse(page, status_code=status_of(refusal))
    return _back(services, kind, change.after, "renamed")


@router.post("/things/name")
def name_too(
    request: Request, services: ServicesDep, kind: Field, key: Field, alias: Field = "", tier: Field = ""
) -> Response:
    """Give a thing another name by which it can be asked about, from a tier on."""
    one, said, at = _found(services, kind, key), " ".join(alias.split()), tier_asked(tier)
    try:
        if at is None:
            raise NothingWritten("Say from whom on the name is known.")
        services.curation.alias(one.known, _named(said), at)
    except REFUSED as refusal:
        page = _thing(request, services, one, refusal=sentence_of(refusal), typed={"alias": alias})
        return HTMLResponse(page, status_code=status_of(refusal))
    return _back(services, kind, one.key, "named")


@router.post("/things/set-apart")
def set_apart(
    request: Request,
    services: ServicesDep,
    kind: Field,
    key: Field,
    row: Annotated[list[str] | None, Form(max_length=200)] = None,
    name: Field = "",
) -> Response:
    """Say that some rows mean another thing of the same name."""
    one, said = _found(services, kind, key), " ".join(name.split())
    try:
        if not row:
            raise NothingWritten("Choose the lines that mean another thing.")
        services.curation.split(one.known, name=said or None, row_ids=list(dict.fromkeys(row)))
    except REFUSED as refusal:
        page = _thing(request, services, one, refusal=sentence_of(refusal), typed={"part": name})
        return HTMLResponse(page, status_code=status_of(refusal))
    return _back(services, kind, one.key, "parted")


@router.post("/things/undo")
def undo(services: ServicesDep, ident: Field) -> RedirectResponse:
    """Take a change back; other changes stay."""
    services.curation.undo(ident)
    return back_to(f"{PAGE}/changes", done="undone")


def way_to(kind: str, key: str) -> str:
    """Give the address of a thing's page."""
    return f"{PAGE}/one?{urlencode({'kind': kind, 'key': key})}"


def readable(key: str) -> str:
    """Write a key as words: what stands behind the name tells it from others."""
    name, *beside = (part for part in key.replace("#", "|").split("|") if part)
    return f"{name} ({', '.join(beside)})" if beside else name


def _found(services: Services, kind: str, key: str) -> Entry:
    one = services.directory.find(kind, key)
    if one is None:
        raise UnknownSource
    return one


def _meant(services: Services, one: Entry, other: str) -> Known:
    """Find the other thing by its key, or by what it is called."""
    found = services.directory.find(one.kind, other)
    return found.known if found is not None else services.curation.find(_named(other.strip()), one.kind)


def _named(said: str) -> str:
    if not any(char.isalnum() for char in said) or not said.isprintable():
        raise NothingWritten("Write a name.")
    return said


def _back(services: Services, kind: str, key: str, done: str) -> RedirectResponse:
    """Lead to a thing's page, or to the list where it has no rows of its own any more."""
    if services.directory.find(kind, key) is None:
        return back_to(PAGE, done=done)
    return back_to(f"{PAGE}/one", kind=kind, key=key, done=done)


def _thing(
    request: Request,
    services: Services,
    one: Entry,
    *,
    done: str = "",
    refusal: str = "",
    typed: dict[str, str] | None = None,
) -> str:
    changes: list[Change] = [
        change for change in services.curation.changes() if change.kind == one.kind and _is_of(change, one)
    ]
    return render_studio(
        request,
        "thing.html",
        one=one,
        sources=services.directory.sources(one),
        changes=changes,
        said=WORDS,
        tiers=TIERS,
        may_rename=one.kind in RENAMED,
        may_name=one.kind in ALIAS_KINDS.values(),
        done=done,
        refusal=refusal,
        typed=typed or {},
        readable=readable,
    )


def _is_of(change: Change, one: Entry) -> bool:
    return one.key in (change.before, change.after) or (change.what == "alias" and change.before == one.name)
