"""The library: every note, searched and narrowed; and the page of each, where it is edited, moved and taken back."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from knowledge.browsing import Wanted
from knowledge.importers import front_matter
from knowledge.noted import Note, OpenNote
from knowledge.tiering import TIER_NAMES
from presence.asking.answers import PastAnswer
from presence.bootstrap import Services
from presence.languages import later, together
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, TIERS, back_to, leaf_of, plain_lines, tier_asked
from trustgraph import Tier, tier_named

router = room_of_the_studio()
PAGE = "/studio/notes"
VERSIONS_COMPARED_MAX = 10
"""So many of the newest versions are shown with what changed; the others are named."""
DONE = {
    "edited": later("The new text stands, and the old one is kept below."),
    "same": later("Nothing changed: the text is what it was."),
    "moved": later("Who may see it has changed, from this moment on."),
    "named": later("That is kept."),
    "taken": later("Taken back: it is quoted, counted and found no more."),
    "shown": later("It is shown again."),
}
KINDS = {
    "note": later("note"),
    "set": later("set"),
    "release": later("record"),
    "essay": later("essay"),
    "letter": later("letter"),
    "lyrics": later("lyrics"),
    "interview": later("interview"),
}
"""The words for what a note may be; another word of her own stands as she wrote it."""
Words = Annotated[str, Query(max_length=200)]
Short = Annotated[str, Query(max_length=400)]


@dataclass(frozen=True, slots=True)
class Version:
    """A version, and the lines by which it differs from the one before: sign and words; none where nothing does."""

    note: Note
    lines: tuple[tuple[str, str], ...] | None


@router.get("/notes", response_class=HTMLResponse)
def notes_page(
    request: Request,
    services: ServicesDep,
    words: Words = "",
    tier: Short = "",
    kind: Short = "",
    speaker: Short = "",
    away: Short = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """Show the notes, the newest first, as far as they are wanted."""
    holding = tuple(services.search.holding(words, int(Tier.INNER))) if words.strip() else ()
    wanted = Wanted(words, tier_asked(tier), kind, speaker, bool(away), holding)
    with services.database.records() as records:
        shown = services.browsing.page(records, wanted, page)
        choices = services.browsing.choices(records)
    asked = {"words": words, "tier": tier, "kind": kind, "speaker": speaker, "away": away}
    leaf = leaf_of(PAGE, shown.number, shown.pages, asked)
    return HTMLResponse(
        render_studio(
            request, "notes.html", shown=shown, choices=choices, kinds=KINDS, asked=asked, leaf=leaf, tiers=TIERS
        )
    )


@router.get("/notes/{ident}", response_class=HTMLResponse)
def note_page(request: Request, ident: str, services: ServicesDep, done: Short = "") -> HTMLResponse:
    """Show one note: what it says, where it came from, its versions, and the answers that leaned on it."""
    return HTMLResponse(_note(request, services, ident, done=DONE.get(done, "")))


@router.post("/notes/{ident}/edit")
def edit_note(
    request: Request,
    ident: str,
    services: ServicesDep,
    text: Annotated[str, Form()] = "",
    head: Annotated[str, Form()] = "",
) -> Response:
    """Put a new text in the place of a note, below its head if it has one; the old one stays as an earlier version."""
    above = plain_lines(head)
    typed = (above if above.endswith("\n") or not above else f"{above}\n") + plain_lines(text)
    try:
        report = services.library.shelf.edit(ident, typed)
    except REFUSED as refusal:
        return _refused(request, services, ident, refusal, typed=typed)
    if report.count("refused"):
        return _refused(request, services, ident, _Unread(report.files[0].remarks), typed=typed)
    services.bringing.sources.keep_text(typed)
    now = services.library.shelf.document_of(report.import_id)
    return back_to(f"{PAGE}/{now or ident}", done="edited" if now else "same")


@router.post("/notes/{ident}/tier")
def move_note(request: Request, ident: str, services: ServicesDep, tier: Annotated[str, Form()]) -> Response:
    """Change who may see a note, with every version of it."""
    try:
        services.library.shelf.retier(ident, int(tier_named(tier)))
    except REFUSED as refusal:
        return _refused(request, services, ident, refusal)
    return back_to(f"{PAGE}/{ident}", done="moved")


@router.post("/notes/{ident}/words-by")
def attribute_note(
    request: Request,
    ident: str,
    services: ServicesDep,
    speaker: Annotated[str, Form(max_length=400)] = "",
    licence: Annotated[str, Form(max_length=400)] = "",
) -> RedirectResponse:
    """Say whose words a note is, and on what terms it may be shown; without a speaker they are the artist's."""
    named = " ".join(speaker.split()) or services.settings.artist_name
    services.library.shelf.attribute(ident, speaker=named, licence=" ".join(licence.split()))
    return back_to(f"{PAGE}/{ident}", done="named")


