"""An exported log of trust, looked at without any node."""

from typing import Any

from trustgraph import Replay, Tier


def told_offline(replay: Replay, now: float) -> list[dict[str, Any]]:
    """Say of an exported log who may read how far, without any node."""
    people = [(sub, replay.tier_of(sub, now)) for sub in replay.subjects()]
    return [{"did": sub, "tier": trust.tier.slug} for sub, trust in people if trust.tier > Tier.PUBLIC]
