"""Answers that listeners reported, and what was asked from one address in a day."""

from alembic import op

from presence.tables import metadata, report_tables

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking."""
    metadata.create_all(op.get_bind(), tables=report_tables, checkfirst=True)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
