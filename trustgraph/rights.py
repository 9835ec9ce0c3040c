"""Whom somebody may still introduce: the rights that her live grants give her."""

from dataclasses import dataclass

from trustgraph.documents import Grant
from trustgraph.spine import Spine
from trustgraph.store import Store
from trustgraph.tiers import Tier
from trustgraph.walk import GRANTS_MAX, climb


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
    if sub in spine.blocked or spine.is_behind(now):
        return []
    found = []
    for entry in store.live(sub, int(now), GRANTS_MAX):
        way = climb(entry, now, spine, store)
        if not way or not isinstance(way[0].document, Grant) or way[0].document.vouch is None:
            continue
        grant, vouch = way[0].document, way[0].document.vouch
        left = max(vouch.max - store.slots_taken(entry.pair or ""), 0)
        found.append(Right(grant.ident, vouch.tier, vouch.depth - 1, left, grant.nbf, grant.exp))
    return sorted(found, key=lambda right: (-right.tier, -right.left))
