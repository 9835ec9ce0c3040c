"""The door lets in followers, by the artist's word for its key, and nothing more."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine

from presence.database import Database
from presence.errors import DoorShut, TakenBack
from presence.people.door import Door
from tests.presence.people.conftest import House
from tests.trusting import key
from trustgraph import DocumentRefused, Tier, issuing
from trustgraph.documents import YEAR_SECONDS

ANN, DAY = key("ann").did, 24 * 3600


def test_the_door_lets_in_a_follower_for_a_year(house: House) -> None:
    let_in = house.door.let_in(ANN)
    assert house.tier(ANN) == Tier.FOLLOWER
    assert abs(let_in.until - (house.artist.now + YEAR_SECONDS)) < 5


def test_a_second_time_signs_nothing(house: House) -> None:
    first, head = house.door.let_in(ANN), house.node.trust.head
    again = house.door.let_in(ANN)
    assert (again.until, again.is_new, house.node.trust.head) == (first.until, False, head)


def test_nobody_waits_for_a_second_connection_with_one_in_hand(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd that holds all there are, each waiting for one more, would stand still."""
    lend, held, deepest = Database._lent, threading.local(), [0]

    @contextmanager
    def lent(database: Database, engine: Engine) -> Iterator[Connection]:
        held.count = getattr(held, "count", 0) + 1
        deepest[0] = max(deepest[0], held.count)
        try:
            with lend(database, engine) as connection:
                yield connection
        finally:
            held.count -= 1

    house.artist.revoke(house.artist.grant(ANN, Tier.FOLLOWER).entry.event)
    monkeypatch.setattr(Database, "_lent", lent)
    with pytest.raises(TakenBack):
        house.door.let_in(ANN)
    assert house.door.let_in(key("bob").did).is_new
    assert deepest == [1]


def test_what_ends_within_a_month_is_renewed(house: House) -> None:
    first = house.door.let_in(ANN)
    house.node.trust.now = lambda: first.until - 20 * DAY
    assert house.door.let_in(ANN).is_new
    house.node.trust.now = lambda: first.until + DAY
    assert house.tier(ANN) == Tier.FOLLOWER


def test_nobody_is_in_for_longer_than_the_door_itself(house: House) -> None:
    entry = house.node.trust
    with entry.snapshot() as (_, store):
        found = store.newest(f"door>{key('door').did}")
    ends = found.exp if found else 0
    entry.now = lambda: (ends or 0) - 40 * DAY
    assert house.door.let_in(ANN).until == ends


def test_a_door_without_a_key_or_without_the_artists_word_is_shut(house: House) -> None:
    for without in (None, key("nobody's door")):
        door = Door(house.node.trust, without)
        assert not door.is_open
        with pytest.raises(DoorShut):
            door.let_in(ANN)


def test_a_door_whose_right_was_taken_back_is_shut_and_whom_it_let_in_falls(house: House) -> None:
    house.door.let_in(ANN)
    with house.node.trust.snapshot() as (_, store):
        found = store.newest(f"door>{key('door').did}")
    assert found is not None
    house.artist.revoke(found.event)
    assert house.tier(ANN) == Tier.PUBLIC
    with pytest.raises(DoorShut):
        house.door.let_in(ANN)


def live_grant(house: House) -> str:
    return str(house.node.trust.tier_of(ANN).grant)


def test_whom_the_artist_took_back_comes_in_by_the_artists_hand_alone(house: House) -> None:
    house.door.let_in(ANN)
    house.artist.revoke(live_grant(house))
    with pytest.raises(TakenBack):
        house.door.let_in(ANN)
    house.door.let_in(ANN, by_artist=True)
    assert house.tier(ANN) == Tier.FOLLOWER


def test_who_left_by_herself_may_come_again(house: House) -> None:
    house.door.let_in(ANN)
    house.artist.revoke(live_grant(house), by=key("ann"))
    assert house.tier(ANN) == Tier.PUBLIC
    house.door.let_in(ANN)
    assert house.tier(ANN) == Tier.FOLLOWER


def test_who_is_blocked_stays_out(house: House) -> None:
    house.artist.revoke(ANN)
    with pytest.raises(DocumentRefused):
        house.door.let_in(ANN, by_artist=True)


def test_the_door_cannot_open_more_than_followers(house: House) -> None:
    with house.node.trust.snapshot() as (_, store):
        found = store.newest(f"door>{key('door').did}")
    assert found is not None
    now = house.artist.now
    wide = issuing.grant(
        key("door"),
        root=house.artist.root,
        sub=ANN,
        tier=Tier.CIRCLE,
        nbf=now,
        exp=now + DAY,
        parent=found.event,
        via="vouch",
    )
    with pytest.raises(DocumentRefused) as refused:
        house.node.trust.accept(wide, "grant")
    assert refused.value.code == "role_exceeded"
