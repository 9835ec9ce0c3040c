"""Who can reach the presence, and what a stranger finds there: said on the first page of the studio and at its link."""

from dataclasses import dataclass

from knowledge.library import Counts
from presence.bootstrap import Services
from presence.sessions.origins import is_safe_for_secrets
from trustgraph import Tier


@dataclass(frozen=True, slots=True)
class Reached:
    """At which address, whether from this machine alone, and how much of all is open to all."""

    address: str
    is_here_only: bool
    open: Counts
    all: Counts


def reached(services: Services) -> Reached:
    """Say how it stands."""
    address = services.origins.first
    is_here_only = is_safe_for_secrets("http", address.split("://", 1)[1])
    return Reached(address, is_here_only, services.library.counts(0), services.library.counts(int(Tier.INNER)))
