"""What every page of the studio has around it: who may come in, and the way to the other pages."""

from fastapi import APIRouter, Depends, Request

from presence.languages import later
from presence.web.pages import render
from presence.web.trust import operator_only

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (later("Today"), (("/studio", later("Today")),)),
    (
        later("Listeners"),
        (
            ("/studio/asking", later("Asking now")),
            ("/studio/inbox", later("Asked, not answered")),
            ("/studio/answers", later("What was answered")),
            ("/studio/reports", later("Reported answers")),
            ("/studio/why", later("Look as somebody")),
            ("/studio/people", later("Your people")),
            ("/studio/likes", later("What they like")),
        ),
    ),
    (
        later("Notes"),
        (
            ("/studio/notes", later("All notes")),
            ("/studio/notes/new", later("Write")),
            ("/studio/played", later("I just played")),
            ("/studio/bring-in", later("Bring in")),
            ("/studio/review", later("To check")),
            ("/studio/recordings", later("Recordings")),
            ("/studio/things", later("What they speak of")),
        ),
    ),
    (later("Voice"), (("/studio/voice", later("Voice and rules")), ("/studio/quality", later("How well it answers")))),
    (
        later("Money"),
        (
            ("/studio/earnings", later("Earnings")),
            ("/studio/prices", later("Prices")),
            ("/studio/splits", later("Sharing")),
            ("/studio/payouts", later("Paying others")),
            ("/studio/refunds", later("Paying back")),
            ("/studio/subscribers", later("Subscribers")),
        ),
    ),
    (
        later("House"),
        (
            ("/studio/health", later("Health")),
            ("/studio/backups", later("Backups")),
            ("/studio/elsewhere", later("Elsewhere")),
        ),
    ),
)
SECTIONS = tuple(section for _, sections in GROUPS for section in sections)
_BELONGS = {"/studio/invites": "/studio/people", "/studio/correct/begin": "/studio/why"}


def room_of_the_studio() -> APIRouter:
    """Give a router for pages below `/studio` that nobody but the operator gets."""
    return APIRouter(prefix="/studio", dependencies=[Depends(operator_only)])


def render_studio(request: Request, template: str, **values: object) -> str:
    """Render one page of the studio; `template` extends `studio/frame.html`."""
    return render(request, f"studio/{template}", groups=GROUPS, section=_section(request.url.path), **values)


def _section(path: str) -> str:
    """Give the address of the section that a page belongs to."""
    path = _BELONGS.get(path, path)
    above = [address for address, _ in SECTIONS if path == address or path.startswith(f"{address}/")]
    return max(above, key=len, default="")
