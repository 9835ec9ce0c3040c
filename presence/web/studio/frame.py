"""What every page of the studio has around it: who may come in, and the way to the other pages."""

from fastapi import APIRouter, Depends, Request

from presence.web.pages import render
from presence.web.trust import operator_only

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Today", (("/studio", "Today"),)),
    (
        "Listeners",
        (
            ("/studio/asking", "Asking now"),
            ("/studio/inbox", "Asked, not answered"),
            ("/studio/answers", "What was answered"),
            ("/studio/reports", "Reported answers"),
            ("/studio/why", "Look as somebody"),
            ("/studio/people", "Your people"),
            ("/studio/likes", "What they like"),
        ),
    ),
    (
        "Notes",
        (
            ("/studio/notes", "All notes"),
            ("/studio/notes/new", "Write"),
            ("/studio/played", "I just played"),
            ("/studio/bring-in", "Bring in"),
            ("/studio/review", "To check"),
            ("/studio/recordings", "Recordings"),
            ("/studio/things", "What they speak of"),
        ),
    ),
    ("Voice", (("/studio/voice", "Voice and rules"), ("/studio/quality", "How well it answers"))),
    (
        "Money",
        (
            ("/studio/earnings", "Earnings"),
            ("/studio/prices", "Prices"),
            ("/studio/splits", "Sharing"),
            ("/studio/payouts", "Paying others"),
            ("/studio/subscribers", "Subscribers"),
        ),
    ),
    (
        "House",
        (("/studio/health", "Health"), ("/studio/backups", "Backups"), ("/studio/elsewhere", "Elsewhere")),
    ),
)
SECTIONS = tuple(section for _, sections in GROUPS for section in sections)


def room_of_the_studio() -> APIRouter:
    """Give a router for pages below `/studio` that nobody but the operator gets."""
    return APIRouter(prefix="/studio", dependencies=[Depends(operator_only)])


def render_studio(request: Request, template: str, **values: object) -> str:
    """Render one page of the studio; `template` extends `studio/frame.html`."""
    return render(request, f"studio/{template}", groups=GROUPS, section=_section(request.url.path), **values)


def _section(path: str) -> str:
    """Give the address of the section that a page belongs to."""
    above = [address for address, _ in SECTIONS if path == address or path.startswith(f"{address}/")]
    return max(above, key=len, default="")
