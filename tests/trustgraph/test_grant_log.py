"""The log over both databases: quotas under a race, renewals, groups that fail, two processes."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import rfc8785
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from presence.database import Database
from presence.write_lane import WriteLane
from tests.trustgraph.conftest import Clock, OpenLog
from tests.trusting import Artist, key
from trustgraph import DocumentRefused, GrantLog, Tier, Vouch, issuing


def test_of_sixteen_who_are_introduced_at_once_three_get_in(log: GrantLog) -> None:  # row 30
    artist = Artist(log)
    parent = artist.grant(key("ann").did, Tier.CIRCLE, vouch=Vouch(1, 3, Tier.SUPPORTER))

    def introduce(number: int) -> str:
        try:
            artist.vouch(key("ann"), parent, key(f"friend {number}").did, Tier.SUPPORTER)
        except DocumentRefused as refusal:
            return refusal.code
        return "ok"

    with ThreadPoolExecutor(16) as threads:
        outcomes = sorted(threads.map(introduce, range(16)))
    assert outcomes == ["ok"] * 3 + ["quota_exceeded"] * 13
    tiers = [log.tier_of(key(f"friend {number}").did).tier for number in range(16)]
    assert sorted(tiers) == [Tier.PUBLIC] * 13 + [Tier.SUPPORTER] * 3


def test_twelve_renewals_use_up_nothing(log: GrantLog, clock: Clock) -> None:
    artist = Artist(log)
    parent = artist.grant(key("ann").did, Tier.CIRCLE, vouch=Vouch(1, 2, Tier.SUPPORTER), seconds=2 * 366 * 86400)
    for _ in range(12):
        assert artist.vouch(key("ann"), parent, key("bob").did, Tier.SUPPORTER).entry.ordinal == 1
        clock.now += 30 * 86400
    assert artist.vouch(key("ann"), parent, key("carol").did, Tier.SUPPORTER).entry.ordinal == 2
    with pytest.raises(DocumentRefused) as refusal:
        artist.vouch(key("ann"), parent, key("dan").did, Tier.SUPPORTER)
    assert refusal.value.code == "quota_exceeded"


def test_a_monthly_supporter_keeps_her_friend_and_gets_no_further_ones(log: GrantLog, clock: Clock) -> None:
    artist = Artist(log)
    till = artist.delegate("till")
    month = 31 * 86400

    def pay() -> str:
        delegate = next(entry for entry in log.entries() if entry.kind == "delegate")
        vouch = Vouch(1, 1, Tier.FOLLOWER)
        renewed = issuing.grant(
            till,
            root=artist.root,
            sub=key("ann").did,
            tier=Tier.SUPPORTER,
            nbf=artist.now,
            exp=artist.now + month,
            vouch=vouch,
            parent=delegate.event,
            via="subscription",
        )
        return log.accept(renewed, "grant").entry.event

    for n in range(12):
        pay()
        (right,) = log.rights_of(key("ann").did)
        assert right.left == (0 if n else 1)
        for friend, outcome in (("bob", None), ("carol", "quota_exceeded")):
            envelope = issuing.grant(
                key("ann"),
                root=artist.root,
                sub=key(friend).did,
                tier=Tier.FOLLOWER,
                nbf=right.nbf,
                exp=right.exp,
                parent=right.parent,
                via="vouch",
            )
            if outcome is None:
                assert log.accept(envelope, "grant").entry.ordinal == 1
            else:
                with pytest.raises(DocumentRefused, match="as many as she may"):
                    log.accept(envelope, "grant")
        assert log.tier_of(key("bob").did).tier == Tier.FOLLOWER
        clock.now += month - 86400


def test_a_document_that_comes_twice_changes_nothing(log: GrantLog) -> None:
    artist = Artist(log)
    now = artist.now
    envelope = issuing.grant(artist.key, root=artist.root, sub=key("ann").did, tier=Tier.INNER, nbf=now, exp=now + 3600)
    first, again = log.accept(envelope, "grant"), log.accept(json.dumps(envelope, indent=3), "grant")
    assert (first.is_new, again.is_new) == (True, False)
    assert first.entry == again.entry
    artist.revoke(first.entry.event)
    assert log.accept(envelope, "grant").is_new is False
    assert log.tier_of(key("ann").did).tier == Tier.PUBLIC


def test_the_hash_of_an_entry_is_over_its_canonical_form(log: GrantLog) -> None:
    artist = Artist(log)
    artist.grant(key("ann").did, Tier.CIRCLE)
    for entry in log.entries():
        assert entry.hashed == rfc8785.dumps(json.loads(entry.hashed))


def test_the_database_refuses_to_change_entries(log: GrantLog, database: Database) -> None:
    Artist(log)
    for statement in ("UPDATE trust_log SET tier = 4", "DELETE FROM trust_log"):
        with pytest.raises(DatabaseError, match="stay as they are"), database.owner.begin() as owner:
            owner.exec_driver_sql(statement)


def test_a_command_that_fails_in_its_group_leaves_no_trace(log: GrantLog, lane: WriteLane) -> None:
    artist = Artist(log)
    futures = [lane.submit(lambda _owner: None) for _ in range(3)]
    with pytest.raises(DocumentRefused):
        artist.grant(artist.key.did, Tier.CIRCLE)
    for future in futures:
        future.result()
    assert log.head[0] == 1
    artist.grant(key("ann").did, Tier.CIRCLE)
    assert log.check() == []


def test_another_process_sees_what_was_signed_here_and_the_reverse(open_log: OpenLog) -> None:
    one, other = open_log(), open_log()
    artist = Artist(one)
    granted = artist.grant(key("ann").did, Tier.CIRCLE)
    assert other.tier_of(key("ann").did).tier == Tier.CIRCLE
    before = one.epoch
    other.accept(issuing.revocation(artist.key, root=artist.root, target=granted.entry.event, t=artist.now), "revoke")
    assert one.epoch > before
    assert one.tier_of(key("ann").did).tier == Tier.PUBLIC


RACER = """
import sys, threading, time
from pathlib import Path
from presence.database import open_database
from presence.write_lane import WriteLane
from tests.trusting import key
from trustgraph import DocumentRefused, GrantLog, HeadFile, Tier, issuing

