"""Room for moving to another embedder: its vectors beside the old ones, and where each embedder came from."""

import sqlalchemy
from alembic import op

from knowledge.tables import embedders, passages
from knowledge.views import renew_postgresql_views

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW = ("next_vector", "next_embedder")


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    connection = op.get_bind()
    here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns("passages")}
    for name in _NEW:
        if name not in here:
            op.add_column("passages", sqlalchemy.Column(name, passages.c[name].type))
    embedders.create(connection, checkfirst=True)
    if connection.dialect.name == "postgresql":
        renew_postgresql_views(connection)


def downgrade() -> None:
    """Nothing: the revision before makes and drops these with everything else."""
