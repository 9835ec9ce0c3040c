"""The first schema: material, its indexes and views; sessions, offers, questions and answers."""

from alembic import op

from billing.cards.tables import metadata as billing_metadata
from knowledge.lexical import Analyser, lexical_index_for
from knowledge.tables import metadata as knowledge_metadata
from knowledge.views import create_postgresql_views
from presence.tables import metadata as presence_metadata
from trustgraph.tables import metadata as trust_metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything; the per-tier views of SQLite are made by each reader itself."""
    connection = op.get_bind()
    knowledge_metadata.create_all(connection)
    presence_metadata.create_all(connection)
    trust_metadata.create_all(connection)
    billing_metadata.create_all(connection)
    lexical_index_for(connection.dialect.name, Analyser()).create(connection)
    if connection.dialect.name == "postgresql":
        create_postgresql_views(connection)


def downgrade() -> None:
    """Drop everything, the indexes first."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for tier in range(5):
            op.execute(f"DROP SCHEMA tier_{tier} CASCADE")
    for tier in range(5):
        op.execute(f"DROP TABLE lexical_{tier}")
    billing_metadata.drop_all(connection)
    trust_metadata.drop_all(connection)
    presence_metadata.drop_all(connection)
    knowledge_metadata.drop_all(connection)
