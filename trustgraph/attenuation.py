"""What a child may never be: wider than its parent. Each way of being wider has its code."""

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


def room(parent: Bearer) -> int:
    """Give how many people a parent may let in."""
    if isinstance(parent, Delegate):
        return parent.max or 0
    return parent.vouch.max if parent.vouch else 0


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
