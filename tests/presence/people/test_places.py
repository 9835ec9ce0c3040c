"""A place waits for an address until somebody proves it."""

import pytest
from sqlalchemy import select

from presence.errors import AddressWrong, InviteWrong
from presence.people.places import KeptPlaces
from presence.tables import places
from tests.presence.people.conftest import House
from tests.trusting import key
from trustgraph import Tier

ANN, BOX = key("ann").did, "box of ann@example.org"


def test_a_follower_is_let_in_when_she_proves_her_address(house: House) -> None:
    house.places.keep("ann@example.org", Tier.FOLLOWER, "Ann from the ferry")
    assert house.places.taken(BOX, ANN) is not None
    assert house.tier(ANN) == Tier.FOLLOWER
    assert house.requests.waiting() == []
    assert house.places.all()[0].taken_by == ANN


def test_more_than_a_follower_is_for_the_artist_to_sign(house: House) -> None:
    house.places.keep("ann@example.org", Tier.CIRCLE, "Ann")
    house.places.taken(BOX, ANN)
    (one,) = house.requests.waiting()
    assert (one.did, one.tier, house.tier(ANN)) == (ANN, Tier.CIRCLE, Tier.PUBLIC)
    house.requests.dismiss([ANN])
    house.places.taken(BOX, ANN)  # the next sign-in asks nothing again
    assert house.requests.waiting() == []


def test_a_place_is_for_one_person(house: House) -> None:
    house.places.keep("ann@example.org", Tier.FOLLOWER)
    house.places.taken(BOX, ANN)
    assert house.places.taken(BOX, key("eve").did) is None
    assert house.places.taken("another box", key("eve").did) is None
    assert house.tier(key("eve").did) == Tier.PUBLIC


def test_a_sign_in_goes_on_where_the_door_does_not_open(house: House) -> None:
    house.places.keep("ann@example.org", Tier.FOLLOWER)
    house.places.taken(BOX, ANN)
    house.artist.revoke(str(house.node.trust.tier_of(ANN).grant))
    assert house.places.taken(BOX, ANN) is not None
    assert house.tier(ANN) == Tier.PUBLIC


def test_a_place_is_kept_for_a_year(house: House) -> None:
    clock = [1_900_000_000.0]
    kept = KeptPlaces(
        house.node.database, house.node.lane, house.door, house.requests, lambda a: f"box of {a}", lambda: clock[0]
    )
    kept.keep("ann@example.org", Tier.FOLLOWER)
    clock[0] += 366 * 24 * 3600
    assert kept.taken(BOX, ANN) is None


def test_no_address_is_stored(house: House) -> None:
    kept = house.node.people.places
    kept.keep("Ann@Example.org ", Tier.FOLLOWER, "Ann")
    kept.keep("ann@example.org", Tier.CIRCLE, "Ann")
    with house.node.database.records() as records:
        (row,) = records.execute(select(places)).all()  # one address, however it is written
    assert "example" not in str(row).lower()


def test_what_cannot_be_kept_is_refused(house: House) -> None:
    with pytest.raises(AddressWrong):
        house.node.people.places.keep("nobody", Tier.FOLLOWER)
    with pytest.raises(InviteWrong):
        house.places.keep("ann@example.org", Tier.PUBLIC)
    with pytest.raises(InviteWrong):
        house.places.keep("ann@example.org", Tier.FOLLOWER, "x" * 81)