url, folder, name, root, parent, now, at = sys.argv[1:]
database = open_database(url, Path(folder) / "presence.db")
lane = WriteLane(database.owner)
log = GrantLog(database.snapshot, lane, HeadFile(Path(folder) / name / "head.json"), time.time)
log.check()

def introduce(number):
    envelope = issuing.grant(key("ann"), root=root, sub=key(f"{name} {number}").did, tier=Tier.FOLLOWER,
                             nbf=int(now), exp=int(now) + 3600, parent=parent, via="vouch")
    time.sleep(max(0, float(at) - time.time()))
    try:
        log.accept(envelope, "grant")
        print("ok", flush=True)
    except DocumentRefused as refusal:
        print(refusal.code, flush=True)

threads = [threading.Thread(target=introduce, args=(number,)) for number in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
lane.close()
database.close()
"""


@pytest.mark.slow
def test_two_processes_share_one_quota(
    postgres: str, tmp_path: Path, open_log: OpenLog, database: Database, database_url: str | None, clock: Clock
) -> None:  # row 30
    if database_url is None:
        pytest.skip("one process owns a home on SQLite")
    artist = Artist(open_log())
    parent = artist.grant(key("ann").did, Tier.CIRCLE, vouch=Vouch(1, 3, Tier.SUPPORTER))
    (tmp_path / "keys" / "head.json").unlink()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        head = {"seq": artist.log.head[0], "hash": artist.log.head[1]}
        (tmp_path / name / "head.json").write_text(json.dumps(head))
    at = str(clock.now + 12)
    arguments = [artist.root, parent.entry.event, str(int(clock.now)), at]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, database_url, str(tmp_path), name, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
        )
        for name in ("one", "two")
    ]
    outcomes = sorted(line for racer in racers for line in racer.communicate(timeout=120)[0].split())
    assert outcomes == ["ok"] * 3 + ["quota_exceeded"] * 13


def test_that_it_stands_is_seen_by_its_head(log: GrantLog) -> None:
    artist = Artist(log)
    epoch = log.epoch
    assert log.stands_at(epoch)
    artist.revoke(artist.grant(key("ann").did, Tier.CIRCLE).entry.event)
    assert not log.stands_at(epoch)
    assert log.stands_at(log.epoch)


def test_what_another_process_signed_is_not_taken_to_stand(log: GrantLog, open_log: OpenLog) -> None:
    artist = Artist(log)
    grant = artist.grant(key("ann").did, Tier.CIRCLE).entry.event
    other = open_log()
    epoch = other.epoch
    assert other.stands_at(epoch)
    artist.revoke(grant)
    assert not other.stands_at(epoch)
    assert not other.stands_at(log.epoch)  # it has not read that far, and does not read on by itself
    assert other.stands_at(other.epoch)


def test_a_connection_is_never_waited_for_with_the_log_held(log: GrantLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others have a connection and wait for the log; who waited the other way round would stop them all."""
    Artist(log)
    epoch, lent, lock = log.epoch, log._snapshots, log._known.lock
    held: list[bool] = []

    def is_held() -> bool:
        free = lock.acquire(blocking=False)
        if free:
            lock.release()
        return not free

    def opened() -> AbstractContextManager[Connection]:
        with ThreadPoolExecutor(1) as elsewhere:
            held.append(elsewhere.submit(is_held).result())
        return lent()

    monkeypatch.setattr(log, "_snapshots", opened)
    assert log.stands_at(epoch)
    assert log.epoch == epoch
    assert held == [False, False]


def test_a_log_that_somebody_looks_at_is_not_waited_for(log: GrantLog) -> None:
    Artist(log)
    epoch = log.epoch
    with ThreadPoolExecutor(1) as elsewhere:
        lock = log._known.lock
        elsewhere.submit(lock.acquire).result()
        assert not log.stands_at(epoch)
        elsewhere.submit(lock.release).result()
        assert log.stands_at(epoch)
