"""Dividing is exact and always the same; who gets a part has agreed to it, and what was agreed then stays."""

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing import Cited, Receipt, Sale, accounts
from billing.errors import SplitWrong
from billing.shares import ARTIST, WHOLE, checked, divided, weighed
from billing.splits import NODE
from tests.billing.conftest import ANN, CENT, Till, fixed

AMOUNT_MAX = 10**15
MANY = 100_000
PARTIES = [ARTIST, *(f"{number:02x}" for number in range(19))]


def check_division(micros: int, weights: dict[str, int]) -> None:
    parts = divided(micros, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == micros
    assert set(parts) <= set(weights)
    for party, weight in weights.items():
        part = parts.get(party, 0)
        assert part >= 0
        assert abs(Fraction(micros * weight, whole) - part) < 1
        assert weight or not part


def test_a_hundred_thousand_divisions_are_exact() -> None:
    chance = random.Random(1)
    for _ in range(MANY // 100):  # the rest are slow
        _divide_at_random(chance)


@pytest.mark.slow
def test_a_hundred_thousand_more() -> None:
    chance = random.Random(2)
    for _ in range(MANY):
        _divide_at_random(chance)


def _divide_at_random(chance: random.Random) -> None:
    parties = chance.sample(PARTIES, chance.randint(1, 20))
    most = chance.choice([1, 3, 100, WHOLE, 10**9])
    weights = {party: chance.randint(0, most) for party in parties}
    weights[parties[0]] += not any(weights.values())
    micros = chance.choice([0, 1, 2, 7, 3333, chance.randint(0, 10**6), chance.randint(0, AMOUNT_MAX)])
    check_division(micros, weights)
    again = list(weights.items())
    chance.shuffle(again)
    assert divided(micros, dict(again)) == divided(micros, weights), "in whatever order they are told"
    assert list(divided(micros, dict(again))) == list(divided(micros, weights))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, AMOUNT_MAX),
    st.dictionaries(st.text(min_size=1, max_size=8), st.integers(0, 10**12), min_size=1, max_size=20),
)
def test_any_division_is_exact(micros: int, weights: dict[str, int]) -> None:
    if any(weights.values()):
        check_division(micros, weights)
    else:
        with pytest.raises(SplitWrong):
            divided(micros, weights)


@pytest.mark.parametrize(
    ("micros", "parts"),
    [(3333, {"artist": 2000, "a": 833, "b": 500}), (1, {"artist": 1}), (2, {"artist": 1, "a": 1}), (0, {})],
)
def test_worked_examples(micros: int, parts: dict[str, int]) -> None:
    assert divided(micros, {"b": 1500, "a": 2500, "artist": 6000}) == parts


def test_the_artist_comes_first_where_remainders_are_equal() -> None:
    assert divided(1, {"a": 1, "artist": 1, "b": 1}) == {"artist": 1}
    assert divided(2, {"c": 1, "b": 1, "a": 1}) == {"a": 1, "b": 1}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1, "b": 2}])
def test_weights_that_cannot_divide(weights: dict[str, int]) -> None:
    with pytest.raises(SplitWrong):
        divided(5, weights)


def test_less_than_nothing_is_not_divided() -> None:
    with pytest.raises(SplitWrong):
        divided(-1, {"a": 1})


def test_sources_weigh_as_much_as_was_quoted_of_them() -> None:
    assert weighed([(30, {"a": WHOLE}), (70, {ARTIST: 5000, "a": 5000})]) == {"a": 650_000, ARTIST: 350_000}


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"artist": 9_999},
        {"artist": 10_001},
        {"artist": 10_000, "a": 0},
        {"artist": 11_000, "a": -1_000},
        {"artist": True, "a": 9_999},
        {"artist": 10_000.0},
        {"artist": "10000"},
    ],
)
def test_shares_are_each_above_nothing_and_together_the_whole(shares: dict[str, Any]) -> None:
    with pytest.raises(SplitWrong):
        checked(shares)


# --- what is agreed ---


def agreed(till: Till, scope: str, party: str, share: int) -> int:
    """Agree on a share of a scope; give the version."""
    version = till.splits.propose(scope, {ARTIST: WHOLE - share, party: share})
    till.splits.accept(party, version)
    return version


def paid(till: Till, ident: str, micros: int, *cited: Cited) -> Receipt:
    hold = till.holds.place(ident, ANN, fixed(micros))
    receipt = till.holds.capture(hold, micros, Sale("ask", "?", 1, cited), beside=lambda _, signed: signed)
    assert receipt is not None
    return receipt


@pytest.fixture
def ann(till: Till) -> Till:
    till.top_up(ANN, 1_000 * CENT)
    return till


def test_a_split_holds_when_everybody_in_it_has_accepted(ann: Till) -> None:
    one, two = (ann.splits.add_party(name)[0].ident for name in ("Winnie", "Joss"))
    version = ann.splits.propose(NODE, {ARTIST: 5_000, one: 3_000, two: 2_000})
    for party in (one, two):
        assert paid(ann, f"before {party}", 100).said["shares"] == [[ARTIST, 100]]
        ann.splits.accept(party, version)
    said = paid(ann, "after", 101).said
    assert dict(said["shares"]) == {ARTIST: 51, one: 30, two: 20}
    assert said["splits"] == [version]


