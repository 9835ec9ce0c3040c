"""What grew with the ledger or with the notes, and is looked for all the time, is found by an index."""

from alembic import op

from billing.tables import ledger_transactions
from knowledge.tables import passages
from presence.tables import questions

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ADDED = {"ledger_transactions_times", "passages_by_embedder", "passages_moving", "questions_by_day"}


def upgrade() -> None:
    """Add what is lacking."""
    connection = op.get_bind()
    for table in (ledger_transactions, passages, questions):
        for index in table.indexes:
            if index.name in ADDED:  # what comes later may be of columns that are not there yet
                index.create(connection, checkfirst=True)


def downgrade() -> None:
    """Nothing: an index more is only slower to write."""
