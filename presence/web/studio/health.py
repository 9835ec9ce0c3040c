"""How the node is: who writes, the queue, the disk, the last backup; and all that the doctor looks at, when asked."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from presence.languages import later
from presence.sight.checked import Checked, carried_out
from presence.sight.doctor import engine_build
from presence.sight.looked import last_look, look
from presence.sight.outside import outside_checks
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.who_writes import who_writes

router = room_of_the_studio()
PAGE = "/studio/health"
_NOT_KEPT = {"Cache-Control": "no-store"}
AT_ONCE = ("disk", "backup")
"""What costs nothing to look at, and is looked at each time."""
WORDS = {
    "home": later("The folder with everything"),
    "permissions": later("Who on this machine can read it"),
    "disk": later("Room on the disk"),
    "addresses": later("The address of your room"),
    "backup": later("The last backup"),
    "database": later("The database"),
    "indexes": later("Finding notes"),
    "writer": later("Who writes"),
    "trust": later("Who was let in: the signed list"),
    "keys": later("The keys of this node"),
    "ledger": later("The books"),
    "receipts": later("The public list of receipts"),
    "mail": later("Mail"),
    "cards": later("Cards"),
    "clock": later("The clock"),
    "reports": later("Reported answers"),
    "voice": later("Your voice and rules"),
}
MARKS = {
    "wrong": ("!", later("needs you")),
    "unknown": ("?", later("not known")),
    "note": ("·", later("worth knowing")),
    "ok": ("✓", later("well")),
}
ORDER = ("wrong", "unknown", "note", "ok")


@router.get("/health", response_class=HTMLResponse)
def health_page(
    request: Request, services: ServicesDep, looked: Annotated[str, Query(max_length=4)] = ""
) -> HTMLResponse:
    """Show how the node is now, and what was found when everything was looked at last."""
    outside = outside_checks(services.settings, services.home)
    last = last_look(services)
    page = render_studio(
        request,
        "health.html",
        who_writes=who_writes(services),
        engine=engine_build(services),
        queue=services.desk.under_way,
        queue_max=services.settings.models.places_max,
        now=list(carried_out({name: outside[name] for name in AT_ONCE})),
        last=last,
        found=_worst_first(last.found) if last is not None else [],
        words=WORDS,
        marks=MARKS,
        looked=bool(looked),
    )
    return HTMLResponse(page, headers=_NOT_KEPT)


@router.post("/health/look")
def look_at_everything(services: ServicesDep) -> RedirectResponse:
    """Look at everything now, as `presence doctor` does; what was found is shown until the next time."""
    look(services)
    return RedirectResponse(f"{PAGE}?looked=yes", status_code=303)


def _worst_first(found: Iterable[Checked]) -> list[Checked]:
    return sorted(found, key=lambda one: ORDER.index(one.state))
