"""The prompt is a pure function, and a second wall between tiers."""

import pytest

from knowledge import Evidence, SourcePassage, SourceSentence
from presence.asking.prompt import AboveTier, compose

GOLDEN = """Sentences:
[1] (The rented piano, Ada Marsh) The piano had two dead keys.
[2] (A letter, Winnie) He never missed a day.

Question: What was wrong with the piano?
Answer:"""


def sentence(text: str, title: str, speaker: str, tier: int) -> SourceSentence:
    passage = SourcePassage("p1", "d1", title, "note", "2019", speaker, "", "a.md", "", tier, text, "0" * 64, 0)
    return SourceSentence(passage, 0, 0, len(text), 1, None, 0.5)


EVIDENCE = Evidence(
    (
        sentence("The piano had\ntwo dead keys.", "The rented piano", "Ada Marsh", 0),
        sentence("He never missed a day.", "A letter", "Winnie", 1),
    ),
    passages_seen=2,
)


def test_the_prompt_is_what_it_was() -> None:
    prompt = compose("Ada Marsh", EVIDENCE, "What was wrong with the piano?", tier=1)
    assert prompt.user == GOLDEN
    assert "You are not Ada Marsh." in prompt.system


def test_the_stable_part_does_not_depend_on_the_question() -> None:
    one = compose("Ada Marsh", EVIDENCE, "One?", tier=1)
    other = compose("Ada Marsh", EVIDENCE, "Another?", tier=4)
    assert one.system == other.system


def test_evidence_above_the_tier_never_becomes_a_prompt() -> None:
    with pytest.raises(AboveTier):
        compose("Ada Marsh", EVIDENCE, "What?", tier=0)
