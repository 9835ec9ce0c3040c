"""Conversations, acts about a thing, and free repeats."""

import sqlalchemy
from alembic import op

from presence.tables import questions

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = ("thing", "repeat_sha256")


def upgrade() -> None:
    """Add what is lacking; what was asked before began a conversation of its own."""
    look = sqlalchemy.inspect(op.get_bind())
    here = {column["name"] for column in look.get_columns(questions.name)}
    for name in NEW:
        if name not in here:
            op.add_column(questions.name, sqlalchemy.Column(name, questions.c[name].type))
    indexes = {index["name"] for index in look.get_indexes(questions.name)}
    for index in questions.indexes:
        if index.name not in indexes:
            index.create(op.get_bind())
    alone = questions.c.conversation.is_(None)
    op.get_bind().execute(sqlalchemy.update(questions).where(alone).values(conversation=questions.c.id))


def downgrade() -> None:
    """Nothing: the first revision makes and drops these with everything else."""
