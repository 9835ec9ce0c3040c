"""Which sentences of the found passages are told, and how much each weighs."""

from pathlib import Path

import numpy as np
import pytest

from knowledge import Evidence
from knowledge.contracts import Vectors
from knowledge.evidence import SourcePassage
from knowledge.telling import Cut, Reading, Telling, chosen, fullness, says_the_same, together
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell


@pytest.mark.parametrize(
    ("sentence", "weight"), [("To Bettina Brentano.", 0.6875), ("word " * 8, 1.0), ("word " * 40, 1.0)]
)
def test_a_sentence_that_only_names_a_thing_weighs_less(sentence: str, weight: float) -> None:
    assert fullness(sentence) == pytest.approx(weight)


def test_the_sentence_with_the_words_of_the_question_comes_first(small_shelf: Services, tmp_path: Path) -> None:
    body = "The chapel was cold all through the night. The piano in the chapel had two dead keys. We left at nine."
    tell(small_shelf, tmp_path / "notes", a=note(body))
    assert quotes(small_shelf, "Which keys of the piano were dead?")[0] == "The piano in the chapel had two dead keys."


def test_what_the_title_says_counts_for_the_sentences_beneath(small_shelf: Services, tmp_path: Path) -> None:
    tell(
        small_shelf,
        tmp_path / "notes",
        a=note("It was recorded with nineteen notes in one cold night.", title="Heronshaw"),
        b=note("It was recorded with twenty notes in one warm night.", title="Lantern"),
    )
    assert "nineteen" in quotes(small_shelf, "How was Heronshaw recorded?")[0]


def test_a_short_line_of_a_tracklist_weighs_as_much_as_prose(small_shelf: Services, tmp_path: Path) -> None:
    tracks = "[0:00:00] Zeno Obuya - Monday Dub\n[0:07:30] Ada Marsh - Low Tide"
    tell(small_shelf, tmp_path / "notes", a=note(tracks, title="Night ferry"))
    found = small_shelf.search.find("Was Monday Dub by Zeno Obuya?", 0)
    assert isinstance(found, Evidence)
    assert found.sentences[0].time == "0:00:00"
    assert found.sentences[0].locator["time"] == "0:00:00"


def test_a_sentence_with_a_hole_for_a_template_is_not_told(small_shelf: Services, tmp_path: Path) -> None:
    tell(
        small_shelf,
        tmp_path / "notes",
        a=note("The piano of {{ site.town }} was rented. The piano was rented in Leeds."),
    )
    assert quotes(small_shelf, "Where was the piano rented?") == ["The piano was rented in Leeds."]


def telling_of(
    text: str, passage: str = "p", index: int = 0, relevance: float = 0.5, vector: Vectors | None = None
) -> Telling:
    """One sentence, with its words as terms; the others of its passage are empty."""
    source = SourcePassage(passage, "d", "t", "note", "", "Ada", "", "a.md", "", 0, text, passage, 0)
    places = (*((0, 0, 1, None),) * index, (0, len(text), 1, None))
    own = (*(frozenset[str](),) * index, frozenset(text.lower().strip(".").split()))
    cut = Cut(own, {}, frozenset(), (), ())
    rows = None if vector is None else np.stack([vector] * (index + 1))
    reading = Reading(source, places, cut, [0.5] * (index + 1), rows)
    return Telling((-relevance, passage, 0, index), reading)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The piano had two dead keys.", "The piano had two dead keys.", True),
        ("The old piano had two dead keys.", "The piano had two dead keys.", True),
        ("The piano had 2 dead keys.", "The piano had 3 dead keys.", False),
        ("The piano had two dead keys today.", "The piano had not two dead keys today.", False),
        ("The piano had two dead keys.", "The ferry left at nine.", False),
        ("", "", False),
    ],
)
def test_what_says_the_same_shares_its_words_its_numbers_and_its_denial(one: str, other: str, same: bool) -> None:
    assert says_the_same(telling_of(one), telling_of(other)) is same


def test_words_in_common_are_not_enough_when_the_meaning_is_far() -> None:
    text = "The piano had two dead keys."
    one, other = np.eye(2, 384, dtype=np.float32)
    near, far = telling_of(text, vector=one), telling_of(text, vector=other)
    assert says_the_same(near, near)
    assert not says_the_same(near, far)


def test_what_was_said_is_not_said_again() -> None:
    found = [telling_of("One piano.", "a", relevance=0.9), telling_of("One piano.", "b", relevance=0.8)]
    ferry = telling_of("A ferry.", "c", relevance=0.1)
    assert chosen([*found, ferry], 9) == [found[0], ferry]


def test_a_third_of_one_passage_gives_way_to_one_that_is_as_good() -> None:
    texts = ("One piano.", "A ferry.", "Dead keys.")
    crowd = [telling_of(text, "a", index, 0.5) for index, text in enumerate(texts)]
    as_good, worse = telling_of("Cold chapel.", "b", relevance=0.497), telling_of("Nine left.", "c", relevance=0.4)
    order = [one.sentence.text for one in chosen([*crowd, as_good, worse], 9)]
    assert order == ["One piano.", "A ferry.", "Cold chapel.", "Dead keys.", "Nine left."]


def test_relevance_falls_along_what_is_chosen_and_no_more_is_than_asked_for() -> None:
    found = [telling_of(f"Number {n}.", "ab"[n % 2], n, 0.9 - n / 50) for n in range(20)]
    relevances = [one.sentence.relevance for one in chosen(found, 7)]
    assert len(relevances) == 7
    assert relevances == sorted(relevances, reverse=True)


def test_two_notes_that_say_the_same_are_quoted_once(small_shelf: Services, tmp_path: Path) -> None:
    body = "The piano of the chapel had two dead keys."
    tell(
        small_shelf, tmp_path / "notes", a=note(body, title="First"), b=note(body + " It was cold there.", title="Two")
    )
    found = quotes(small_shelf, "Which keys of the piano were dead?")
    assert found.count(body) == 1


def test_a_story_begins_with_the_run_of_sentences_that_tells_most() -> None:
    places = [("p", 7, 0.5), ("p", 0, 0.8), ("p", 1, 0.7), ("p", 2, 0.6), ("q", 3, 0.1)]
    found = [telling_of("One.", *place) for place in places]
    told = [(one.sentence.passage.ident, one.sentence.index) for one in together(found, 3)]
    assert told == [("p", 0), ("p", 1), ("p", 2), ("p", 7), ("q", 3)]


def test_a_short_note_is_told_whole_and_nothing_is_no_story() -> None:
    short = [telling_of("One.", "p", 1, 0.9), telling_of("One.", "p", 0, 0.1)]
    assert [one.sentence.index for one in together(short, 4)] == [0, 1]
    assert together([], 4) == []
