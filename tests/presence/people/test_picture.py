"""The picture: tidy, safe to put on a page, and it says in words what it shows in shapes."""

import random
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from presence.people.picture import CHAR_WIDTH, ROW, WORDS_CHARS_MAX, drawn, laid_out
from presence.people.tree import Person, State
from tests.trusting import key
from trustgraph import Tier

NAMES = ("open to all", "followers", "supporters", "circle", "inner circle")
SVG = "{http://www.w3.org/2000/svg}"


def person(n: int, by: str, *, state: State = State.IN, name: str | None = None, tier: Tier = Tier.CIRCLE) -> Person:
    shown = tier if state is State.IN else Tier.PUBLIC
    return Person(f"did:{n}", name or f"Person {n}", by, None, shown, n, None, f"grant {n}", state)


def some_people(count: int, seed: int = 1) -> list[Person]:
    choose = random.Random(seed)
    ways = ["artist", "artist", "door", "till"]
    return [person(n, choose.choice([*ways, *(f"did:{m}" for m in range(n))])) for n in range(count)]


def test_it_is_one_element_that_names_itself() -> None:
    svg = ElementTree.fromstring(drawn(some_people(12), "Ada Marsh", NAMES))
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == (
        "Who introduced whom, from Ada Marsh on",
        "12 people. The table says the same in words.",
    )


def test_a_name_can_do_nothing_to_the_page() -> None:
    evil = '<script>alert(1)</script>" onload="x'
    svg = drawn([person(1, "artist", name=evil)], "Ada & <b>", NAMES)
    assert "<script" not in svg
    assert "<b>" not in svg
    assert all(
        not name.startswith("on") and name != "style"
        for one in ElementTree.fromstring(svg).iter()
        for name in one.attrib
    )


def test_every_tier_has_a_word_and_a_sign_of_its_own() -> None:
    signs = set()
    for tier in Tier:
        svg = ElementTree.fromstring(drawn([person(1, "artist", tier=tier)], "Ada", NAMES))
        (group,) = [one for one in svg.iter(f"{SVG}g") if one.get("class") == "person in"]
        assert NAMES[tier] in [text.text for text in group.iter(f"{SVG}text")]
        signs.add(tuple((one.tag, one.get("d", "")) for one in group if not one.tag.endswith(("text", "title"))))
    assert len(signs) == len(Tier)


def test_who_is_out_hangs_on_a_dashed_way_and_has_a_cross_and_a_word() -> None:
    svg = ElementTree.fromstring(drawn([person(1, "artist", state=State.TAKEN_BACK)], "Ada", NAMES))
    assert [one.get("class") for one in svg.iter(f"{SVG}path")] == ["way out", "cross"]
    assert "taken back" in [text.text for text in svg.iter(f"{SVG}text")]


@given(st.integers(1, 90), st.integers(0, 10**6))
def test_nobody_stands_on_anybody_and_everybody_stands_right_of_who_is_above(count: int, seed: int) -> None:
    people = some_people(count, seed)
    layout = laid_out(people, "Ada", NAMES)
    assert {node.person.did for node in layout.nodes if node.person} == {one.did for one in people}
    places = [(node.layer, node.row) for node in layout.nodes]
    assert len(set(places)) == len(places)
    for node in layout.nodes:
        assert 0 <= node.x <= node.words_x <= layout.width - WORDS_CHARS_MAX * CHAR_WIDTH
        assert 0 <= node.y <= layout.height
        for child in layout.below.get(node.key, ()):
            assert child.layer == node.layer + 1


@given(st.integers(1, 60), st.integers(0, 10**6))
def test_everybody_has_a_row_below_who_is_above(count: int, seed: int) -> None:
    layout = laid_out(some_people(count, seed), "Ada", NAMES)
    assert all(lower.y - upper.y == ROW for upper, lower in pairwise(layout.nodes))
    assert layout.nodes[0].key == "artist"
    assert all(child.row > node.row for node in layout.nodes for child in layout.below.get(node.key, ()))


@given(st.integers(1, 60), st.integers(0, 10**6))
def test_no_line_runs_through_a_name(count: int, seed: int) -> None:
    layout = laid_out(some_people(count, seed), "Ada", NAMES)
    for node in layout.nodes:
        for child in layout.below.get(node.key, ()):
            between = [one for one in layout.nodes if node.row < one.row <= child.row]
            assert all(node.x < one.words_x and one.layer > node.layer for one in between)


def test_a_way_of_four_steps_fits_a_phone() -> None:
    four = [person(1, "door"), person(2, "did:1"), person(3, "did:2")]
    assert laid_out(four, "Juna Tidewell", NAMES).width <= 360 - 2 * 16 - 2


def test_two_who_let_each_other_in_are_drawn_once_each() -> None:
    two = [person(1, "did:2", state=State.FELL), person(2, "did:1", state=State.FELL), person(3, "did:1")]
    layout = laid_out(two, "Ada", NAMES)
    assert sorted(node.key for node in layout.nodes) == ["artist", "did:1", "did:2", "did:3"]


def test_a_house_without_people_shows_the_artist_alone() -> None:
    assert len(laid_out([], "Ada", NAMES).nodes) == 1
    assert "0 people" in drawn([], key("ada").did, NAMES)
