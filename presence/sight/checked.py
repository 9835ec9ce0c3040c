"""What the doctor finds: what was looked at, how it stands, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import structlog

from presence.errors import Busy, DatabaseAway, DiskRefuses, PresenceError
from presence.stores import refusal_of

State = Literal["ok", "note", "unknown", "wrong"]
log = structlog.get_logger()
STORES: dict[type[PresenceError], tuple[str, str]] = {
    DatabaseAway: (
        "The database does not answer, so this could not be looked at.",
        "Start PostgreSQL again, or look at PRESENCE_DATABASE_URL. The node goes on by itself when it is back.",
    ),
    DiskRefuses: (
        "The disk takes nothing in, so this could not be looked at.",
        "Make room. The node goes on by itself when there is some.",
    ),
    Busy: (
        "Another program keeps the database for itself, so this could not be looked at.",
        "End that program, or wait for it. The node goes on by itself.",
    ),
}
"""What is said of a store that fails, and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; a note is nothing wrong, but worth knowing; what is unknown is not well."""

    check: str
    state: State
    sentence: str
    do: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it as an event: what is wrong is a finding."""
        event = "finding" if self.state == "wrong" else "check"
        told: dict[str, Any] = {"event": event, "check": self.check, "state": self.state, "sentence": self.sentence}
        return told | ({"do": self.do} if self.do else {})


Check = Callable[[], Iterator[Checked]]


def carried_out(checks: dict[str, Check]) -> Iterator[Checked]:
    """Carry out every check; one that cannot be carried out is a finding itself, and stops none of the others."""
    for name, check in checks.items():
        try:
            yield from check()
        except Exception as error:
            log.warning("check failed", check=name, exc_info=error)
            yield _not_looked_at(name, error)


def _not_looked_at(name: str, error: Exception) -> Checked:
    refusal = refusal_of(error)
    if refusal is None:
        said = f"This could not be looked at ({type(error).__name__})."
        return Checked(name, "wrong", said, "The log says where it failed.")
    for kind, (sentence, do) in STORES.items():
        if isinstance(refusal, kind):
            return Checked(name, "wrong", sentence, do)
    return Checked(name, "wrong", f"This could not be looked at: {refusal}")
