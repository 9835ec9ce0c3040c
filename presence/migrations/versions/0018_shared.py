"""Answers that a listener lets others see; and whether a tier can hear anything is told by an index."""

from alembic import op

from knowledge.tables import recordings
from presence.tables import metadata, shared_answers

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is lacking."""
    connection = op.get_bind()
    metadata.create_all(connection, tables=[shared_answers], checkfirst=True)
    for index in recordings.indexes:
        index.create(connection, checkfirst=True)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
