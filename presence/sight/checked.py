"""What the doctor finds: what was looked at, how it stands, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import structlog

State = Literal["ok", "note", "wrong"]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; a note is nothing wrong, but worth knowing."""

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
            yield Checked(
                name, "wrong", f"This could not be looked at ({type(error).__name__}).", "The log says where it failed."
            )
