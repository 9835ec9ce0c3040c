"""Recordings of nights and works."""

from alembic import op

from knowledge.tables import recordings
from knowledge.views import renew_postgresql_views

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    connection = op.get_bind()
    recordings.create(connection, checkfirst=True)
    if connection.dialect.name == "postgresql":
        renew_postgresql_views(connection)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
