"""An exported log: verified offline, replayed elsewhere, with the same tiers for everybody."""

import json
from pathlib import Path

import pytest

from presence.database import open_database
from presence.migrations import upgrade
from presence.write_lane import WriteLane
from tests.trustgraph.conftest import Clock
from tests.trusting import Artist, key
from trustgraph import GrantLog, HeadFile, Tier, Vouch, issuing, portable
from trustgraph.errors import ExportWrong, LogNotEmpty


@pytest.fixture
def artist(log: GrantLog, clock: Clock) -> Artist:
    """A log with everything in it."""
    artist = Artist(log)
    door = artist.delegate("door")
    delegate = next(entry for entry in log.entries() if entry.kind == "delegate")
    first = artist.grant(key("ann").did, Tier.CIRCLE, vouch=Vouch(2, 3, Tier.SUPPORTER))
    artist.vouch(key("ann"), first, key("bob").did, Tier.SUPPORTER)
    now = artist.now
    log.accept(
        issuing.grant(
            door,
            root=artist.root,
            sub=key("carol").did,
            tier=Tier.FOLLOWER,
            nbf=now,
            exp=now + 60,
            parent=delegate.event,
        ),
        "grant",
    )
    clock.now += 30
    artist.grant(key("ann").did, Tier.SUPPORTER, vouch=Vouch(1, 2, Tier.FOLLOWER))
    artist.revoke(artist.grant(key("dan").did, Tier.INNER).entry.event)
    artist.revoke(key("eve").did)
    last = log.keys.last
    assert last is not None
    following = issuing.rotation(
        artist.next_key, root=artist.root, seq=1, prev=last.ident, next_key=key("third").did, t=artist.now
    )
    log.accept(following, "key")
    artist.key = artist.next_key
    artist.grant(key("fay").did, Tier.CIRCLE)
    artist.vouch_for_head()
    return artist


PEOPLE = [key(name).did for name in ("ann", "bob", "carol", "dan", "eve", "fay", "nobody")]


def test_a_fresh_node_that_replays_it_has_the_same_tiers(artist: Artist, tmp_path: Path, clock: Clock) -> None:
    lines = list(portable.exported(artist.log))
    database = open_database(None, tmp_path / "fresh.db")
    upgrade(database.owner)
    lane = WriteLane(database.owner)
    fresh = GrantLog(database.snapshot, lane, HeadFile(tmp_path / "fresh" / "head.json"), clock)
    assert portable.taken_in(lines, fresh) == artist.log.head[0]
    offline = portable.verified(lines)
    for moved_s in (0, 40, 3600, 366 * 86400):
        clock.now += moved_s
        for did in PEOPLE:
            tier = artist.log.tier_of(did).tier
            assert fresh.tier_of(did).tier == tier
            assert offline.replay.tier_of(did, clock.now).tier == tier
    assert (fresh.head, list(portable.exported(fresh))) == (artist.log.head, lines)
    with pytest.raises(LogNotEmpty):
        portable.taken_in(lines, fresh)
    lane.close()
    database.close()


def test_tiers_of_the_example_are_of_every_kind(artist: Artist) -> None:
    tiers = {artist.log.tier_of(did).tier for did in PEOPLE}
    assert tiers == {Tier.PUBLIC, Tier.FOLLOWER, Tier.SUPPORTER, Tier.CIRCLE}


def test_the_artists_word_reaches_to_the_head(artist: Artist) -> None:
    result = portable.verified(portable.exported(artist.log))
    assert (result.signed_to, result.head) == artist.log.head
    assert result.root == artist.root


def _without(lines: list[str], at: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def _changed(lines: list[str], at: int, **fields: object) -> list[str]:
    return [*lines[:at], json.dumps(json.loads(lines[at]) | fields), *lines[at + 1 :]]


def test_no_line_can_be_left_out_moved_or_changed(artist: Artist) -> None:
    lines = list(portable.exported(artist.log))
    broken = [_without(lines, at) for at in range(len(lines) - 2)]
    broken += [[*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]] for at in range(len(lines) - 2)]
    for at in range(1, len(lines) - 1):
        told = json.loads(lines[at])
        broken.append(_changed(lines, at, received_at=told["received_at"] + 1))
        broken.append(_changed(lines, at, ordinal=(told["ordinal"] or 0) + 1))
        broken.append(_changed(lines, at, hash="sha256:" + "0" * 64))
        broken.append(_changed(lines, at, tier=9))
    broken += [[], lines[1:], ["{}"], ["[1]"], ["x"], [*lines, "{"], [lines[0], json.dumps({"kind": "grant"})]]
    for one in broken:
        with pytest.raises(ExportWrong):
            portable.verified(one)


def test_what_is_cut_off_is_seen_by_how_far_the_artist_vouches(artist: Artist) -> None:
    lines = list(portable.exported(artist.log))
    cut = lines[:-3]
    assert portable.verified(cut).signed_to == 0
    with pytest.raises(ExportWrong):
        portable.verified([*cut, lines[-1]])
