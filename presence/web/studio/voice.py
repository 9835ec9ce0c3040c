"""How the presence speaks: the artist's own words for everybody, or from a tier on, checked before they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from knowledge.tiering import TIER_NAMES
from presence.asking.prompt import persona as told_to_a_writer
from presence.bootstrap import Services
from presence.errors import PersonaWrong
from presence.persona.files import PARTS, Persona, items_of, listed, parts_of, persona_of, written
from presence.problems import sentence_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import TIERS, back_to, plain_lines, tier_asked

router = room_of_the_studio()
PAGE = "/studio/voice"
CHARS_MAX = 40_000
LISTS = ("rules", "refuse")
TYPED = "What you typed"
"""What an error calls a text that is no file yet."""
Words = Annotated[str, Form(max_length=CHARS_MAX)]
Short = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A voice as a page shows it: its parts as they were written, or `whole` where they cannot be told apart."""

    tier: int | None
    parts: Mapping[str, str]
    whole: str | None
    is_own: bool  # whether this tier has a file


@router.get("/voice", response_class=HTMLResponse)
def voice_page(request: Request, services: ServicesDep, tier: Short = "", done: Short = "") -> HTMLResponse:
    """Show the voice for everybody, or the one from a tier on."""
    shown, wrong = _shown(services, tier_asked(tier))
    return HTMLResponse(_page(request, services, shown, refusal=wrong, done=done))


@router.post("/voice")
def keep_voice(
    request: Request,
    services: ServicesDep,
    tier: Annotated[str, Form(max_length=40)] = "",
    voice: Annotated[str, Form(max_length=40)] = "",
    tone: Words = "",
    boundaries: Words = "",
    rules: Words = "",
    refuse: Words = "",
    no_answer: Words = "",
    whole: Words = "",
    look: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Check a voice, and keep it unless she only wants to look."""
    at = tier_asked(tier)
    typed = [voice, tone, boundaries, rules, refuse, no_answer]
    parts = dict(zip(PARTS, map(plain_lines, typed), strict=True))
    lists = {name: listed(parts[name]) for name in LISTS}
    data = plain_lines(whole).encode() if whole else written(parts | lists)
    shown = Shown(at, parts, plain_lines(whole) or None, services.personas.content(at) is not None)
    try:
        read = persona_of(data, TYPED)
        if look:
            return HTMLResponse(_page(request, services, shown, looked=read))
        services.personas.keep(at, data)
    except PersonaWrong as wrong:
        return HTMLResponse(_page(request, services, shown, refusal=sentence_of(wrong)), status_code=422)
    return back_to(PAGE, tier="" if at is None else TIER_NAMES[at], done="kept")


@router.post("/voice/remove")
def remove_voice(services: ServicesDep, tier: Annotated[str, Form(max_length=40)]) -> RedirectResponse:
    """Take the voice of a tier away; the one below it holds there then."""
    at = tier_asked(tier)
    if at is not None:
        services.personas.remove(at)
    return back_to(PAGE, done="removed")


def _shown(services: Services, tier: int | None) -> tuple[Shown, str]:
    """Give what stands in the file of a tier, or else what holds there now; what cannot be read is given whole."""
    content = services.personas.content(tier)
    is_own = content is not None
    below = range(-1 if tier is None else tier - 1, -1, -1)
    for other in (*below, None):
        content = services.personas.content(other) if content is None else content
    data = content or b""
    try:
        parts = parts_of(data, TYPED)
        persona_of(data, TYPED)
    except PersonaWrong as wrong:
        return Shown(tier, {}, data.decode(errors="replace"), is_own), sentence_of(wrong)
    lines = {name: "\n".join(items_of(parts.get(name, ""))) for name in LISTS}
    return Shown(tier, parts | lines, None, is_own), ""


def _page(
    request: Request,
    services: Services,
    shown: Shown,
    *,
    refusal: str = "",
    done: str = "",
    looked: Persona | None = None,
) -> str:
    return render_studio(
        request,
        "voice.html",
        shown=shown,
        own=[number for number, _ in TIERS if services.personas.content(number) is not None],
        tiers=TIERS,
        refusal=refusal,
        done=done,
        looked=looked,
        told=None if looked is None else told_to_a_writer(services.settings.artist_name, looked),
    )
