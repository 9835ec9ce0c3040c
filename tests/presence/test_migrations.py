"""A home of an earlier version opens, with everything that it held."""

from pathlib import Path

from sqlalchemy import inspect, text

from knowledge import Wish
from tests.knowledge.facts.curating import column, night, tell
from tests.knowledge.recordings.sounds import wav
from tests.nodes import open_node

LATER = ("rekeyings", "own_keys", "recordings")


def test_a_home_without_curation_and_recordings_gets_both(tmp_path: Path, database_url: str | None) -> None:
    home = tmp_path / "home"
    with open_node(home, database_url=database_url) as services:
        tell(services, tmp_path / "notes", a=night("One", "2019-07-14", "The Dock", "Zeno O. - Monday"))
        tell(services, tmp_path / "notes", b=night("Two", "2020-07-14", "The Dock", "Zeno Obuya - Monday"))
        dialect = services.database.dialect
        with services.database.owner.begin() as owner:
            for table in LATER:
                owner.execute(text(f"DROP TABLE {table}" + (" CASCADE" if dialect == "postgresql" else "")))
            owner.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    with open_node(home, database_url=database_url) as services:
        assert set(LATER) <= set(inspect(services.database.owner).get_table_names())
        services.curation.merge(*services.curation.find_two("Zeno O.", "Zeno Obuya", "artist"))
        assert column(services, "set_items", "artist_key", 0).count("zeno obuya") == 2
        (tmp_path / "one.wav").write_bytes(wav())
        wish = Wish(len(wav()), 2, "One")
        made = services.recordings.add(tmp_path / "one.wav", wish, lambda _done, _whole: None)
        assert services.recordings.recording(made.ident, 1) is None
        assert services.recordings.recording(made.ident, 2) == made
