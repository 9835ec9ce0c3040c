"""What billing needs for taxes and payments that were taken back."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
