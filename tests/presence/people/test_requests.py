"""Requests to follow: they wait, or a rule lets in so many a day; fifty at once by the artist's word."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from presence.errors import NameWrong, RequestWrong, RuleWrong, UnknownRequest
from presence.people.requests import ASK_AGAIN_SECONDS, Requests
from tests.presence.people.conftest import House
from tests.trusting import key
from trustgraph import Tier

ANN = key("ann").did


def ask(house: House, name: str = "ann") -> bool:
    return house.requests.ask(key(name).did, name=name, words="I was at the ferry.")


def test_a_request_waits_until_the_artist_lets_in(house: House) -> None:
    assert ask(house) is False
    assert (house.tier(ANN), house.requests.state(ANN)) == (Tier.PUBLIC, "waiting")
    (one,) = house.requests.waiting()
    assert (one.did, one.name, one.words, one.tier) == (ANN, "ann", "I was at the ferry.", Tier.FOLLOWER)
    assert house.requests.let_in([ANN]).let_in == (ANN,)
    assert (house.tier(ANN), house.requests.waiting(), house.requests.state(ANN)) == (Tier.FOLLOWER, [], None)


def test_fifty_are_let_in_at_once_and_no_more(house: House) -> None:
    names = [f"fan {n}" for n in range(51)]
    for name in names:
        ask(house, name)
    dids = [key(name).did for name in names]
    with pytest.raises(RequestWrong):
        house.requests.let_in(dids)
    assert len(house.requests.let_in(dids[:50]).let_in) == 50
    assert [one.did for one in house.requests.waiting()] == [dids[50]]


def test_an_open_rule_lets_in_at_once_and_so_many_a_day(both_houses: House) -> None:
    both_houses.rules.set_follow("open", 5)
    with ThreadPoolExecutor(16) as threads:
        let_in = list(threads.map(lambda n: ask(both_houses, f"fan {n}"), range(16)))
    assert sum(let_in) == 5
    assert len(both_houses.requests.waiting()) == 11
    assert [both_houses.tier(key(f"fan {n}").did) == Tier.FOLLOWER for n in range(16)] == let_in


def test_whom_the_artist_lets_in_takes_no_place_of_the_rule(house: House) -> None:
    ask(house, "first")
    house.requests.let_in([key("first").did])
    house.rules.set_follow("open", 1)
    assert ask(house) is True


def test_what_was_put_away_waits_as_far_as_she_can_see(house: House) -> None:
    clock = [1_900_000_000.0]
    requests = Requests(
        house.node.database,
        house.node.lane,
        house.node.trust,
        house.door,
        house.rules,
        house.names,
        lambda: clock[0],
    )
    requests.ask(ANN, name="ann", words="")
    assert requests.dismiss([ANN]) == 1
    assert (requests.waiting(), requests.state(ANN)) == ([], "waiting")
    requests.ask(ANN, name="ann", words="again")
    assert requests.waiting() == []
    clock[0] += ASK_AGAIN_SECONDS
    requests.ask(ANN, name="ann", words="again")
    assert [one.words for one in requests.waiting()] == ["again"]


def test_asking_twice_is_one_request_with_the_newest_words(house: House) -> None:
    ask(house)
    house.requests.ask(ANN, name="Ann", words="and at the Ice House")
    (one,) = house.requests.waiting()
    assert (one.name, one.words) == ("Ann", "and at the Ice House")


def test_who_is_in_already_asks_nothing(house: House) -> None:
    house.artist.grant(ANN, Tier.CIRCLE)
    assert ask(house) is True
    assert house.requests.waiting() == []


def test_what_asks_for_more_than_follower_is_left_for_the_artist(house: House) -> None:
    house.requests.ask_above(ANN, Tier.CIRCLE, "A place was kept")
    settled = house.requests.let_in([ANN])
    assert (settled.let_in, settled.for_artist, house.tier(ANN)) == ((), (ANN,), Tier.PUBLIC)
    assert house.requests.waiting()[0].needs_artist
    house.artist.grant(ANN, Tier.CIRCLE)
    assert house.requests.waiting() == []


def test_whose_trust_was_taken_back_waits_for_the_artist_whatever_the_rule(house: House) -> None:
    house.rules.set_follow("open")
    assert ask(house) is True
    house.artist.revoke(str(house.node.trust.tier_of(ANN).grant))
    assert ask(house) is False
    assert [one.did for one in house.requests.waiting()] == [ANN]
    house.requests.let_in([ANN])
    assert house.tier(ANN) == Tier.FOLLOWER


def test_who_is_blocked_is_not_listed(house: House) -> None:
    ask(house)
    house.artist.revoke(ANN)
    assert house.requests.waiting() == []
    assert list(house.requests.let_in([ANN]).refused) == [ANN]


def test_bad_words_names_and_unknown_people_are_refused(house: House) -> None:
    for words in ("x" * 401, "a\u202eb"):
        with pytest.raises(RequestWrong):
            house.requests.ask(ANN, name="ann", words=words)
    with pytest.raises(NameWrong):
        house.requests.ask(ANN, name="", words="")
    with pytest.raises(UnknownRequest):
        house.requests.let_in([ANN])
    assert house.requests.waiting() == []


def test_a_rule_is_one_of_those_there_are(house: House) -> None:
    for how, per_day in (("closed", None), ("open", 0), ("open", 10_001)):
        with pytest.raises(RuleWrong):
            house.rules.set_follow(how, per_day)
    with pytest.raises(RuleWrong):
        house.rules.set_tree_seen_by("everybody")
    assert (house.rules.follow.how, house.rules.follow.per_day, house.rules.tree_seen_by) == ("ask", 50, "own")
    house.rules.set_follow("open", 7)
    assert house.rules.set_follow("ask").per_day == 7
