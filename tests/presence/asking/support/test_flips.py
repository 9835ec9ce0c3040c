"""One number, name, date, negation or pair of names changed in a supported sentence, and it is not supported."""

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from presence.asking.support import supported
from tests.presence.asking.support.told import ARTIST, PERSONS, RETELLINGS, Pair, cited

PEOPLE = ("Tom Reyes", "Lena Voss", "Ben Okafor", "Ines Duarte")
PLACES = ("Leeds", "Porto", "Whitby", "Otley")
WORKS = ("Low Tide", "Ropewalk", "Harbour Lights")
# Base, past, participle; each takes a person or a work, and may be done by anybody to anybody.
VERBS = (("record", "recorded", "recorded"), ("film", "filmed", "filmed"), ("choose", "chose", "chosen"))
MONTHS = ("January", "March", "June", "October")
NUMBERS = ("two", "three", "eleven", "40", "300")


@dataclass(frozen=True)
class Fact:
    """Who did what to whom, where, when and how often."""

    who: str
    verb: tuple[str, str, str]
    whom: str
    place: str
    day: int
    month: str
    year: int
    times: str

    @property
    def date(self) -> str:
        return f"{self.day} {self.month} {self.year}"

    def note(self) -> str:
        """As the artist writes it."""
        who = "I" if self.who == ARTIST else self.who
        return f"On {self.date} {who} {self.verb[1]} {self.whom} {self.times} times in {self.place}."

    def retellings(self) -> list[str]:
        """As it may be told."""
        done = f"{self.times} times in {self.place}"
        month = f"{self.month} {self.day}, {self.year}"
        return [
            f"{self.who} {self.verb[1]} {self.whom} {done} on {month}.",
            f"{self.whom} was {self.verb[2]} {done} by {self.who} on {self.date}.",
            f"In {self.month} {self.year}, {self.who} {self.verb[1]} {self.whom} {done}.",
            f"In {self.place}, {self.whom} was {self.verb[2]} {self.times} times in {self.year}.",
        ]


facts = st.builds(
    Fact,
    who=st.sampled_from((ARTIST, *PEOPLE)),
    verb=st.sampled_from(VERBS),
    whom=st.sampled_from((*PEOPLE, *WORKS)),
    place=st.sampled_from(PLACES),
    day=st.integers(1, 28),
    month=st.sampled_from(MONTHS),
    year=st.integers(1995, 2024),
    times=st.sampled_from(NUMBERS),
).filter(lambda fact: fact.who != fact.whom)

changes = st.one_of(
    st.builds(lambda value: {"who": value}, st.sampled_from((ARTIST, *PEOPLE))),
    st.builds(lambda value: {"whom": value}, st.sampled_from((*PEOPLE, *WORKS))),
    st.builds(lambda value: {"place": value}, st.sampled_from(PLACES)),
    st.builds(lambda value: {"month": value}, st.sampled_from(MONTHS)),
    st.builds(lambda value: {"year": value}, st.integers(1995, 2024)),
    st.builds(lambda value: {"day": value}, st.integers(1, 28)),
    st.builds(lambda value: {"times": value}, st.sampled_from(NUMBERS)),
    st.builds(lambda value: {"verb": value}, st.sampled_from(VERBS)),
)


@settings(max_examples=40, deadline=None)
@given(facts)
def test_each_retelling_of_a_note_is_supported(fact: Fact) -> None:
    for sentence in fact.retellings():
        assert supported(sentence, cited(fact.note()), PERSONS), sentence


@settings(max_examples=40, deadline=None)
@given(facts, changes)
def test_with_one_thing_changed_it_is_not(fact: Fact, change: dict[str, object]) -> None:
    other = replace(fact, **change)  # type: ignore[arg-type]
    assume(other != fact and other.who != other.whom)
    same = set(fact.retellings())
    for sentence in other.retellings():
        if sentence not in same:  # a retelling that does not speak of what was changed is as true as before
            assert not supported(sentence, cited(fact.note()), PERSONS), sentence


@settings(max_examples=40, deadline=None)
@given(facts)
def test_whom_and_who_cannot_be_swapped(fact: Fact) -> None:
    swapped = replace(fact, who=fact.whom, whom=fact.who)
    for sentence in swapped.retellings()[:3]:
        assert not supported(sentence, cited(fact.note()), PERSONS), sentence


@settings(max_examples=40, deadline=None)
@given(facts, st.sampled_from(("never", "almost", "would have", "did not", "may have", "only once", "often", "hardly")))
def test_no_denial_and_no_hedge_may_be_put_in(fact: Fact, word: str) -> None:
    told = f"{fact.who} {word} {fact.verb[1]} {fact.whom} in {fact.place}."
    assert not supported(told, cited(fact.note()), PERSONS)
    passive = f"{fact.whom} was {word} {fact.verb[2]} in {fact.place}."
    assert not supported(passive, cited(fact.note()), PERSONS)


@settings(max_examples=40, deadline=None)
@given(facts, st.sampled_from(("never ", "almost ", "would have ", "hardly ever ", "wanted to have ", "should have ")))
def test_none_may_be_left_out(fact: Fact, word: str) -> None:
    note = fact.note().replace(f" {fact.verb[1]} ", f" {word}{fact.verb[2]} ")
    for sentence in fact.retellings():
        assert not supported(sentence, cited(note), PERSONS), sentence


_TURNED = {
    "before": "after", "after": "before", "and": "or", "because": "although", "most": "all", "with": "without",
    "first": "last", "second": "third", "never": "once", "not": "", "only": "", "almost": "", "about": "exactly",
    "euros": "pounds", "days": "weeks", "three": "four", "nine": "ten", "Leeds": "Hull", "Hamburg": "Berlin",
    "Lena Voss": "Mia Holt", "Tom Reyes": "Mia Holt", "Ada Marsh": "Mia Holt", "March": "April", "2019": "2018",
    "2016": "2015", "2013": "2014", "was": "was not", "is": "is not", "did": "did almost", "her": "Mia Holt's",
}  # fmt: skip


def turned(sentence: str) -> list[str]:
    """Give a sentence with each of its telling words turned, once at a time."""
    found = [(word, other) for word, other in _TURNED.items() if re.search(rf"\b{word}\b", sentence)]
    return [re.sub(rf"\b{word}\b ?", f"{other} " if other else "", sentence, count=1) for word, other in found]


@pytest.mark.parametrize("pair", [pair for pair in RETELLINGS if turned(pair[0])], ids=lambda pair: pair[0])
def test_one_word_turned_in_what_was_written_by_hand(pair: Pair) -> None:
    sentence, sources = pair
    for other in turned(sentence):
        assert not supported(other, sources, PERSONS), other
