"""From a listener to the artist: at most four grants, each verified from its stored bytes.

No recursion, no cache of verdicts: whatever is doubtful opens nothing.
"""

import math
from dataclasses import dataclass

from trustgraph.attenuation import Bearer, refusal, room, widening
from trustgraph.documents import Delegate, Grant
from trustgraph.entries import Entry
from trustgraph.errors import DocumentRefused, LogInDoubt
from trustgraph.spine import CLOCK_SECONDS, Spine
from trustgraph.store import Store
from trustgraph.tiers import Tier

GRANTS_MAX = 16
HOPS_MAX = 4


@dataclass(frozen=True, slots=True)
class Trust:
    """How deep trust goes, and until when at the latest (Unix seconds) if nothing is signed meanwhile."""

    tier: Tier
    until: float = math.inf
    grant: str | None = None
    """The grant that it rests on."""


PUBLIC = Trust(Tier.PUBLIC)


@dataclass(frozen=True, slots=True)
class Step:
    """One bearer on the way up, with its place in the log."""

    entry: Entry
    document: Bearer


def tier_of(sub: str, now: float, spine: Spine, store: Store) -> Trust:
    """Say how deep trust in somebody goes now. Raises `LogInDoubt`, and nothing else."""
    if sub in spine.blocked or spine.is_behind(now):
        return PUBLIC
    best = PUBLIC
    for entry in store.live(sub, int(now), GRANTS_MAX):
        if Tier(entry.tier or 0) <= best.tier:
            break  # the highest come first, and a chain only lowers
        way = climb(entry, now, spine, store)
        if way and isinstance(way[0].document, Grant) and way[0].document.sub == sub:
            tier = min(step.document.tier for step in way)
            if tier > best.tier:
                best = Trust(tier, min(step.document.exp for step in way), way[0].document.ident)
    return best


def climb(entry: Entry, now: float, spine: Spine, store: Store) -> list[Step]:
    """Follow one grant to the artist; give the way, or an empty list where it breaks off.

    A parent that was renewed is represented by the grant that renewed it: a renewal that is
    narrower narrows those below, one that was taken back lets them fall.
    """
    if not _is_sound(entry, spine) or spine.is_superseded(entry.seq):
        return []
    way: list[Step] = []
    seen: set[str] = set()
    step = _standing(entry, now, spine)
    while step is not None and len(way) < HOPS_MAX + 1:
        way.append(step)
        document = step.document
        if document.sub in seen or (len(way) > HOPS_MAX and isinstance(document, Grant)):
            return []
        seen.add(document.sub)
        if isinstance(document, Delegate) or document.parent is None:
            return way if spine.keys.signed_for_artist(document.iss, step.entry.seq) else []
        step = _parent(step, now, spine, store)
    return []


def _parent(child: Step, now: float, spine: Spine, store: Store) -> Step | None:
    grant = child.document
    if not isinstance(grant, Grant) or grant.parent is None:
        return None
    entry = store.by_event(grant.parent)
    if entry is None or not _is_sound(entry, spine) or spine.is_revoked(entry.seq):
        return None
    named = _bearer(entry)
    if named is None or widening(grant, named) is not None:
        return None
    if spine.is_superseded(entry.seq):
        newest = store.newest(entry.pair or "")
        if newest is None or not _is_sound(newest, spine) or newest.pair != entry.pair:
            return None
        entry = newest
    step = _standing(entry, now, spine)
    if step is None or refusal(grant, step.document) is not None:
        return None
    return step if _has_room(child.entry, step.document) else None


def _has_room(child: Entry, bearer: Bearer) -> bool:
    return child.ordinal is not None and child.ordinal <= room(bearer)


def _standing(entry: Entry, now: float, spine: Spine) -> Step | None:
    """Give an entry with its document if it holds by itself now, whatever is above it."""
    if spine.is_revoked(entry.seq) or spine.is_superseded(entry.seq):
        return None
    document = _bearer(entry)
    if document is None or document.root != spine.keys.root:
        return None
    if not (document.nbf <= now + CLOCK_SECONDS and now < document.exp):
        return None
    if document.iss in spine.blocked or document.sub in spine.blocked:
        return None
    return Step(entry, document)


def _bearer(entry: Entry) -> Bearer | None:
    try:
        document = entry.document
    except DocumentRefused:
        return None
    return document if isinstance(document, Grant | Delegate) else None


def _is_sound(entry: Entry, spine: Spine) -> bool:
    if not spine.is_sound(entry):
        raise LogInDoubt("log_in_doubt")
    return True
