"""The ledger, wallets, holds, prices, splits and receipts; offers keep all of their terms."""

import sqlalchemy
from alembic import op

from billing.accounts import FIXED
from billing.cards.tables import metadata
from billing.tables import ledger_accounts
from presence.tables import offers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking, and open the accounts that every node has."""
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=True)
    opened = set(connection.execute(sqlalchemy.select(ledger_accounts.c.name)).scalars())
    for name in FIXED:
        if name not in opened:
            connection.execute(sqlalchemy.insert(ledger_accounts).values(name=name, opened_at=0))
    here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns(offers.name)}
    if "terms" not in here:  # offers live for minutes: those without their terms are asked for again
        connection.execute(sqlalchemy.delete(offers))
        op.add_column(offers.name, sqlalchemy.Column("terms", sqlalchemy.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
