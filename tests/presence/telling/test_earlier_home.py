"""A home from before anybody was told anything opens, and its letters wait on."""

from pathlib import Path
from typing import Any

from sqlalchemy import Text, inspect, text

from presence.telling.mail import Letter
from presence.telling.tables import metadata
from tests.mailing import USER, mailroom
from tests.nodes import open_node

LETTER = Letter("ann@example.org", "Your way in", "a link")


def test_its_letters_wait_on_and_it_can_tell(tmp_path: Path, new_database_url: str | None) -> None:
    home, url = tmp_path / "home", new_database_url
    with open_node(home, database_url=url, is_new=True) as services, services.database.owner.begin() as owner:
        for table in metadata.tables:
            owner.execute(text(f"DROP TABLE {table}"))
        owner.execute(text("ALTER TABLE outbox DROP COLUMN about"))
        if services.database.dialect == "postgresql":
            owner.execute(text("ALTER TABLE held_keys ALTER COLUMN seed TYPE varchar(64)"))
        owner.execute(text("UPDATE alembic_version SET version_num = '0010'"))
    with mailroom() as room:
        mail: dict[str, Any] = {"smtp_url": room.url, "mail_from": USER}
        with open_node(home, database_url=url, is_new=True, **mail) as services:
            look = inspect(services.database.owner)
            assert set(metadata.tables) <= set(look.get_table_names())
            (seed,) = [column for column in look.get_columns("held_keys") if column["name"] == "seed"]
            assert isinstance(seed["type"], Text)
            services.outbox.put(LETTER)
            assert room.next()["Subject"] == LETTER.subject
