"""What documents state of music, and documents that are parts of one file."""

import sqlalchemy
from alembic import op

from knowledge.facts import tables as facts
from knowledge.views import renew_postgresql_views

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    connection = op.get_bind()
    here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns("documents")}
    if "part" not in here:
        op.add_column(
            "documents",
            sqlalchemy.Column("part", sqlalchemy.Text, nullable=False, server_default=sqlalchemy.text("''")),
        )
        op.add_column("documents", sqlalchemy.Column("retracted_by", sqlalchemy.String))
    for table in (*facts.STATEMENTS, facts.mentions):
        table.create(connection, checkfirst=True)
    if connection.dialect.name == "postgresql":
        renew_postgresql_views(connection)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
