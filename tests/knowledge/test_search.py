"""What a question finds, for whom, and that nothing in it is ever an error."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import AskBack, Evidence, Nothing
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell
from tests.nodes import open_node
from tests.postgres import new_database

PIANO = note("I wrote Pilot Ladder on a rented piano in Leeds. The piano had two dead keys.", title="The rented piano")
FERRY = note("We played on the upper deck until the coast guard called.", title="Night ferry")
SECRET = note("Heronshaw was recorded in a chapel with nineteen notes.", title="To my friends", tier="circle")

ODD_QUESTIONS = (
    'AC/DC "live',
    "NEAR(piano ferry)",
    "NEAR(",
    "*",
    "piano*",
    "^piano",
    "foo:bar",
    "title:piano",
    "AND OR NOT",
    "piano AND",
    "NOT piano",
    "piano -ferry",
    "piano + ferry",
    "(piano",
    "'; DROP TABLE documents; --",
    "piano\x00ferry",
    "%s {} \\",
    "🎹",
    "…",
    "",
    "   ",
    "piano & ferry | !coast <-> guard",
    "a" * 5_000,
    "piano " * 500,
)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A node that knows three notes, once on each database; nobody changes it."""
    folder = tmp_path_factory.mktemp("search")
    url = None
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"), f"search_{os.getpid()}")
    with open_node(folder / "home", database_url=url) as services:
        tell(services, folder / "notes", piano=PIANO, ferry=FERRY, secret=SECRET)
        yield services


def test_a_question_finds_the_sentence_that_answers_it(told: Services) -> None:
    assert quotes(told, "Where did you write Pilot Ladder?")[0] == "I wrote Pilot Ladder on a rented piano in Leeds."


def test_evidence_says_where_a_sentence_stands(told: Services) -> None:
    found = told.search.find("Who called you on the upper deck?", 0)
    assert isinstance(found, Evidence)
    best = found.sentences[0]
    assert best.passage.title == "Night ferry"
    assert best.locator == {"file": "ferry.md", "line": 5}
    assert best.passage.text[best.start : best.end] == best.text


def test_a_question_about_nothing_in_the_notes_finds_nothing(told: Services) -> None:
    found = told.search.find("Which vegetables grow best in clay soil?", 0)
    assert isinstance(found, Nothing)


def test_nothing_comes_with_the_nearest_notes_of_different_documents(told: Services) -> None:
    found = told.search.find("Which vegetables grow best in clay soil?", 0)
    assert isinstance(found, Nothing)
    assert 0 < len(found.nearest) <= 3
    assert len({passage.document_id for passage in found.nearest}) == len(found.nearest)


def test_an_empty_node_finds_nothing(shelf: Services) -> None:
    assert shelf.search.find("Where is the piano?", 4) == Nothing(())


def test_a_question_of_stop_words_is_asked_back(told: Services) -> None:
    found = told.search.find("What was that?", 0)
    assert isinstance(found, AskBack)
    assert set(found.choices) == {"Tell me about “The rented piano”.", "Tell me about “Night ferry”."}


