"""How much a program may spend of its owner's wallet in a day."""

import sqlalchemy
from alembic import op

from presence.tables import bearer_keys

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW = "spend_micros_per_day"


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    here = {column["name"] for column in sqlalchemy.inspect(op.get_bind()).get_columns(bearer_keys.name)}
    if NEW not in here:
        op.add_column(bearer_keys.name, sqlalchemy.Column(NEW, bearer_keys.c[NEW].type))


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
