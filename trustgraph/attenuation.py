"""What a child may never be: wider than its parent. Each way of being wider has its code.

A child that was within its parent when it came can find itself below a narrower one later, when the
parent is renewed. Then it holds what both allow.
"""

from dataclasses import dataclass

from trustgraph.documents import Delegate, Grant, Vouch
from trustgraph.tiers import Tier

TILL_VOUCH = Vouch(depth=1, max=10, tier=Tier.FOLLOWER)
"""Who pays may introduce a few friends as followers, where the artist's rule says so; nothing above that."""

Bearer = Grant | Delegate


def widening(child: Grant, parent: Bearer) -> str | None:
    """Give the code of the first way in which a child is wider than its parent, or None."""
    code = refusal(child, parent)
    if code is None and not (parent.nbf <= child.nbf and child.exp <= parent.exp):
        return "time_widened"
    return code


def refusal(child: Grant, parent: Bearer) -> str | None:
    """Do the same for all but time, which a renewed parent may have moved."""
    if child.root != parent.root:
        return "wrong_root"
    return _beyond_role(child, parent) if isinstance(parent, Delegate) else _beyond_vouch(child, parent)


@dataclass(frozen=True, slots=True)
class May:
    """The right to let others in: up to `tier`, `room` people, over `depth` levels; each may get room for `lends`."""

    tier: Tier
    depth: int
    room: int
    lends: int

    def refusal(self, child: Grant) -> str | None:
        """Give the code of the first way in which a child goes beyond this, or None."""
        if child.tier > self.tier:
            return "tier_widened"
        if child.vouch is not None and not _within(child.vouch, Vouch(self.depth - 1, self.lends, self.tier)):
            return "vouch_widened"
        return None


@dataclass(frozen=True, slots=True)
class Hold:
    """What a document gives after everything above has narrowed it."""

    tier: Tier
    may: May | None


def held(document: Bearer, ordinal: int | None, above: May | None) -> Hold | None:
    """Narrow a document by the right that it came under (None: the artist's own); None where nothing is left."""
    if isinstance(document, Delegate):
        return Hold(document.tier, _of_role(document))
    vouch = document.vouch
    if document.parent is None:
        return Hold(document.tier, May(vouch.tier, vouch.depth, vouch.max, vouch.max) if vouch else None)
    if above is None or ordinal is None or ordinal > above.room:
        return None
    tier = min(document.tier, above.tier)
    if vouch is None or above.depth < 2 or not above.lends:
        return Hold(tier, None)
    people = min(vouch.max, above.lends)
    return Hold(tier, May(min(vouch.tier, above.tier), min(vouch.depth, above.depth - 1), people, people))


def _of_role(delegate: Delegate) -> May | None:
    if delegate.role == "presence":
        return None
    if delegate.role == "till":
        return May(delegate.tier, 1 + TILL_VOUCH.depth, delegate.max or 0, TILL_VOUCH.max)
    return May(delegate.tier, 1, delegate.max or 0, 0)


def _beyond_role(child: Grant, parent: Delegate) -> str | None:
    if child.iss != parent.sub or parent.role == "presence":
        return "not_delegated"
    if child.tier > parent.tier:
        return "role_exceeded"
    if child.vouch is not None and (parent.role != "till" or not _within(child.vouch, TILL_VOUCH)):
        return "role_exceeded"
    return None


def _beyond_vouch(child: Grant, parent: Grant) -> str | None:
    if child.iss != parent.sub:
        return "issuer_not_parent_subject"
    if parent.vouch is None:
        return "may_not_vouch"
    if child.tier > parent.vouch.tier:
        return "tier_widened"
    further = Vouch(parent.vouch.depth - 1, parent.vouch.max, parent.vouch.tier)
    if child.vouch is not None and not _within(child.vouch, further):
        return "vouch_widened"
    return None


def _within(vouch: Vouch, most: Vouch) -> bool:
    return vouch.depth <= most.depth and vouch.max <= most.max and vouch.tier <= most.tier
