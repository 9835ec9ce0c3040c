"""Look as: a question answered as a tier or a person would get it, and why this answer. Free; nothing is kept."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from presence.asking.trying import Tried
from presence.bootstrap import Services
from presence.languages import later
from presence.people.names import folded
from presence.problems import sentence_of, status_of
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.shelves import REFUSED, TIERS, tier_asked
from trustgraph import Tier

router = room_of_the_studio()
PAGE = "/studio/why"
CHARS_MAX = 4_000
NOBODY = later("Nobody of this code, name or key was let in. The codes stand on the page of your people.")
Text = Annotated[str, Query(max_length=CHARS_MAX)]
Short = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Eyes:
    """Through whose eyes the artist looks; `who` is "" for a tier as such."""

    tier: int
    who: str = ""


@router.get("/why", response_class=HTMLResponse)
def why_page(
    request: Request, services: ServicesDep, question: Text = "", tier: Short = "", person: Short = ""
) -> HTMLResponse:
    """Answer a question as somebody would get it, and show why."""
    eyes, refusal, status = Eyes(tier_asked(tier) or 0), "", 200
    tried: Tried | None = None
    if person.strip():
        found = _person(services, person)
        refusal = (
            ""
            if found
            else later("Nobody of this code, name or key was let in. The codes stand on the page of your people.")
        )
        status = 200 if found else 404
        eyes = found or eyes
    if question.strip() and not refusal:
        try:
            tried = services.trying.answer(question, eyes.tier)
        except REFUSED as refused:
            refusal, status = sentence_of(refused), status_of(refused)
    page = render_studio(
        request,
        "why.html",
        question=question,
        person=person,
        eyes=eyes,
        tried=tried,
        tiers=TIERS,
        refusal=refusal,
        question_chars_max=services.settings.asking.question_chars_max,
        highest=int(Tier.INNER),
    )
    return HTMLResponse(page, status_code=status)


def _person(services: Services, said: str) -> Eyes | None:
    """Find who is meant by her code, her name or her key; how far she may read is computed now."""
    wanted = said.strip().removeprefix("code ").strip()
    people = services.people.tree.whole().people
    one = next(
        (one for one in people if wanted in (one.did, one.code) or folded(wanted) == folded(one.name or "")), None
    )
    if one is None:
        return None
    return Eyes(services.telling.tier_of(one.did), one.shown)
