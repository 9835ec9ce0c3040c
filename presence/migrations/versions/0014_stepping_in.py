"""Conversations that the artist has taken over, and who lets her look in."""

from alembic import op

from presence.stepping_in.tables import metadata

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking."""
    metadata.create_all(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Drop it."""
    metadata.drop_all(op.get_bind())
