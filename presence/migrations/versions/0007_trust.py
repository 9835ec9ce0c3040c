"""The grant log, sessions of listeners, and what the house keeps about people and their ways in."""

import sqlalchemy
from alembic import op

from presence.tables import answer_events, trust_tables
from trustgraph.tables import metadata

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=True)
    for table in trust_tables:
        table.create(connection, checkfirst=True)
    here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns(answer_events.name)}
    if "tier" not in here:
        # Steps of earlier answers count as the highest; their citations say it more exactly.
        tier = sqlalchemy.Column("tier", sqlalchemy.Integer, server_default="4", nullable=False)
        op.add_column(answer_events.name, tier)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
