"""Where a key leads, and what follows from it for the keys that are made of it."""

from itertools import permutations

import pytest

from knowledge.facts.substitution import Substitution, followers


def test_what_was_joined_leads_on_to_the_end() -> None:
    keys = Substitution({("label", "a"): "b", ("label", "b"): "c"})
    assert [keys.of("label", key) for key in "abcd"] == ["c", "c", "c", "d"]


def test_a_key_of_another_kind_is_another_key() -> None:
    assert Substitution({("label", "a"): "b"}).of("artist", "a") == "a"


def test_a_circle_ends_at_one_key_wherever_it_is_entered() -> None:
    circle = Substitution(
        {("label", one): other for one, other in zip("cab", "abc", strict=True)} | {("label", "x"): "c"}
    )
    assert {circle.of("label", key) for key in "abcx"} == {"a"}


def test_recordings_follow_their_work_and_keep_their_mix() -> None:
    keys = Substitution({("work", "low tide|ada"): "low tide|ada marsh"})
    assert keys.of("recording", "low tide|ada#dub") == "low tide|ada marsh#dub"
    assert keys.of("recording", "low tide|ada") == "low tide|ada marsh"


def test_works_and_releases_follow_their_artist() -> None:
    keys = Substitution({("artist", "ada"): "ada marsh"})
    assert keys.of("work", "low tide|ada") == "low tide|ada marsh"
    assert keys.of("release", "low tide|ada") == "low tide|ada marsh"
    assert keys.of("recording", "low tide|ada#dub") == "low tide|ada marsh#dub"
    assert keys.of("work", "ada") == "ada"


def test_a_circle_over_two_kinds_ends_too() -> None:
    keys = Substitution({("artist", "a"): "b", ("work", "x|b"): "x|a"})
    assert keys.of("work", "x|a") == keys.of("work", "x|b")


def test_nights_follow_their_place_and_keep_their_ordinal() -> None:
    keys = Substitution({("place", "dock|leeds"): "the yard|leeds"})
    assert keys.of("event", "2019-07-14|dock|leeds|2") == "2019-07-14|the yard|leeds|2"
    assert keys.of("event", "2019-07-14|dock|2") == "2019-07-14|dock|2"
    assert keys.of("event", "doc:dock|leeds") == "doc:dock|leeds"


@pytest.mark.parametrize("kind", ["artist", "work", "place", "label"])
def test_whatever_may_change_with_a_kind_is_named(kind: str) -> None:
    keys = Substitution({(kind, old): "new" for old in ("a", "a|b", "b")})
    made = {"work": "t|a", "recording": "a#m", "release": "t|a", "artist": "a", "label": "a", "place": "a|b",
            "event": "2019-01-01|a|b|1"}  # fmt: skip
    changed = {of for of, key in made.items() if keys.of(of, key) != key}
    assert changed <= followers(kind)


def test_the_order_of_the_pairs_says_nothing() -> None:
    pairs = [(("label", "a"), "b"), (("label", "b"), "c"), (("label", "c"), "a")]
    assert len({Substitution(dict(order)).of("label", "b") for order in permutations(pairs)}) == 1
