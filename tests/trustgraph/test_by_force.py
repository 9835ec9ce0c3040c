"""Ways past the log that do not go through its front door: rows appended by hand, and threads that meet."""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from presence.database import Database
from tests.trustgraph.conftest import OpenLog
from tests.trustgraph.test_tampering import by_force
from tests.trusting import Artist, key
from trustgraph import DocumentRefused, GrantLog, Key, Tier, Vouch, grant_log, issuing
from trustgraph import walk as walk_module
from trustgraph.entries import Entry
from trustgraph.sql_store import SqlStore

ANN, BOB, EVE = key("ann").did, key("bob").did, key("eve").did


@pytest.fixture
def artist(log: GrantLog) -> Artist:
    return Artist(log)


def append(database: Database, entry: Entry) -> None:
    """Append a row as somebody does who may write to the database, and has no key."""
    with database.owner.begin() as owner:
        SqlStore(owner).put(entry)


def following(log: GrantLog, entry: Entry, **changes: object) -> Entry:
    """Make of an entry one that follows on the head, under another name."""
    seq, head = log.head
    row: dict[str, Any] = {**asdict(entry), "seq": seq + 1, "prev": head, "event": f"sha256:{seq:064x}", "about": None}
    return Entry(**{**row, **changes})


@pytest.mark.parametrize("restarted", [False, True])
def test_a_taken_back_grant_that_is_appended_again_opens_nothing(
    artist: Artist, database: Database, open_log: OpenLog, restarted: bool
) -> None:
    granted = artist.grant(ANN, Tier.CIRCLE).entry
    artist.revoke(granted.event)
    append(database, following(artist.log, granted))
    log = open_log() if restarted else artist.log
    assert log.tier_of(ANN).tier == Tier.PUBLIC


def test_a_superseded_grant_that_is_appended_again_opens_nothing(artist: Artist, database: Database) -> None:
    granted = artist.grant(ANN, Tier.INNER).entry
    artist.grant(ANN, Tier.FOLLOWER)
    append(database, following(artist.log, granted))
    assert artist.log.tier_of(ANN).tier <= Tier.FOLLOWER


@pytest.fixture
def beyond_her_places(artist: Artist) -> Entry:
    """Somebody whom a member introduced beyond her right, as an entry that says that she was within it."""
    right = artist.grant(ANN, Tier.CIRCLE, vouch=Vouch(1, 1, Tier.CIRCLE)).entry

    def introduced(sub: str) -> dict[str, Any]:
        nbf, exp = artist.now, artist.now + 60
        return issuing.grant(
            key("ann"), root=artist.root, sub=sub, tier=Tier.CIRCLE, nbf=nbf, exp=exp, parent=right.event, via="vouch"
        )

    bob = artist.log.accept(introduced(BOB), "grant").entry
    eve = introduced(EVE)
    text, pair = json.dumps(eve, separators=(",", ":")), f"{ANN}>{EVE}"
    return following(artist.log, bob, envelope=text, sub=EVE, pair=pair, event=issuing.ident(eve), ordinal=1)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_grant_beyond_the_places_that_is_appended_opens_nothing(
    artist: Artist, database: Database, open_log: OpenLog, beyond_her_places: Entry, restarted: bool
) -> None:
    append(database, beyond_her_places)
    log = open_log() if restarted else artist.log
    assert log.tier_of(EVE).tier == Tier.PUBLIC
    assert log.check()


def test_the_artist_does_not_sign_for_what_was_appended(
    artist: Artist, database: Database, beyond_her_places: Entry
) -> None:
    append(database, beyond_her_places)
    assert artist.log.doubt
    head = issuing.checkpoint(
        artist.key, root=artist.root, seq=beyond_her_places.seq, head=beyond_her_places.hash, t=artist.now
    )
    with pytest.raises(DocumentRefused):
        artist.log.sign_off(head)
    assert artist.log.tier_of(EVE).tier == artist.log.tier_of(BOB).tier == Tier.PUBLIC


def test_what_finds_the_live_grant_does_not_decide_what_a_renewal_ends(artist: Artist, database: Database) -> None:
    first = artist.grant(ANN, Tier.CIRCLE).entry
    by_force(database, "DELETE FROM trust_live")
    second = artist.grant(ANN, Tier.FOLLOWER).entry
    artist.revoke(second.event)
    live = f"('{first.pair}', {first.seq}, '{ANN}', {first.tier}, {first.exp}, 0)"
    by_force(database, f"INSERT INTO trust_live (pair, seq, sub, tier, exp, nearness) VALUES {live}")
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC


@pytest.fixture
def while_she_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object], str], None]:
    """Do something in another thread, once, before or after the way up is walked in this one."""

    def meet(deed: Callable[[], object], when: str) -> None:
        walk, left = walk_module.tier_of, [threading.Thread(target=deed)]

        def slow(*args: Any) -> Any:
            trust = walk(*args) if when == "after" else None
            while left and threading.current_thread() is threading.main_thread():
                other = left.pop()
                other.start()
                other.join()
            return trust or walk(*args)

        monkeypatch.setattr(grant_log, "tier_of", slow)

    return meet


def test_a_standing_of_before_a_revocation_does_not_carry_the_epoch_of_after_it(
    artist: Artist, while_she_is_looked_up: Callable[[Callable[[], object], str], None]
) -> None:
    granted = artist.grant(ANN, Tier.CIRCLE).entry
    while_she_is_looked_up(lambda: artist.revoke(granted.event), "after")
    trust, epoch = artist.log.trust_in(ANN)
    assert trust.tier == Tier.PUBLIC or epoch != artist.log.epoch


def test_a_renewal_in_between_does_not_make_her_public(
    artist: Artist, while_she_is_looked_up: Callable[[Callable[[], object], str], None]
) -> None:
    artist.grant(ANN, Tier.CIRCLE)
    while_she_is_looked_up(lambda: artist.grant(ANN, Tier.CIRCLE), "before")
    assert artist.log.trust_in(ANN)[0].tier == Tier.CIRCLE


def test_strangers_do_not_make_the_log_longer(artist: Artist) -> None:
    before = artist.log.head
    nobody = Key.generate()
    with pytest.raises(DocumentRefused):
        artist.log.accept(issuing.revocation(nobody, root=artist.root, target=nobody.did, t=artist.now), "revoke")
    assert artist.log.head == before


def test_whom_the_log_knows_may_block_her_own_key(artist: Artist) -> None:
    artist.grant(ANN, Tier.CIRCLE)
    artist.log.accept(issuing.revocation(key("ann"), root=artist.root, target=ANN, t=artist.now), "revoke")
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC
