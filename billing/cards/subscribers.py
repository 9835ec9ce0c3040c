"""Everybody who ever subscribed, as the artist looks at them."""

from billing.cards.subscriptions import Subscription
from billing.contracts import Snapshots
from billing.plain import Plain, statement

_BEGUN = statement(
    """SELECT id, owner, every, micros, gift_micros, paid_by, state, processor_id, customer, period_end, ends,
 created_at FROM subscriptions WHERE state <> 'created' OR period_end > 0 ORDER BY created_at DESC, id"""
)


def begun(snapshots: Snapshots) -> list[Subscription]:
    """Give every subscription that was ever paid, the newest first; a page that nobody paid on is none."""
    with snapshots() as connection:
        return [Subscription(*row) for row in Plain(connection).rows(_BEGUN)]
