"""What a question asks for, and which sentences hold such a thing."""

import pytest

from knowledge.cues import cue, held


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people came?", "number"),
        ("When did you move to Lisbon?", "time"),
        ("Which year was that?", "time"),
        ("Why is there no beat?", "reason"),
        ("Who sang on it?", "name"),
        ("Where was it recorded?", "name"),
        ("Tell me about the piano.", ""),
    ],
)
def test_a_question_says_what_it_asks_for(question: str, kind: str) -> None:
    assert cue(question) == kind


@pytest.mark.parametrize(
    ("question", "holding", "lacking"),
    [
        ("How many came?", "Nineteen people paid at the door.", "Many people paid at the door."),
        ("When was it?", "It was on a Friday in March.", "It was after the rain."),
        ("Why no drums?", "I left them out because the room hummed.", "I left them out and went home."),
        ("Who sang with Petra?", "On that day Hester sang with Petra.", "On that day nobody sang with Petra."),
    ],
)
def test_a_sentence_holds_it_or_does_not(question: str, holding: str, lacking: str) -> None:
    assert held(holding).answers(cue(question), question.lower())
    assert not held(lacking).answers(cue(question), question.lower())


def test_a_question_without_a_cue_favours_no_sentence() -> None:
    assert not held("On 4 March 2019 Petra bought two, because they were cheap.").answers("", "the piano?")
