"""A sentence passes when its source says the same, and not when it only sounds like it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presence.asking.support import Cited, How, Persons, supported
from tests.presence.asking.support.told import ARTIST, NEAR_MISSES, PERSONS, RETELLINGS, Pair, cited


@pytest.mark.parametrize("pair", RETELLINGS, ids=lambda pair: pair[0])
def test_a_retelling_is_supported(pair: Pair) -> None:
    sentence, sources = pair
    assert supported(sentence, sources, PERSONS)


@pytest.mark.parametrize("pair", NEAR_MISSES, ids=lambda pair: pair[0])
def test_a_near_miss_is_not(pair: Pair) -> None:
    sentence, sources = pair
    assert not supported(sentence, sources, PERSONS)


def test_it_is_said_how_and_by_which_source() -> None:
    sources = cited("The van broke down.", "I bought the guitar in Porto.")
    assert supported("I bought the guitar in Porto.", sources, PERSONS).how is How.VERBATIM
    found = supported("The guitar was bought in Porto by Ada Marsh.", sources, PERSONS)
    assert (found.how, found.sources) == (How.RETOLD, (1,))
    assert supported("Ada Marsh bought the guitar in Porto.", sources, PERSONS).how is How.WORD_BY_WORD


def test_two_notes_are_joined_only_where_names_say_of_whom_they_speak() -> None:
    joined = supported(
        "Low Tide was produced by Lena Voss, and Low Tide was released in 2016.",
        cited("Lena Voss produced Low Tide.", "Low Tide was released in 2016."),
        PERSONS,
    )
    assert (joined.how, joined.sources) == (How.JOINED, (0, 1))
    guitars = cited("I bought the guitar in Porto.", "The guitar cost 80 euros.")
    assert not supported("I bought the guitar in Porto, and the guitar cost 80 euros.", guitars, PERSONS)


def test_words_of_another_speaker_need_the_speaker_s_name() -> None:
    sources = cited("The piano was out of tune.", speaker="Tom Reyes")
    assert not supported("The piano was out of tune.", sources, PERSONS)
    assert supported("According to Tom Reyes, the piano was out of tune.", sources, PERSONS)
    assert supported("Tom Reyes said: “The piano was out of tune.”", sources, PERSONS)
    assert not supported("Ada Marsh said: “The piano was out of tune.”", sources, PERSONS)
    assert not supported("According to Lena Voss, the piano was out of tune.", sources, PERSONS)


def test_nobody_s_words_are_not_hers() -> None:
    assert not supported("The piano was out of tune.", [Cited("The piano was out of tune.")], PERSONS)


def test_an_alias_is_another_name_of_the_same() -> None:
    sources = cited("We recorded the choir at the Barn.")
    sentence = "The choir was recorded at Mill Lane Studio."
    assert not supported(sentence, sources, PERSONS)
    assert supported(sentence, sources, Persons(ARTIST, {"the Barn": "Mill Lane Studio"}))


def test_half_a_sentence_is_no_quotation() -> None:
    assert not supported("I sold the guitar.", cited("It is not true that I sold the guitar."), PERSONS)
    assert supported("I never sold it. It was stolen.", cited("I never sold it. It was stolen."), PERSONS)


def test_a_question_states_nothing() -> None:
    assert not supported("Ada Marsh sold the guitar.", cited("Ada Marsh sold the guitar?"), PERSONS)


def test_in_other_languages_only_the_same_words_pass() -> None:
    sources = cited("Ich habe das Lied in Leeds geschrieben.")
    assert supported("Ich habe das Lied in Leeds geschrieben.", sources, PERSONS)
    assert not supported("Das Lied wurde in Leeds geschrieben.", sources, PERSONS)


@pytest.mark.parametrize("sentence", ["", "  ", "…", "[1]", "word " * 200])
def test_nothing_and_too_much_are_not_supported(sentence: str) -> None:
    assert not supported(sentence, cited("I wrote it."), PERSONS)
    assert not supported("I wrote it.", [], PERSONS)


def test_a_name_that_the_caller_knows_is_one_whatever_words_it_has() -> None:
    sources = cited("Petra played the bass on Tin Roof in November.")
    assert supported("Petra played the bass on Tin Roof.", sources, PERSONS)
    known = Persons(ARTIST, {"Tin Roof in November": "Tin Roof in November"})
    assert not supported("Petra played the bass on Tin Roof.", sources, known)
    assert supported("The bass on Tin Roof in November was played by Petra.", sources, known)


def test_all_of_some_are_not_all() -> None:
    assert not supported(
        "Ilse mastered everything I released.", cited("Ilse mastered everything I released since 2014."), PERSONS
    )
    assert not supported("Ada Marsh kept every tape.", cited("I kept every tape of the second tour."), PERSONS)
    assert not supported("Ada Marsh doubts that Tom sang.", cited("I doubt that Tom sang on it."), PERSONS)


_WORDS = sorted({word for sentence, sources in RETELLINGS for word in f"{sentence} {sources[0].text}".split()})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(_WORDS), max_size=14),
    st.lists(st.sampled_from(_WORDS), max_size=25),
    st.sampled_from(("", "2019", "2019-02-30", "0001-01-01", "soon")),
)
def test_whatever_is_written_there_is_an_answer(said: list[str], given_words: list[str], date: str) -> None:
    found = supported(" ".join(said), [Cited(" ".join(given_words), ARTIST, date=date)], PERSONS)
    assert bool(found) == (found.how is not How.NOT) == bool(found.sources)


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_can_be_compared(said: str, text: str) -> None:
    assert supported(said, cited(text), PERSONS).how in How
