"""Who introduced whom: each sees her own part, whoever is above sees misuse below, the artist sees all."""

from dataclasses import dataclass

import pytest

from presence.people.tree import Person, State
from tests.presence.people.conftest import House
from tests.trusting import Artist, key
from trustgraph import Accepted, Tier, Vouch, issuing
from trustgraph.head import Head

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Circle:
    """Artist → ann → bob → cyd, and artist → dan, who introduced eve."""

    house: House
    ann: Accepted
    bob: Accepted
    cyd: Accepted
    eve: Accepted


def vouch(artist: Artist, by: str, parent: Accepted, sub: str, right: Vouch | None = None) -> Accepted:
    envelope = issuing.grant(
        key(by),
        root=artist.root,
        sub=key(sub).did,
        tier=Tier.FOLLOWER,
        nbf=artist.now,
        exp=min(artist.now + HOUR, parent.entry.exp or 0),
        vouch=right,
        parent=parent.entry.event,
        via="vouch",
    )
    return artist.log.accept(envelope, "grant")


@pytest.fixture
def circle(house: House) -> Circle:
    artist, right = house.artist, Vouch(2, 3, Tier.FOLLOWER)
    ann = artist.grant(key("ann").did, Tier.CIRCLE, vouch=right)
    dan = artist.grant(key("dan").did, Tier.SUPPORTER, vouch=right)
    bob = vouch(artist, "ann", ann, "bob", Vouch(1, 3, Tier.FOLLOWER))
    cyd = vouch(artist, "bob", bob, "cyd")
    eve = vouch(artist, "dan", dan, "eve")
    for name in ("ann", "bob", "cyd", "dan", "eve"):
        house.names.set(key(name).did, name.title())
    return Circle(house, ann, bob, cyd, eve)


def names(people: tuple[Person, ...]) -> list[str | None]:
    return [person.name for person in people]


def mine(circle: Circle, name: str) -> tuple[list[str | None], list[str | None], list[str | None]]:
    seen = circle.house.node.people.tree.mine(key(name).did)
    return names(seen.chain), names(seen.introduced), names(seen.trouble)


def test_each_sees_whom_she_introduced_and_her_own_way_and_nobody_else(circle: Circle) -> None:
    assert mine(circle, "ann") == (["Ann"], ["Bob"], [])
    assert mine(circle, "bob") == (["Bob", "Ann"], ["Cyd"], [])
    assert mine(circle, "cyd") == (["Cyd", "Bob", "Ann"], [], [])
    assert mine(circle, "nobody") == ([], [], [])


def test_an_introduction_is_told_with_its_tier_since_when_and_until_when(circle: Circle) -> None:
    (bob,) = circle.house.node.people.tree.mine(key("ann").did).introduced
    assert (bob.tier, bob.state, bob.by_name, bob.grant) == (Tier.FOLLOWER, State.IN, "Ann", circle.bob.entry.event)
    assert (bob.since, bob.until) == (circle.bob.entry.received_at, circle.bob.entry.exp)


def test_misuse_is_shown_with_its_reason_to_everybody_above_and_to_nobody_beside(circle: Circle) -> None:
    artist = circle.house.artist
    signed = issuing.revocation(
        artist.key, root=artist.root, target=circle.cyd.entry.event, t=artist.now, reason="sold the demos"
    )
    artist.log.accept(signed, "revoke")
    tree = circle.house.node.people.tree
    (trouble,) = tree.mine(key("ann").did).trouble
    assert (trouble.name, trouble.state, trouble.reason, trouble.by_name) == (
        "Cyd",
        State.TAKEN_BACK,
        "sold the demos",
        "Bob",
    )
    (cyd,) = tree.mine(key("bob").did).introduced
    assert (cyd.state, cyd.reason) == (State.TAKEN_BACK, "sold the demos")
    assert mine(circle, "dan") == (["Dan"], ["Eve"], [])
    assert tree.mine(key("cyd").did).chain[0].reason == "sold the demos"


def test_who_is_blocked_is_shown_above_too(circle: Circle) -> None:
    circle.house.artist.revoke(key("cyd").did)
    assert mine(circle, "ann")[2] == ["Cyd"]
    (cyd,) = circle.house.node.people.tree.mine(key("bob").did).introduced
    assert cyd.state is State.BLOCKED


def test_leaving_is_no_misuse(circle: Circle) -> None:
    circle.house.artist.revoke(circle.cyd.entry.event, by=key("cyd"))
    assert mine(circle, "ann")[2] == []
    (cyd,) = circle.house.node.people.tree.mine(key("bob").did).introduced
    assert cyd.state is State.LEFT


def test_whoever_hung_on_a_branch_that_was_taken_back_fell_with_it(circle: Circle) -> None:
    circle.house.artist.revoke(circle.bob.entry.event)
    (cyd,) = circle.house.node.people.tree.mine(key("bob").did).introduced
    assert (cyd.state, cyd.tier) == (State.FELL, Tier.PUBLIC)


def test_an_introducer_does_not_learn_what_somebody_has_from_others(circle: Circle) -> None:
    circle.house.artist.grant(key("bob").did, Tier.INNER)
    (bob,) = circle.house.node.people.tree.mine(key("ann").did).introduced
    assert bob.tier == Tier.FOLLOWER
    whole = {person.name: person for person in circle.house.node.people.tree.whole().people}
    assert (whole["Bob"].tier, whole["Bob"].by) == (Tier.INNER, "artist")


def test_the_whole_tree_names_everybody_once_those_above_first(circle: Circle) -> None:
    circle.house.door.let_in(key("fan").did)
    whole = circle.house.node.people.tree.whole()
    assert names(whole.people) == ["Ann", "Dan", "Bob", "Cyd", "Eve", None]
    assert [person.by for person in whole.people][-1] == "door"
    assert whole.left_out == 0


def test_of_many_the_newest_are_shown_with_those_above_them(circle: Circle) -> None:
    log, start = circle.house.node.trust, circle.house.artist.now
    for n in range(4):
        log.now = lambda n=n: start + 10 + n  # type: ignore[misc]
        circle.house.door.let_in(key(f"fan {n}").did)
    log.now = lambda: start + 30
    circle.house.artist.grant(key("cyd").did, Tier.FOLLOWER)
    whole = circle.house.node.people.tree.whole(limit=3)
    assert (len(whole.people), whole.left_out) == (3, 6)
    assert names(circle.house.node.people.tree.whole(limit=8).people).count("Ann") == 1


def test_a_renewal_is_one_introduction_since_the_first(circle: Circle) -> None:
    log, start = circle.house.node.trust, circle.house.artist.now
    log.now = lambda: start + 100
    circle.house.artist.grant(key("ann").did, Tier.SUPPORTER, vouch=Vouch(2, 3, Tier.FOLLOWER))
    whole = circle.house.node.people.tree.whole()
    ann = next(person for person in whole.people if person.name == "Ann")
    assert (ann.tier, ann.since) == (Tier.SUPPORTER, circle.ann.entry.received_at)
    assert mine(circle, "cyd")[0] == ["Cyd", "Bob", "Ann"]


def test_a_log_in_doubt_shows_nobody(circle: Circle) -> None:
    known = circle.house.node.trust._known
    known.fall_into_doubt("for this test", Head(1, "sha256:" + "0" * 64))
    assert circle.house.node.people.tree.whole().people == ()
    assert mine(circle, "ann") == ([], [], [])
