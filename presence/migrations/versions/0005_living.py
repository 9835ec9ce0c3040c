"""What outlives an import, what answers rest on, and the artist's inbox."""

from typing import Any

import sqlalchemy
from alembic import op

from knowledge.tables import documents, imports
from presence.migrations.cited_before import cited_before
from presence.tables import citations, inbox

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEW: tuple[tuple[sqlalchemy.Table, str, dict[str, Any]], ...] = (
    (imports, "kind", {"nullable": False, "server_default": sqlalchemy.text("'files'")}),
    (imports, "undone_at", {}),
    (documents, "tier_by_hand", {}),
)


def upgrade() -> None:
    """Add what is lacking; a database that the first revision has just made lacks nothing."""
    connection = op.get_bind()
    for table, name, more in _NEW:
        here = {column["name"] for column in sqlalchemy.inspect(connection).get_columns(table.name)}
        if name not in here:
            op.add_column(table.name, sqlalchemy.Column(name, table.c[name].type, **more))
    for house in (citations, inbox):
        house.create(connection, checkfirst=True)
    if rows := cited_before(connection):
        connection.execute(citations.insert(), rows)


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
