"""Who pays is let in as long as it is paid, and never above supporter."""

import pytest

from presence.bootstrap import Services
from presence.errors import TillShut
from presence.people.till import GRACE_SECONDS, Till
from tests.trusting import Artist, key
from trustgraph import DocumentRefused, Key, Tier

ANN, MONTH = key("ann").did, 30 * 24 * 3600


@pytest.fixture
def artist(node: Services) -> Artist:
    return Artist(node.trust)


@pytest.fixture
def till(artist: Artist) -> Till:
    return Till(artist.log, artist.delegate("till"))


def test_it_lets_in_until_the_paid_period_ends_and_a_grace_after(artist: Artist, till: Till) -> None:
    until = artist.now + MONTH
    assert till.paid(ANN, until) == until + GRACE_SECONDS
    trust = artist.log.tier_of(ANN)
    assert (trust.tier, trust.until) == (Tier.SUPPORTER, until + GRACE_SECONDS)
    artist.log.now = lambda: until + GRACE_SECONDS - 1.0
    assert artist.log.tier_of(ANN).tier == Tier.SUPPORTER
    artist.log.now = lambda: float(until + GRACE_SECONDS)
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC


@pytest.mark.parametrize("tier", [Tier.CIRCLE, Tier.INNER])
def test_it_opens_nothing_above_supporter(artist: Artist, till: Till, tier: Tier) -> None:  # row 43
    with pytest.raises(DocumentRefused) as refusal:
        till.paid(ANN, artist.now + MONTH, tier=tier)
    assert refusal.value.code == "role_exceeded"
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC


def test_a_payment_that_is_told_twice_is_one_grant(artist: Artist, till: Till) -> None:
    until = artist.now + MONTH
    till.paid(ANN, until)
    entries = artist.log.head[0]
    till.paid(ANN, until)
    till.paid(ANN, until - 10)  # an older one, delivered late
    assert artist.log.head[0] == entries


def test_a_friend_is_introduced_as_follower_and_stays_through_renewals(artist: Artist, till: Till) -> None:
    until = artist.now + MONTH
    till.paid(ANN, until, introduces=2)
    (right,) = artist.log.rights_of(ANN)
    assert (right.tier, right.left) == (Tier.FOLLOWER, 2)
    till.paid(ANN, until + MONTH, introduces=2)
    (right,) = artist.log.rights_of(ANN)
    assert right.left == 2
    with pytest.raises(DocumentRefused):
        till.paid(ANN, until + 2 * MONTH, introduces=11)


def test_what_is_paid_back_is_taken_back(artist: Artist, till: Till) -> None:
    till.paid(ANN, artist.now + MONTH)
    till.paid_back(ANN)
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC
    till.paid_back(ANN)
    till.paid(ANN, artist.now + MONTH)
    assert artist.log.tier_of(ANN).tier == Tier.SUPPORTER


def test_a_till_without_the_right_lets_nobody_in(artist: Artist, till: Till) -> None:
    for shut in (Till(artist.log, None), Till(artist.log, Key.generate())):
        with pytest.raises(TillShut):
            shut.paid(ANN, artist.now + MONTH)
        shut.paid_back(ANN)
    delegate = next(entry for entry in artist.log.entries() if entry.kind == "delegate")
    till.paid(ANN, artist.now + MONTH)
    artist.revoke(delegate.event)
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC
    with pytest.raises(TillShut):
        till.paid(ANN, artist.now + MONTH)


def test_what_was_paid_for_longer_is_taken_back_to_what_stands(artist: Artist, till: Till) -> None:
    first, second = artist.now + MONTH, artist.now + 2 * MONTH
    till.entitled(ANN, second)
    till.entitled(ANN, first)
    assert artist.log.tier_of(ANN).until == first + GRACE_SECONDS
    entries = artist.log.head[0]
    till.entitled(ANN, first)
    assert artist.log.head[0] == entries
    till.entitled(ANN, 0)
    assert artist.log.tier_of(ANN).tier == Tier.PUBLIC
    till.entitled(ANN, second)
    assert artist.log.tier_of(ANN).until == second + GRACE_SECONDS


def test_whose_last_month_is_paid_back_stays_a_follower_by_the_one_before(artist: Artist, till: Till) -> None:
    till.entitled(ANN, artist.now + MONTH)
    till.entitled(ANN, artist.now - 10)
    assert artist.log.tier_of(ANN).tier == Tier.FOLLOWER
    till.entitled(ANN, 0)  # what she is kept as was never bought
    assert artist.log.tier_of(ANN).tier == Tier.FOLLOWER


def test_taking_back_leaves_what_the_artist_gave(artist: Artist, till: Till) -> None:
    artist.grant(ANN, Tier.CIRCLE)
    till.entitled(ANN, artist.now + MONTH)
    till.entitled(ANN, 0)
    assert artist.log.tier_of(ANN).tier == Tier.CIRCLE


def test_a_till_without_the_right_says_so_when_it_is_to_take_back(artist: Artist) -> None:
    for shut in (Till(artist.log, None), Till(artist.log, Key.generate())):
        with pytest.raises(TillShut):
            shut.entitled(ANN, 0)
