"""Who wants to be told what, and where; held keys, which are longer than PostgreSQL was told."""

import sqlalchemy
from alembic import op

from presence.tables import held_keys, outbox
from presence.telling.tables import metadata

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking."""
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=True)
    here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns(outbox.name)}
    if "about" not in here:
        op.add_column(outbox.name, sqlalchemy.Column("about", sqlalchemy.String(60)))
    if connection.dialect.name == "postgresql":  # the other one never counts
        op.alter_column(held_keys.name, "seed", type_=sqlalchemy.Text)


def downgrade() -> None:
    """Drop it; the column goes with its table, with the first revision."""
    metadata.drop_all(op.get_bind())
