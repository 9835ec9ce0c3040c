"""The room in small, on pages of others: a frame that asks by plain forms and reads what is open to all.

Nothing in it depends on cookies, which browsers keep from frames of other sites and which would say too much where
they do not: each form carries the pass of its page instead. What a visitor may do is the same whoever she is elsewhere.
"""

import asyncio
import json
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from billing import Allowance
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question, cleaned, known_act
from presence.bootstrap import Services
from presence.errors import EmbedPassOver
from presence.languages import later, say
from presence.problems import RETRY_AFTER_S, STATUS, sentence_of, status_of
from presence.sites import EmbedSite
from presence.web.clients import client_of
from presence.web.deps import ServicesDep
from presence.web.disclosure import disclosure_headers
from presence.web.limits import Limits
from presence.web.pages import STATIC, render
from presence.web.spoken_in import VARY, spoken
from trustgraph import Tier

router = APIRouter()

PASS_CHARS_MAX = 600
REFUSALS = tuple(STATUS)
# Scripts look again by themselves, and show each sentence when it is there.
SCRIPTS_WAIT_S = 0.2
NO_MONEY_HERE = later("This has a price, and nothing can be paid from here. Ask it in the room itself.")
WORDS = {
    "title": later("Ask {artist}’s notes: an AI answers"),
    "away": later("{artist}’s room cannot be shown on this page."),
    "link": later("Open it in a tab of its own"),
}
NO_WORDS = "const words = {};"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {site}"
)

Pass = Annotated[str, Form(alias="pass", max_length=PASS_CHARS_MAX)]
Text = Annotated[str, Form()]


@router.get("/embed.js")
def script(request: Request) -> Response:
    """The one script tag for pages elsewhere: it puts the room, in small, where it stands."""
    with spoken(request):
        artist = request.app.state.services.settings.artist_name
        words = {name: say(form, artist=artist) for name, form in WORDS.items()}
    told = (
        (STATIC / "embed.js")
        .read_text()
        .replace(NO_WORDS, f"const words = {json.dumps(words, ensure_ascii=False)};", 1)
    )
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=300", "Vary": VARY}
    return Response(told, media_type="text/javascript", headers=headers)


@router.get("/embed", response_class=HTMLResponse)
def room_elsewhere(
    request: Request,
    services: ServicesDep,
    site: Annotated[str, Query(max_length=255)] = "",
    question: Annotated[str, Query(max_length=2_000)] = "",
) -> HTMLResponse:
    """Give the room in small, for a site of the artist's list; a browser shows it nowhere else."""
    return _page(request, services, services.sites.embeds.site(site), question=question)


@router.post("/embed/ask", response_class=HTMLResponse)
async def ask_elsewhere(
    request: Request, services: ServicesDep, given: Pass = "", question: Text = "", scripts: Text = ""
) -> HTMLResponse:
    """Answer a question that was asked on another site."""
    site, is_over = await asyncio.to_thread(services.sites.embeds.read_pass, given)
    listener = visitor(request, services, site)
    wait_s = SCRIPTS_WAIT_S if scripts else services.settings.asking.page_wait_seconds
    try:
        if is_over:
            raise EmbedPassOver
        ident = await _answered(request, services, site, listener, question, wait_s)
        return await asyncio.to_thread(_answer_page, request, services, site, listener, ident)
    except REFUSALS as error:
        return await asyncio.to_thread(_refused, request, services, site, error, question)


@router.post("/embed/answer", response_class=HTMLResponse)
def answer_elsewhere(request: Request, services: ServicesDep, given: Pass = "", answer: Text = "") -> HTMLResponse:
    """Give an answer that was asked for on another site, as far as it is written."""
    site, _ = services.sites.embeds.read_pass(given)
    try:
        return _answer_page(request, services, site, visitor(request, services, site), answer)
    except REFUSALS as error:
        return _refused(request, services, site, error, "")


def visitor(request: Request, services: Services, site: EmbedSite) -> Listener:
    """Say who asks on a site: an address without a name, who reads what is open to all and can pay nothing."""
    client = services.paying.client_name(client_of(request))
    request.state.tier = int(Tier.PUBLIC)  # for the line in the log
    return Listener(
        f"{site.mark}{client}",
        tier_max=int(Tier.PUBLIC),
        how="embed",
        questions_per_day=site.per_visitor,
        client=client,
        allowance=Allowance(site.mark, 0),
    )


async def _answered(
    request: Request, services: Services, site: EmbedSite, listener: Listener, question: str, wait_s: float
) -> str:
    """Ask, and wait a little for the answer; gives its id."""
    limits: Limits = request.app.state.limits

    def opened() -> Any:
        limits.count(limits.questions, [client_of(request)])
        text = cleaned(question, services.settings.asking.question_chars_max)
        asked = Question(text, listener, known_act(None), max_price_micros=0)
        with services.sites.embeds.turn:
            services.sites.embeds.require_room(site)
            return services.counter.open(asked)

    ticket = await asyncio.to_thread(opened)
    if isinstance(ticket, Ticket):
        writing = asyncio.wrap_future(services.desk.start(ticket))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(writing), wait_s)
    return str(ticket.ident)


def _answer_page(request: Request, services: Services, site: EmbedSite, listener: Listener, ident: str) -> HTMLResponse:
    answer = services.answers.read(ident, listener)
    return _page(request, services, site, answer=answer, headers=disclosure_headers(answer["writer"]))


def _refused(request: Request, services: Services, site: EmbedSite, error: Exception, question: str) -> HTMLResponse:
    """Say a refusal inside the frame, where the usual page of it could not be shown; a bug stays one."""
    status = status_of(error)
    if status >= 500 and status != 503:
        raise error
    services.metrics.refused(type(error))
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after_s", RETRY_AFTER_S))
    notice = NO_MONEY_HERE if status == 402 else sentence_of(error)
    return _page(request, services, site, status=status, notice=notice, question=question, headers=headers)


def _page(
    request: Request,
    services: Services,
    site: EmbedSite,
    *,
    answer: dict[str, Any] | None = None,
    notice: str = "",
    question: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    page = render(
        request,
        "embed.html",
        site=site.origin,
        embed_pass=services.sites.embeds.make_pass(site),
        room=services.origins.of(request.headers.get("host", "")),
        answer=answer,
        notice=notice,
        question=question,
        question_chars_max=services.settings.asking.question_chars_max,
    )
    kept = {
        "Content-Security-Policy": POLICY.format(site=site.origin),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(page, status_code=status, headers={**kept, **(headers or {})})
