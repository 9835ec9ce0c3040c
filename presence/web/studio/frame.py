"""What every page of the studio has around it: who may come in, and the way to the other pages."""

from fastapi import APIRouter, Depends, Request

from presence.web.pages import render
from presence.web.trust import operator_only

SECTIONS = (
    ("/studio", "Today"),
    ("/studio/asking", "Asking now"),
    ("/studio/inbox", "Asked, not answered"),
    ("/studio/answers", "What was answered"),
    ("/studio/why", "Look as somebody"),
    ("/studio/bring-in", "Bring in"),
    ("/studio/notes/new", "Write"),
    ("/studio/played", "I just played"),
    ("/studio/review", "To check"),
    ("/studio/recordings", "Recordings"),
    ("/studio/notes", "Notes"),
    ("/studio/things", "What they speak of"),
    ("/studio/voice", "Voice and rules"),
    ("/studio/quality", "How well it answers"),
    ("/studio/people", "Your people"),
    ("/studio/likes", "What they like"),
    ("/studio/reports", "Reported answers"),
    ("/studio/earnings", "Earnings"),
    ("/studio/prices", "Prices"),
    ("/studio/splits", "Sharing"),
    ("/studio/payouts", "Paying others"),
    ("/studio/subscribers", "Subscribers"),
    ("/studio/elsewhere", "Elsewhere"),
    ("/studio/health", "Health"),
    ("/studio/backups", "Backups"),
)


def room_of_the_studio() -> APIRouter:
    """Give a router for pages below `/studio` that nobody but the operator gets."""
    return APIRouter(prefix="/studio", dependencies=[Depends(operator_only)])


def render_studio(request: Request, template: str, **values: object) -> str:
    """Render one page of the studio; `template` extends `studio/frame.html`."""
    return render(request, f"studio/{template}", sections=SECTIONS, **values)
