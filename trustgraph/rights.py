"""Whom somebody may still introduce: the rights that her live grants give her."""

from dataclasses import dataclass

from trustgraph.spine import Spine
from trustgraph.store import Store
from trustgraph.tiers import Tier
from trustgraph.walk import ways_of


@dataclass(frozen=True, slots=True)
class Right:
    """Under the grant `parent`: so many more people, up to `tier`, until `exp`; they may do so `depth` levels on."""

    parent: str
    tier: Tier
    depth: int
    left: int
    nbf: int
    exp: int


def rights_of(sub: str, now: float, spine: Spine, store: Store) -> list[Right]:
    """Give the rights that hold now, the highest first. Raises `LogInDoubt`."""
    found = []
    for entry, way in ways_of(sub, now, spine, store):
        if way is None or way.hold.may is None:
            continue
        may, grant = way.hold.may, way.steps[0].document
        left = max(may.room - store.slots_taken(entry.pair or ""), 0)
        found.append(Right(grant.ident, may.tier, may.depth - 1, left, grant.nbf, grant.exp))
    return sorted(found, key=lambda right: (-right.tier, -right.left))
