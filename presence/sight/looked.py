"""The last time when everything was looked at, from a page: what was found is kept, and read until the next time."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from presence.bootstrap import Services
from presence.sight.checked import Checked, carried_out
from presence.sight.inside import inside_checks
from presence.sight.outside import outside_checks
from presence.sites.kept import Entries, KeptList

_NAME = "last_look"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and when (Unix seconds)."""

    at: float
    found: tuple[Checked, ...]

    @property
    def wrong(self) -> int:
        """How many things were wrong."""
        return sum(1 for one in self.found if one.state == "wrong")


def look(services: Services, now: Callable[[], float] = time.time) -> Looked:
    """Look at everything that the doctor looks at, and keep what was found. It takes seconds."""
    checks = outside_checks(services.settings, services.home) | inside_checks(services)
    seen = Looked(now(), tuple(carried_out(checks)))
    entries: Entries = [{"at": seen.at}, *(asdict(one) for one in seen.found)]
    _kept(services).change(lambda _before: entries)
    return seen


def last_look(services: Services) -> Looked | None:
    """Give what was found last, or None where nobody ever looked."""
    entries = _kept(services).all()
    return None if not entries else Looked(entries[0]["at"], tuple(_checked(one) for one in entries[1:]))


def _kept(services: Services) -> KeptList:
    return KeptList(_NAME, services.database, services.lane)


def _checked(entry: dict[str, Any]) -> Checked:
    return Checked(**entry)
