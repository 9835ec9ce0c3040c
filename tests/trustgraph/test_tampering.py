"""Whoever edits, deletes or sets back what lies in the database gains nothing, and is found out."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from presence.database import Database
from presence.write_lane import WriteLane
from tests.trustgraph.conftest import Clock, OpenLog
from tests.trusting import Artist, key
from trustgraph import DocumentRefused, GrantLog, Tier, Vouch, issuing
from trustgraph.known import extend

ANN, BOB = key("ann").did, key("bob").did


def by_force(database: Database, *statements: str) -> None:
    """Do what the triggers forbid."""
    with database.owner.begin() as owner:
        if database.dialect == "sqlite":
            owner.exec_driver_sql("DROP TRIGGER IF EXISTS trust_log_UPDATE")
            owner.exec_driver_sql("DROP TRIGGER IF EXISTS trust_log_DELETE")
        else:
            owner.exec_driver_sql("DROP TRIGGER IF EXISTS trust_log_stays ON trust_log")
        for statement in statements:
            owner.exec_driver_sql(statement)


EDITS = {
    "tier": "UPDATE trust_log SET tier = 4 WHERE kind = 'grant'",
    "tier of what finds it": "UPDATE trust_live SET tier = 4",
    "end": "UPDATE trust_log SET exp = exp + 1000000 WHERE kind = 'grant'",
    "end of what finds it": "UPDATE trust_live SET exp = exp + 1000000",
    "subject": f"UPDATE trust_log SET sub = '{BOB}' WHERE sub = '{ANN}'",
    "subject of what finds it": f"UPDATE trust_live SET sub = '{BOB}' WHERE sub = '{ANN}'",
    "ordinal": "UPDATE trust_log SET ordinal = 1 WHERE kind = 'grant'",
    "what it is about": "UPDATE trust_log SET about = NULL",
    "envelope": "UPDATE trust_log SET envelope = replace(envelope, 'ey', 'ez')",
    "revocation": "DELETE FROM trust_log WHERE kind = 'revoke'",
    "everything": "DELETE FROM trust_log",
    "what finds it": "DELETE FROM trust_live",
}


@pytest.fixture
def artist(log: GrantLog) -> Artist:
    """Ann may read as supporter; Bob was let in and taken back."""
    artist = Artist(log)
    artist.grant(ANN, Tier.SUPPORTER, vouch=Vouch(1, 1, Tier.FOLLOWER), seconds=3600)
    artist.revoke(artist.grant(BOB, Tier.CIRCLE).entry.event)
    return artist


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_opens_nothing(artist: Artist, database: Database, open_log: OpenLog, edit: str) -> None:  # row 38
    running = artist.log
    by_force(database, EDITS[edit])
    for log in (running, open_log()):
        assert log.tier_of(ANN).tier <= Tier.SUPPORTER
        assert log.tier_of(BOB).tier == Tier.PUBLIC


@pytest.mark.parametrize("edit", [name for name in EDITS if "finds" not in name])
def test_an_edit_of_the_log_is_an_alarm_and_all_is_public(
    artist: Artist, database: Database, open_log: OpenLog, edit: str
) -> None:  # row 38
    by_force(database, EDITS[edit])
    restarted = open_log()
    assert restarted.check() != []
    assert restarted.tier_of(ANN).tier == Tier.PUBLIC
    now = artist.now
    again = issuing.grant(artist.key, root=artist.root, sub=ANN, tier=Tier.INNER, nbf=now, exp=now + 60)
    with pytest.raises(DocumentRefused) as refusal:
        restarted.accept(again, "grant")
    assert refusal.value.code == "log_in_doubt"
    assert artist.log.check() != []  # the process that ran meanwhile


def test_a_taken_back_grant_stays_so_when_its_revocation_is_deleted(
    artist: Artist, database: Database, open_log: OpenLog
) -> None:  # row 38
    with database.owner.begin() as owner:
        seq, event, tier, exp, pair = owner.exec_driver_sql(
            f"SELECT seq, event, tier, exp, pair FROM trust_log WHERE kind = 'grant' AND sub = '{BOB}'"
        ).one()
    del event
    by_force(
        database,
        "DELETE FROM trust_log WHERE kind = 'revoke'",
        f"INSERT INTO trust_live VALUES ('{pair}', {seq}, '{BOB}', {tier}, {exp}, 0)",
    )
    assert artist.log.tier_of(BOB).tier == Tier.PUBLIC
    assert open_log().tier_of(BOB).tier == Tier.PUBLIC


def test_an_edit_that_is_undone_ends_the_alarm(artist: Artist, database: Database) -> None:
    by_force(database, "UPDATE trust_log SET tier = tier + 1 WHERE kind = 'grant'")
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC
    assert artist.log.doubt is not None
    assert not artist.log.stands_at(artist.log.epoch)
    by_force(database, "UPDATE trust_log SET tier = tier - 1 WHERE kind = 'grant'")
    assert artist.log.check() == []
    assert artist.log.tier_of(ANN).tier == Tier.SUPPORTER


def test_a_database_that_was_set_back_is_public_until_the_artist_signs_its_head(
    tmp_path: Path,
    database_url: str | None,
    artist: Artist,
    database: Database,
    lane: WriteLane,
    open_log: OpenLog,
    clock: Clock,
) -> None:
    if database_url is not None:
        pytest.skip("a file is set back by copying it")
    granted = artist.grant(BOB, Tier.CIRCLE)
    artist.vouch_for_head()
    with database.owner.connect() as owner:
        owner.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "presence.db", tmp_path / "yesterday.db")
    artist.revoke(granted.entry.event)
    assert artist.log.tier_of(BOB).tier == Tier.PUBLIC
    lane._put_back()
    database.close()
    for beside in ("-wal", "-shm"):
        (tmp_path / f"presence.db{beside}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday.db", tmp_path / "presence.db")
    clock.now += 5
    for log in (artist.log, open_log()):  # one that ran on, and one that started anew
        assert (log.tier_of(ANN).tier, log.tier_of(BOB).tier) == (Tier.PUBLIC, Tier.PUBLIC)
        assert "set back" in (log.doubt or "")
    assert json.loads((tmp_path / "keys" / "head.json").read_text())["doubt"]
    restarted = open_log()
    seq, head = 5, [entry.hash for entry in restarted.entries()][-1]
    restarted.sign_off(issuing.checkpoint(artist.key, root=artist.root, seq=seq, head=head, t=artist.now))
    assert restarted.doubt is None
    assert (restarted.tier_of(ANN).tier, restarted.tier_of(BOB).tier) == (Tier.SUPPORTER, Tier.CIRCLE)


def test_a_lost_or_broken_head_file_is_a_doubt_until_the_artist_signs(
    tmp_path: Path, artist: Artist, open_log: OpenLog, clock: Clock
) -> None:
    file = tmp_path / "keys" / "head.json"
    for broken in (None, "", "{", '{"seq": 1}', '{"seq": "x", "hash": 3, "more": 1}'):
        clock.now += 1
        if broken is None:
            file.unlink()
        else:
            file.write_text(broken)
        log = open_log()
        assert log.tier_of(ANN).tier == Tier.PUBLIC
        assert "head.json" in (log.doubt or "")
        clock.now += 1
        seq, head = 4, [entry.hash for entry in log.entries()][-1]
        log.sign_off(issuing.checkpoint(artist.key, root=artist.root, seq=seq, head=head, t=artist.now))
        assert log.tier_of(ANN).tier == Tier.SUPPORTER


def test_a_head_that_cannot_be_noted_stops_nobody(
    tmp_path: Path, artist: Artist, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(tmp_path / "keys")
    (tmp_path / "keys").write_text("a file where the folder was")
    caplog.set_level("WARNING", logger="trustgraph")
    artist.grant(BOB, Tier.FOLLOWER)
    assert artist.log.tier_of(BOB).tier == Tier.FOLLOWER
    assert "could not be noted" in caplog.text


def test_nobody_but_the_artist_signs_a_head(artist: Artist) -> None:
    seq, head = artist.log.head
    for signer, number, hashed, code in (
        (key("ann"), seq, head, "not_artist"),
        (artist.key, seq + 1, head, "wrong_head"),
        (artist.key, seq - 1, head, "wrong_head"),
        (artist.key, seq, "sha256:" + "0" * 64, "wrong_head"),
    ):
        envelope = issuing.checkpoint(signer, root=artist.root, seq=number, head=hashed, t=artist.now)
        with pytest.raises(DocumentRefused) as refusal:
            artist.log.sign_off(envelope)
        assert refusal.value.code == code
    old = issuing.checkpoint(artist.key, root=artist.root, seq=seq, head=head, t=artist.now - 61)
    with pytest.raises(DocumentRefused):
        artist.log.sign_off(old)


def test_a_stranger_has_nothing_read_for_her(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    seq, head = artist.log.head
    read: list[object] = []

    def noted(*what: Any, **more: Any) -> None:
        read.append(what)
        extend(*what, **more)

    monkeypatch.setattr("trustgraph.grant_log.extend", noted)
    for signer, is_read in ((key("ann"), False), (artist.key, True)):
        envelope = issuing.checkpoint(signer, root=artist.root, seq=seq, head=head, t=artist.now)
        with nullcontext() if is_read else pytest.raises(DocumentRefused):
            artist.log.sign_off(envelope)
        assert bool(read) is is_read


def test_a_clock_that_was_set_back_makes_all_public_until_it_is_right(artist: Artist, clock: Clock) -> None:  # row 39
    clock.now -= 24 * 3600
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC
    with pytest.raises(DocumentRefused) as refusal:
        artist.grant(BOB, Tier.INNER)
    assert refusal.value.code == "clock_behind"
    clock.now += 24 * 3600 - 60
    assert artist.log.tier_of(ANN).tier == Tier.SUPPORTER
