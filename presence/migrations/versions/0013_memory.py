"""What listeners let the presence remember."""

from alembic import op

from presence.memory.tables import metadata

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking."""
    metadata.create_all(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Drop it."""
    metadata.drop_all(op.get_bind())
