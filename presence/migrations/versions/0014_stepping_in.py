"""Conversations that the artist has taken over."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
