"""How the house is: who writes, the queue, the disk, the last backup; and all that the doctor looks at, when asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
    "keys": later("The keys that sign here"),
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
MEANS = {
    "permissions": later("What is kept here is yours alone: nobody else should be able to read it."),
    "disk": later("When it is full, nothing is answered and nothing is charged."),
    "addresses": later("By its address others come to your room."),
    "backup": later("If this machine breaks, a backup is all that is left."),
    "database": later("All that you and your listeners did here stands in it."),
    "indexes": later("By it the notes are found that a question is about; some may be missed now."),
    "writer": later("Until then your own sentences are quoted, word for word."),
    "trust": later("Until it is clear, everybody sees only what is open to all."),
    "keys": later("By them answers and receipts are signed, and people let in."),
    "ledger": later("What everybody paid, has and is owed stands in them."),
    "receipts": later("By it everybody can check that no receipt was changed afterwards."),
    "mail": later("Without it nobody comes in by a letter, and nobody is told of your answers by one."),
    "cards": later("By them listeners pay in and subscribe."),
    "clock": later("Prices and rights go by it."),
}
"""What a thing that is not well means to the artist."""
WAYS = {
    "backup": ("/studio/backups", later("Make a backup")),
    "reports": ("/studio/reports", later("Reported answers")),
    "voice": ("/studio/voice", later("Voice and rules")),
}
"""What she can mend by herself, and where."""
FIGURES = ("home", "database", "indexes", "writer", "trust", "keys", "ledger", "receipts")
"""What is said of these while they are well is for whoever runs the machine."""
_FOR_THE_MACHINE = re.compile(
    r"PRESENCE_|\b(presence (?!of\b)|make |chmod|docs/|TLS\b|NTP\b|PostgreSQL|Chroma)|\.toml\b|\bnode\b"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was looked at, as the artist reads it: what it means and what she can do; commands and settings apart."""

    check: str
    state: str
    sentence: str
    do: str
    means: str
    way: tuple[str, str] | None

    @property
    def is_figures(self) -> bool:
        """Whether the sentence is for whoever runs the machine."""
        return self.state == "ok" and self.check in FIGURES

    @property
    def is_for_machine(self) -> bool:
        """Whether what to do is done at a terminal, or in the settings."""
        return _FOR_THE_MACHINE.search(self.do) is not None


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
        now=[as_she_reads(one) for one in carried_out({name: outside[name] for name in AT_ONCE})],
        last=last,
        found=[as_she_reads(one) for one in _worst_first(last.found)] if last is not None else [],
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


def as_she_reads(one: Checked) -> Shown:
    """Say what a finding means, and where she mends it; what is well has no consequence."""
    is_well = one.state == "ok"
    means, way = ("", None) if is_well else (MEANS.get(one.check, ""), WAYS.get(one.check))
    return Shown(one.check, one.state, one.sentence, one.do, means, way)


def _worst_first(found: Iterable[Checked]) -> list[Checked]:
    return sorted(found, key=lambda one: ORDER.index(one.state))
