"""Links let in exactly as many as they are for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from presence.errors import (
    InviteClosed,
    InviteExpired,
    InviteFull,
    InviteWrong,
    PresenceError,
    UnknownInvite,
)
from presence.people.invites import Invites
from presence.tables import invites
from tests.presence.people.conftest import House
from tests.trusting import key
from trustgraph import Tier

HOUR = 3600


def person(n: int) -> str:
    return key(f"person {n}").did


def test_of_forty_who_come_at_once_exactly_as_many_get_in_as_the_link_is_for(both_houses: House) -> None:
    invite, token = both_houses.invites.make("tonight", people_max=10, seconds=HOUR)

    def come(n: int) -> bool:
        try:
            both_houses.invites.take(token, person(n))
        except InviteFull:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        let_in = list(threads.map(come, range(40)))
    assert sum(let_in) == 10
    assert [both_houses.tier(person(n)) == Tier.FOLLOWER for n in range(40)] == let_in
    assert both_houses.invites.find(token).taken == 10
    assert invite.taken == 0


def test_the_same_person_takes_one_place_however_often_she_comes(both_houses: House) -> None:
    _, token = both_houses.invites.make("", people_max=2, seconds=HOUR)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: both_houses.invites.take(token, person(1)), range(32)))
    assert both_houses.invites.find(token).taken == 1
    both_houses.invites.take(token, person(2))
    both_houses.invites.take(token, person(1))  # full, but she has her place
    with pytest.raises(InviteFull, match="All 2 places"):
        both_houses.invites.take(token, person(3))


def test_closed_expired_and_unknown_each_have_their_sentence(house: House) -> None:
    clock = [1_900_000_000.0]
    links = Invites(house.node.database, house.node.lane, house.door, lambda: clock[0])
    invite, token = links.make("tonight", people_max=2, seconds=HOUR)
    clock[0] += HOUR
    with pytest.raises(InviteExpired, match="time"):
        links.take(token, person(1))
    clock[0] -= 1
    assert links.close(invite.ident).closed_at == clock[0]
    with pytest.raises(InviteClosed, match="closed"):
        links.take(token, person(1))
    for nothing in ("", "x", "a" * 43):
        with pytest.raises(UnknownInvite):
            links.take(nothing, person(1))
    with pytest.raises(UnknownInvite):
        links.close("nothing")
    assert house.tier(person(1)) == Tier.PUBLIC


def test_the_secret_of_a_link_is_kept_only_as_its_hash(house: House) -> None:
    _, token = house.invites.make("tonight", people_max=2, seconds=HOUR)
    with house.node.database.records() as records:
        row = records.execute(select(invites)).one()
    assert token not in [str(value) for value in row]


def test_who_cannot_be_let_in_takes_no_place(house: House) -> None:
    _, token = house.invites.make("", people_max=1, seconds=HOUR)
    house.artist.revoke(person(1))
    with pytest.raises(Exception, match="blocked"):
        house.invites.take(token, person(1))
    house.invites.take(token, person(2))
    assert house.tier(person(2)) == Tier.FOLLOWER


def test_whose_place_was_taken_back_does_not_come_in_by_the_same_link(house: House) -> None:
    _, token = house.invites.make("", people_max=9, seconds=HOUR)
    house.invites.take(token, person(1))
    house.artist.revoke(str(house.node.trust.tier_of(person(1)).grant))
    with pytest.raises(PresenceError, match="taken back"):
        house.invites.take(token, person(1))
    assert house.tier(person(1)) == Tier.PUBLIC


@pytest.mark.parametrize(
    ("label", "people", "seconds"),
    [("x" * 81, 1, 1), ("a\u200bb", 1, 1), ("", 0, 1), ("", 10_001, 1), ("", 1, 0), ("", 1, 1e9)],
)
def test_an_invite_out_of_bounds_is_refused(house: House, label: str, people: int, seconds: float) -> None:
    with pytest.raises(InviteWrong):
        house.invites.make(label, people_max=people, seconds=seconds)


def test_links_are_named_the_newest_first(house: House) -> None:
    house.invites.make("first", people_max=1, seconds=HOUR)
    house.invites.make("second", people_max=1, seconds=HOUR)
    assert [one.label for one in house.invites.all()] == ["second", "first"]
