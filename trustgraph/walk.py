"""From a listener to the artist: at most four grants, each verified from its stored bytes.

No recursion, no cache of verdicts: whatever is doubtful opens nothing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from trustgraph.attenuation import Bearer, Hold, held, widening
from trustgraph.documents import Delegate, Grant
from trustgraph.entries import Entry
from trustgraph.errors import DocumentRefused, LogInDoubt
from trustgraph.spine import CLOCK_SECONDS, Spine
from trustgraph.store import Store
from trustgraph.tiers import Tier

GRANTS_MAX = 16  # of each tier
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


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a document to the artist that holds: the steps up, and what the first of them gives."""

    steps: tuple[Step, ...]
    hold: Hold

    @property
    def until(self) -> int:
        """When the first of its documents runs out."""
        return min(step.document.exp for step in self.steps)


def tier_of(sub: str, now: float, spine: Spine, store: Store) -> Trust:
    """Say how deep trust in somebody goes now. Raises `LogInDoubt`, and nothing else."""
    best = PUBLIC
    for entry, way in ways_of(sub, now, spine, store):
        if entry.tier is not None and entry.tier <= best.tier:
            break  # the highest come first, and a chain only lowers
        if way is not None and way.hold.tier > best.tier:
            best = Trust(way.hold.tier, way.until, way.steps[0].document.ident)
    return best


def ways_of(sub: str, now: float, spine: Spine, store: Store) -> Iterator[tuple[Entry, Way | None]]:
    """Follow what lets somebody in, the highest tier first; None for what does not hold."""
    if spine.is_blocked(sub) or spine.is_behind(now):
        return
    for entry in store.live(sub, int(now), GRANTS_MAX):
        way = climb(entry, now, spine, store)
        if way is not None and way.steps[0].document.sub == sub and isinstance(way.steps[0].document, Grant):
            yield entry, way
        else:
            yield entry, None


def climb(entry: Entry, now: float, spine: Spine, store: Store) -> Way | None:
    """Follow one document to the artist; None where the way breaks off.

    A parent that was renewed is represented by the grant that renewed it: a renewal that is
    narrower narrows those below, one that was taken back lets them fall.
    """
    steps = _steps(entry, now, spine, store)
    if not steps:
        return None
    hold: Hold | None = None
    for step in reversed(steps):
        hold = held(step.document, step.entry.ordinal, hold.may if hold else None)
        if hold is None:
            return None
    return Way(tuple(steps), hold) if hold else None


def _steps(entry: Entry, now: float, spine: Spine, store: Store) -> list[Step]:
    _check_sound(entry, spine)
    steps: list[Step] = []
    seen: set[str] = set()
    step = _standing(entry, now, spine)
    while step is not None:
        steps.append(step)
        document = step.document
        if document.sub in seen or (len(steps) > HOPS_MAX and isinstance(document, Grant)):
            return []
        seen.add(document.sub)
        if isinstance(document, Delegate) or document.parent is None:
            return steps if spine.keys.signed_for_artist(document.iss, step.entry.seq) else []
        step = _parent(document, document.parent, now, spine, store)
    return []


def _parent(grant: Grant, parent: str, now: float, spine: Spine, store: Store) -> Step | None:
    """Give what bears a grant now: the parent that it names, or what renewed that one."""
    entry = store.by_event(parent)
    if entry is None:
        return None
    _check_sound(entry, spine)
    named = _bearer(entry)
    if spine.is_revoked(entry.seq) or named is None or widening(grant, named) is not None:
        return None
    if spine.is_superseded(entry.seq):
        newest = store.newest(entry.pair or "")
        if newest is None or newest.pair != entry.pair:
            return None
        _check_sound(newest, spine)
        entry = newest
    return _standing(entry, now, spine)


def _standing(entry: Entry, now: float, spine: Spine) -> Step | None:
    """Give an entry with its document if it holds by itself now, whatever is above it."""
    if spine.is_revoked(entry.seq) or spine.is_superseded(entry.seq):
        return None
    document = _bearer(entry)
    if document is None or document.root != spine.keys.root:
        return None
    if not (document.nbf <= now + CLOCK_SECONDS and now < document.exp):
        return None
    if spine.is_blocked(document.iss) or spine.is_blocked(document.sub):
        return None
    return Step(entry, document)


def _bearer(entry: Entry) -> Bearer | None:
    try:
        document = entry.document
    except DocumentRefused:
        return None
    return document if isinstance(document, Grant | Delegate) else None


def _check_sound(entry: Entry, spine: Spine) -> None:
    if not spine.is_sound(entry):
        raise LogInDoubt("log_in_doubt")
