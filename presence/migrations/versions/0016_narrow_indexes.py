"""The indexes of what is set aside hold only the rows that are looked for by them."""

from alembic import op

from billing.tables import holds

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make each index anew; there is nothing in them that the table does not have."""
    connection = op.get_bind()
    for index in holds.indexes:
        index.drop(connection, checkfirst=True)
        index.create(connection)


def downgrade() -> None:
    """Nothing: a wider index is only slower."""
