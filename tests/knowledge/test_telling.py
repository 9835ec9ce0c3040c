"""Which sentences of the found passages are told, and how much each weighs."""

from pathlib import Path

import pytest

from knowledge import Evidence
from knowledge.telling import fullness
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
