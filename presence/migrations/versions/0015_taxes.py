"""Taxes that were collected, to when each payment of a subscription pays, and who cosigns the public log."""

import sqlalchemy
from alembic import op

from billing.cards.tables import card_disputes, card_payments, card_refunds, metadata
from billing.tables import holds

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TAX = "tax_micros"
# What was paid before this was written down: a card's last invoice, or the wallet, pays to the period's end.
BY_CARD = """INSERT INTO supporter_periods (payment, owner, ends_at)
 SELECT p.id, s.owner, max(s.period_end) FROM subscriptions s JOIN card_payments p ON p.owner = s.owner
 WHERE s.paid_by = 'card' AND s.period_end > 0 AND p.purpose = 'subscription' AND p.state = 'paid'
 AND NOT EXISTS (SELECT 1 FROM card_payments q WHERE q.owner = p.owner AND q.purpose = 'subscription'
 AND q.state = 'paid' AND (q.paid_at > p.paid_at OR (q.paid_at = p.paid_at AND q.id > p.id)))
 GROUP BY p.id, s.owner"""
BY_WALLET = """INSERT INTO supporter_periods (payment, owner, ends_at)
 SELECT 'before ' || id, owner, period_end FROM subscriptions
 WHERE paid_by = 'wallet' AND period_end > 0"""


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    connection = op.get_bind()
    has_periods = sqlalchemy.inspect(connection).has_table("supporter_periods")
    metadata.create_all(connection, checkfirst=True)
    for table in (card_payments, card_refunds):
        here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns(table.name)}
        if TAX not in here:
            op.add_column(table.name, sqlalchemy.Column(TAX, table.c[TAX].type, nullable=False, server_default="0"))
    for index in (*card_disputes.indexes, *holds.indexes):
        index.create(connection, checkfirst=True)
    if not has_periods:
        for statement in (BY_CARD, BY_WALLET):
            connection.execute(sqlalchemy.text(statement))


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