def test_the_one_before_holds_until_the_next_is_agreed(ann: Till) -> None:
    party = ann.splits.add_party("Winnie")[0].ident
    first = agreed(ann, NODE, party, 1_000)
    second = ann.splits.propose(NODE, {ARTIST: 1_000, party: 9_000})
    assert paid(ann, "q1", 100).said["splits"] == [first]
    ann.splits.accept(party, second)
    assert paid(ann, "q2", 100).said["splits"] == [second]
    ann.splits.accept(party, first)
    assert paid(ann, "q3", 100).said["splits"] == [second], "agreeing again brings nothing old back"


def test_a_note_goes_before_its_release_and_that_before_the_node(ann: Till) -> None:
    parties = {name: ann.splits.add_party(name)[0].ident for name in ("node", "release", "note")}
    versions = {
        scope: agreed(ann, scope, parties[scope.partition(":")[0]], WHOLE // 2)
        for scope in (NODE, "release:r", "note:n")
    }
    for cited, scope in [
        (Cited("n", 5, "r"), "note:n"),
        (Cited("other", 5, "r"), "release:r"),
        (Cited("other", 5), NODE),
        (Cited("other", 5, "other"), NODE),
    ]:
        said = paid(ann, f"q{cited}", 100, cited).said
        assert said["splits"] == [versions[scope]]
        assert dict(said["shares"]) == {ARTIST: 50, parties[scope.partition(":")[0]]: 50}
    assert paid(ann, "without a source", 100).said["splits"] == [versions[NODE]]


def test_sources_are_weighed_by_what_was_quoted(ann: Till) -> None:
    one, two = (ann.splits.add_party(name)[0].ident for name in ("Winnie", "Joss"))
    versions = [agreed(ann, "note:one", one, 5_000), agreed(ann, "note:two", two, 5_000)]
    said = paid(ann, "q", 1_000, Cited("one", 30), Cited("two", 70), Cited("three", 0)).said
    assert dict(said["shares"]) == {ARTIST: 500, one: 150, two: 350}
    assert said["splits"] == versions
    assert dict(paid(ann, "q2", 1_000, Cited("one", 50), Cited("mine", 50)).said["shares"]) == {ARTIST: 750, one: 250}


def test_what_is_owed_to_a_party_is_the_sum_of_the_receipts(ann: Till) -> None:
    chance = random.Random(3)
    parties = [ann.splits.add_party(name)[0].ident for name in ("a", "b", "c")]
    for number, party in enumerate(parties):
        agreed(ann, f"note:{number}", party, 1 + 1_111 * (number + 1))
    owed: dict[str, int] = {}
    for number in range(40):
        cited = [Cited(str(chance.randrange(4)), chance.randrange(1, 300)) for _ in range(chance.randrange(4))]
        for party, micros in paid(ann, f"q{number}", chance.randrange(1, 5_000), *cited).said["shares"]:
            owed[party] = owed.get(party, 0) + micros
    for party in parties:
        assert ann.balance(accounts.payable(party)) == owed[party]
    assert ann.balance(accounts.ANSWERS) == owed[ARTIST]


def test_what_was_agreed_is_never_edited(ann: Till) -> None:
    party = ann.splits.add_party("Winnie")[0].ident
    first = agreed(ann, NODE, party, 1_000)
    before = ann.splits.listed()[-1]
    receipt = paid(ann, "q1", 100)
    agreed(ann, NODE, party, 2_000)
    ann.splits.end(NODE)
    after = ann.splits.listed()[-1]
    assert (after.version, after.shares, after.accepted) == (first, before.shares, before.accepted)
    found = ann.receipts.find(receipt.ident)
    assert found is not None
    assert found.body == receipt.body
    assert paid(ann, "q2", 100).said["shares"] == [[ARTIST, 100]]


def test_a_split_that_ended_leaves_what_is_wider(ann: Till) -> None:
    party = ann.splits.add_party("Winnie")[0].ident
    node = agreed(ann, NODE, party, 1_000)
    agreed(ann, "note:n", party, 5_000)
    ann.splits.end("note:n")
    assert paid(ann, "q1", 100, Cited("n", 5)).said["splits"] == [node]


@pytest.mark.parametrize("scope", ["", "notes:1", "everything", "Node", "note"])
def test_a_split_is_for_something_there_is(till: Till, scope: str) -> None:
    with pytest.raises(SplitWrong):
        till.splits.propose(scope, {ARTIST: WHOLE})


@pytest.mark.parametrize("shares", [{ARTIST: 5_000, "nobody": 5_000}, {ARTIST: 9_999}, {}, {ARTIST: 0}])
def test_a_split_that_cannot_be_is_refused(till: Till, shares: dict[str, int]) -> None:
    with pytest.raises(SplitWrong):
        till.splits.propose(NODE, shares)
    assert till.splits.listed() == []


def test_only_who_is_named_accepts(till: Till) -> None:
    one, two = (till.splits.add_party(name)[0].ident for name in ("Winnie", "Joss"))
    version = till.splits.propose(NODE, {ARTIST: 5_000, one: 5_000})
    for party, which in ((two, version), (one, version + 1)):
        with pytest.raises(SplitWrong):
            till.splits.accept(party, which)
    assert not till.splits.listed()[0].is_agreed


def test_a_collaborators_word_is_hers_and_the_one_before_ends(till: Till) -> None:
    party, word = till.splits.add_party("  Winnie   Marsh ")
    assert party.name == "Winnie Marsh"
    assert till.splits.party_of(word) == party
    newer = till.splits.new_word(party.ident)
    assert (till.splits.party_of(word), till.splits.party_of(newer)) == (None, party)
    with pytest.raises(SplitWrong):
        till.splits.new_word("nobody")
