"""What a question leaves out is set aside, with the words that say so."""

import pytest

from knowledge.facts.leaving_out import excluded, without_excluded
from tests.knowledge.facts.naming import reading_of


@pytest.mark.parametrize(
    ("question", "names", "masked"),
    [
        ("How many different songs excluding Mill Race?", ["Mill Race"], "how many different songs ?"),
        ("how many songs not counting Mill Race, Night Heron or Quiet Ledger",
         ["Mill Race", "Night Heron", "Quiet Ledger"], "how many songs"),
        ("most played song apart from the Mill Race", ["Mill Race"], "most played song"),
        ("most played, Mill Race and Night Heron aside", ["Night Heron", "Mill Race"], "most played,"),
        ("how many shows outside Galway", ["Galway"], "how many shows"),
        ("how many songs besides Mill Race in 2011", ["Mill Race"], "how many songs {DATE}"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_set_aside(question: str, names: list[str], masked: str) -> None:
    reading = without_excluded(reading_of(question))
    assert [mention.name for mention in reading.left_out] == names
    assert reading.mentions == ()
    assert reading.masked == masked


def test_what_is_asked_about_stays() -> None:
    reading = without_excluded(reading_of("how often did you play Mill Race outside Galway"))
    assert [mention.name for mention in reading.mentions] == ["Mill Race"]
    assert reading.masked == "how often did you play {WORK}"


@pytest.mark.parametrize(
    "question", ["how often did you play Mill Race and Night Heron", "how often did you play Mill Race in Galway"]
)
def test_a_question_that_leaves_nothing_out_stays_as_it_is(question: str) -> None:
    reading = reading_of(question)
    assert excluded(reading) == []
    assert without_excluded(reading) is reading
