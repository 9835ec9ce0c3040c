"""Items and the nights they name by an id, told in two files."""

from pathlib import Path

from sqlalchemy import Connection, select, text, update

from knowledge.facts.joining import join_linked_tables
from knowledge.facts.tables import events, set_items
from knowledge.tables import documents
from presence.bootstrap import Services
from tests.knowledge.facts.curating import column, night, tell


def test_a_night_that_only_a_higher_tier_knows_is_not_that_of_an_item_below(shelf: Services, tmp_path: Path) -> None:
    """It comes first in the order of keys, and would be taken by whoever looks at all nights."""
    tell(shelf, tmp_path / "notes", a=night("Open", "2019-07-14", "The Dock"))
    tell(shelf, tmp_path / "notes", b=night("Secret", "1999-01-01", "The Chapel", tier="circle"))

    def linked(owner: Connection) -> None:
        ref = select(set_items.c.ref).where(set_items.c.tier == 0).limit(1).scalar_subquery()
        owner.execute(update(events).values(ref=ref))
        for import_id in owner.execute(select(documents.c.import_id).distinct()).scalars().all():
            join_linked_tables(owner, import_id)

    shelf.lane.run(linked)
    assert set(column(shelf, "set_items", "event_key", 0)) == {"2019-07-14|dock|leeds|1"}
    with shelf.database.reader(0) as reader:
        assert "1999" not in str(reader.execute(text("SELECT * FROM set_items")).all())
