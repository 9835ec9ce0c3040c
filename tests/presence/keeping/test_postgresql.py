"""A PostgreSQL database goes into a backup and into another, empty database, with the doors of every tier."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from presence.errors import BackupFailed, BackupUnreadable, NotEmptyHere
from presence.home import Home
from presence.keeping.making import made
from presence.keeping.restoring import restored
from tests.nodes import open_node, take_in
from tests.postgres import drop_database, new_database
from tests.presence.keeping.test_backup import PHRASE, quiet, source_of
from tests.presence.web.paying import ANN, give
from tests.trusting import Artist
from trustgraph import Tier

pytestmark = pytest.mark.slow


def test_it_comes_back_in_another_database(postgres: str, tmp_path: Path, material: Path) -> None:
    one, other = (f"keeping_{os.getpid()}_{name}" for name in ("one", "other"))
    url, elsewhere = new_database(postgres, one), new_database(postgres, other)
    file = tmp_path / "one.presence-backup"
    with open_node(tmp_path / "home", database_url=url) as node:
        take_in(node, material, tier=None)
        artist = Artist(node.trust)
        artist.grant(ANN.did, Tier.CIRCLE)
        give(node, ANN, 100)
        with node.database.records() as records:
            numbers = records.execute(text("SELECT count(*) FROM passages")).scalar()
        backup = made(source_of(node), file, PHRASE, 1.0, quiet)
        assert backup.about.dialect == "postgresql"
    with pytest.raises(BackupFailed, match="PRESENCE_DATABASE_URL"):
        restored(file, Home(tmp_path / "new"), PHRASE, quiet)
    with pytest.raises(NotEmptyHere):
        restored(file, Home(tmp_path / "new"), PHRASE, quiet, url=url)
    (tmp_path / "cut").write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BackupUnreadable):
        restored(tmp_path / "cut", Home(tmp_path / "new"), PHRASE, quiet, url=elsewhere)
    assert not (tmp_path / "new").exists()
    done = restored(file, Home(tmp_path / "new"), PHRASE, quiet, url=elsewhere)
    assert done.wrong == ()
    with open_node(tmp_path / "new", database_url=elsewhere) as node:
        with node.database.records() as records:
            assert records.execute(text("SELECT count(*) FROM passages")).scalar() == numbers
        shown = {}
        for tier in (Tier.PUBLIC, Tier.INNER):
            with node.database.reader(int(tier)) as reader:
                shown[tier] = reader.execute(text("SELECT count(*) FROM documents")).scalar_one()
        assert shown[Tier.PUBLIC] < shown[Tier.INNER]
        wallet = node.paying.wallets.find(ANN.did)
        assert wallet is not None
        assert wallet.gift == 1_000_000
        assert node.trust.tier_of(ANN.did).tier == Tier.PUBLIC
        Artist(node.trust).vouch_for_head()
        node.trust.check()
        assert node.trust.tier_of(ANN.did).tier == Tier.CIRCLE
    for name in (one, other):
        drop_database(postgres, name)
