"""What the artist joined and set apart, and the keys that rows came with."""

from alembic import op

from knowledge.facts.tables import own_keys, rekeyings

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    for table in (rekeyings, own_keys):
        table.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