@router.post("/notes/{ident}/retract")
def retract_note(request: Request, ident: str, services: ServicesDep) -> Response:
    """Take a note back."""
    try:
        services.library.shelf.retract(ident)
    except REFUSED as refusal:
        return _refused(request, services, ident, refusal)
    return back_to(f"{PAGE}/{ident}", done="taken")


@router.post("/notes/{ident}/restore")
def restore_note(request: Request, ident: str, services: ServicesDep) -> Response:
    """Show a note, or an earlier version of it, again."""
    try:
        services.library.shelf.restore(ident)
    except REFUSED as refusal:
        return _refused(request, services, ident, refusal)
    return back_to(f"{PAGE}/{ident}", done="shown")


class _Unread(Exception):
    """A text that could not be read as a note."""

    def __init__(self, remarks: tuple[str, ...]) -> None:
        super().__init__(reduce(together, remarks) if remarks else later("This text cannot be read as a note."))


def _refused(
    request: Request, services: Services, ident: str, refusal: Exception, *, typed: str | None = None
) -> HTMLResponse:
    """Show the note with what was typed and why it was not taken; one that is not here has no page."""
    status = 422 if isinstance(refusal, _Unread) else status_of(refusal)
    if status == 404:
        raise refusal
    return HTMLResponse(_note(request, services, ident, typed=typed, refusal=sentence_of(refusal)), status_code=status)


def _gathered(answers: Sequence[PastAnswer]) -> list[tuple[PastAnswer, int]]:
    """Give the answers to equal questions as one, the newest of them, with how many they are."""
    alike = Counter((one.question, one.tier, one.is_stale) for one in answers)
    newest: dict[tuple[str, int, bool], PastAnswer] = {}
    for one in answers:  # the newest come first
        newest.setdefault((one.question, one.tier, one.is_stale), one)
    return [(one, alike[told]) for told, one in newest.items()]


def _note(
    request: Request, services: Services, ident: str, *, done: str = "", refusal: str = "", typed: str | None = None
) -> str:
    opened = services.library.shelf.note(ident)
    history = services.library.shelf.history(ident)
    live = next((one for one in history if one.is_live), None)
    head, body = _parted(_whole(services, opened) if typed is None else typed)
    answers = services.answers.resting_on([one.ident for one in history])
    told: dict[str, Any] = {
        "opened": opened,
        "note": opened.note,
        "kinds": KINDS,
        "live": live,
        "versions": _versions(services, history),
        "answers": _gathered(answers),
        "stale": sum(one.is_stale for one in answers),
        "head": head,
        "typed": body,
        "tiers": TIERS,
        "done": done,
        "refusal": refusal,
        "source": services.library.first_passage(opened.note.ident, int(Tier.INNER)),
    }
    return render_studio(request, "note.html", **told)


def _whole(services: Services, opened: OpenNote) -> str:
    """Give the text as it was brought in, with its head, where that still says of the note what the studio says."""
    note, source = opened.note, services.bringing.sources.of(opened.note)
    if source is None:
        return opened.text
    front = front_matter.split(source)
    says_the_same = front.speaker in ("", note.speaker) and front.licence in ("", note.licence)
    return source if says_the_same and front.tier_name in (None, TIER_NAMES[note.tier]) else opened.text


def _parted(text: str) -> tuple[str, str]:
    """Give the head of a text, with its fences, and what stands below it."""
    body = front_matter.split(text).body
    return text[: len(text) - len(body)], body


def _versions(services: Services, history: list[Note]) -> list[Version]:
    """Give every version, the newest first, each with what changed since the one before it."""
    texts = [services.library.shelf.note(one.ident).text for one in history[: VERSIONS_COMPARED_MAX + 1]]
    found = []
    for place, one in enumerate(history):
        is_compared = place + 1 < len(texts)
        found.append(Version(one, _differing(texts[place + 1], texts[place]) if is_compared else None))
    return found


def _differing(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Give the lines that went and came, with one line around them."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]
    return tuple(
        (line[:1], line[1:]) if line[:1] in "+-" else (" ", "…" if line[:2] == "@@" else line[1:]) for line in lines
    )
