"""A home from before taxes and periods were written down opens with what its supporters paid."""

from sqlalchemy import inspect, text

from billing.cards.entitlements import Entitlements
from presence.migrations import upgrade
from tests.billing.card_desk import Desk
from tests.billing.conftest import ANN, BOB, CENT, Clock, Till
from tests.strict_stripe import StrictStripe

GONE = (
    "DROP TABLE supporter_periods",
    "DROP TABLE supporters",
    "DROP INDEX holds_allowances",
    "DROP INDEX card_disputes_payments",
    "ALTER TABLE card_payments DROP COLUMN tax_micros",
    "ALTER TABLE card_refunds DROP COLUMN tax_micros",
    "UPDATE alembic_version SET version_num = '0014'",
)
ROWS = (
    """INSERT INTO subscriptions (id, owner, every, micros, gift_micros, paid_by, state, period_end, ends, tries_at,
 created_at) VALUES ('w', :bob, 'month', 5, 0, 'wallet', 'active', 1900000000, 0, 0, 1)""",
    """INSERT INTO subscriptions (id, owner, every, micros, gift_micros, paid_by, state, period_end, ends, tries_at,
 created_at) VALUES ('c', :ann, 'month', 5, 0, 'card', 'active', 1910000000, 0, 0, 1)""",
    """INSERT INTO card_payments (id, owner, purpose, micros, state, created_at, paid_at)
 VALUES ('in_1', :ann, 'subscription', 5, 'paid', 1, 1), ('in_2', :ann, 'subscription', 5, 'paid', 2, 2)""",
)


def test_what_was_paid_before_still_entitles(till: Till, server: StrictStripe, clock: Clock) -> None:
    desk = Desk(till, server, clock)
    with till.database.owner.connect().execution_options(writes=True) as owner, owner.begin():
        for statement in GONE:
            owner.execute(text(statement))
        for row in ROWS:
            owner.execute(text(row), {"ann": ANN, "bob": BOB})
    till.database.owner.dispose()
    upgrade(till.database.owner)
    for table in ("card_payments", "card_refunds"):
        assert "tax_micros" in {column["name"] for column in inspect(till.database.owner).get_columns(table)}
    entitlements = Entitlements(desk.cards, desk._entitle)
    for owner_of in (ANN, BOB):
        entitlements.settle(owner_of)
    assert desk.entitled == {ANN: 1_910_000_000, BOB: 1_900_000_000}
    assert not entitlements.knows("in_1")
    assert desk.paid(500).micros == 500 * CENT


def test_counting_what_was_spent_by_an_allowance_reads_no_more_than_that(till: Till) -> None:
    from billing.holds import _SPENT_TODAY

    if till.database.dialect == "postgresql":
        return  # its planner scans a table that is nearly empty, whatever index there is
    with till.database.owner.connect() as owner:
        plan = owner.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {_SPENT_TODAY.sqlite}", {"wallet": "w", "client": "k", "since": 1}
        )
        assert "holds_allowances (wallet=? AND client=? AND placed_at>?)" in str(plan.all())
