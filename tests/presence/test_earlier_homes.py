"""A home from before notes were alive opens with its imports, and its earlier answers know what they cited."""

from pathlib import Path

from sqlalchemy import inspect, text

from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from tests.knowledge.notes import note, tell, texts
from tests.nodes import open_node

PIANO = "I wrote Pilot Ladder on a rented piano in Leeds."
STRANGER = Listener("anon:stranger")
GONE = (
    "DROP TABLE citations",
    "DROP TABLE inbox",
    "ALTER TABLE imports DROP COLUMN kind",
    "ALTER TABLE imports DROP COLUMN undone_at",
    "ALTER TABLE documents DROP COLUMN tier_by_hand",
    "UPDATE alembic_version SET version_num = '0004'",
)


def test_its_imports_can_be_undone_and_its_answers_are_flagged(tmp_path: Path, new_database_url: str | None) -> None:
    home = tmp_path / "home"
    with open_node(home, database_url=new_database_url, is_new=True) as services:
        tell(services, tmp_path / "notes", a=note(PIANO))
        ticket = services.counter.open(Question("Where did you write Pilot Ladder?", STRANGER))
        assert isinstance(ticket, Ticket)
        services.desk.start(ticket).result(10)
        with services.database.owner.connect().execution_options(writes=True) as owner, owner.begin():
            for statement in GONE:
                owner.execute(text(statement))
    with open_node(home, database_url=new_database_url, is_new=True) as services:
        assert {"citations", "inbox"} <= set(inspect(services.database.owner).get_table_names())
        (only,) = services.library.shelf.imports()
        assert (only.kind, only.undone_at) == ("files", None)
        assert "withdrawn" not in services.answers.read(ticket.ident, STRANGER)["citations"][0]
        services.library.shelf.undo(only.ident)
        assert texts(services, 4) == []
        assert services.answers.read(ticket.ident, STRANGER)["citations"][0]["withdrawn"] is True
