"""Which process writes an answer; and, on PostgreSQL, what several processes count together."""

import sqlalchemy
from alembic import op

from presence.processes.tables import metadata
from presence.tables import questions

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking."""
    connection = op.get_bind()
    here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns(questions.name)}
    if "process" not in here:
        op.add_column(questions.name, sqlalchemy.Column("process", sqlalchemy.Integer))
    if connection.dialect.name == "postgresql":
        metadata.create_all(connection, checkfirst=True)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