def test_one_note_alone_leaves_nothing_to_choose(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", piano=PIANO)
    assert shelf.search.find("What was that?", 0) == Nothing(())


def test_choices_show_no_title_above_the_tier(told: Services) -> None:
    below, above = told.search.find("What was that?", 0), told.search.find("What was that?", 3)
    assert "friends" not in str(below)
    assert "friends" in str(above)


def test_a_passage_above_the_tier_is_neither_quoted_nor_near(told: Services) -> None:
    for tier in range(3):
        found = told.search.find("Where was Heronshaw recorded?", tier)
        assert "Heronshaw" not in str(found)
        assert "friends" not in str(found)


def test_the_tier_that_may_read_it_finds_it(told: Services) -> None:
    for tier in (3, 4):
        first = quotes(told, "Where was Heronshaw recorded?", tier)[0]
        assert first == "Heronshaw was recorded in a chapel with nineteen notes."


def test_what_a_tier_finds_does_not_depend_on_what_is_above(shelf: Services, tmp_path: Path) -> None:
    """Everything but the opaque ids is equal, the relevance to its last digit."""
    tell(shelf, tmp_path / "notes", piano=PIANO, ferry=FERRY)
    questions = ("Where did you write Pilot Ladder?", "Who called?", "Where is the chapel?", "Was it rented?")
    before = [told_of(shelf, question) for question in questions]
    more = {f"s{n}": note(f"Chapel {n} had a rented piano, and Pilot Ladder called.", tier="circle") for n in range(9)}
    tell(shelf, tmp_path / "secret", **more)
    assert [told_of(shelf, question) for question in questions] == before


def told_of(services: Services, question: str) -> list[tuple[object, ...]]:
    found = services.search.find(question, 0)
    if isinstance(found, Evidence):
        return [(found.passages_seen, s.text, s.relevance, s.line, s.passage.title) for s in found.sentences]
    assert isinstance(found, Nothing)
    return [(passage.title, passage.text) for passage in found.nearest]


def test_nearer_passages_of_a_higher_tier_do_not_crowd_out_what_may_be_read(shelf: Services, tmp_path: Path) -> None:
    """Near in meaning only: the question shares beginnings of words with the notes, and no whole word."""
    secret = "\n\n".join(f"# Piano {n}\n\nPiano piano piano." for n in range(60))
    tell(
        shelf, tmp_path / "notes", secret=note(secret, tier="circle"), a=note("A piano stood in the pantry for years.")
    )
    assert "pantry" in str(shelf.search.find("Pianola pianists?", 0))


def test_the_order_of_import_does_not_matter(shelf: Services, tmp_path: Path) -> None:
    notes = {f"n{n}": note(f"The piano of house {n} was rented.", title=f"House {n}") for n in range(3)}
    for name, content in notes.items():
        tell(shelf, tmp_path / "forward", **{name: content})
    with open_node(tmp_path / "other") as other:
        for name, content in reversed(notes.items()):
            tell(other, tmp_path / "backward", **{name: content})
        backward = told_of(other, "Which house had a rented piano?")
    assert told_of(shelf, "Which house had a rented piano?") == backward


def test_the_same_question_finds_the_same_every_time(told: Services) -> None:
    first = told.search.find("Where was the piano rented?", 0)
    assert all(told.search.find("Where was the piano rented?", 0) == first for _ in range(3))


@pytest.mark.parametrize("question", ODD_QUESTIONS)
def test_no_question_is_an_error(told: Services, question: str) -> None:
    assert isinstance(told.search.find(question, 0), Evidence | AskBack | Nothing)


def test_words_in_signs_are_found_without_the_signs(told: Services) -> None:
    assert quotes(told, '"Pilot Ladder" AND (piano*)')[0] == "I wrote Pilot Ladder on a rented piano in Leeds."


def test_an_irregular_past_form_is_found(told: Services) -> None:
    assert quotes(told, "Did you write Pilot Ladder?")[0].startswith("I wrote Pilot Ladder")


def test_two_forms_of_one_word_do_not_count_a_passage_twice(shelf: Services, tmp_path: Path) -> None:
    """A term in more passages than there are would weigh less than nothing, and turn the answer over."""
    tell(shelf, tmp_path / "notes", a=note("I write what I wrote, and it was written. The heron slept on the pier."))
    found = shelf.search.find("Did you write about the heron?", 0)
    assert isinstance(found, Evidence)
    assert all(0 <= sentence.relevance <= 1 for sentence in found.sentences)
    assert found.sentences[0].text == "The heron slept on the pier."


def test_a_short_exclamation_is_not_quoted(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note("The piano! The piano stood in Leeds for years."))
    assert quotes(shelf, "Where was the piano?") == ["The piano stood in Leeds for years."]


def test_a_replaced_note_is_found_no_more(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", piano=PIANO, ferry=FERRY)
    tell(shelf, tmp_path / "notes", piano=note("I wrote Pilot Ladder on a borrowed organ in York."))
    found = quotes(shelf, "Where did you write Pilot Ladder?")
    assert found[0] == "I wrote Pilot Ladder on a borrowed organ in York."
    assert "rented" not in str(found)


def test_twelve_sentences_are_enough(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(" ".join(f"The piano had key {n} dead." for n in range(40))))
    assert len(quotes(shelf, "Which key of the piano was dead?")) == 12
