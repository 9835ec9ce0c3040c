"""Questions come of what is here, on both databases, and are not asked once they are answered."""

from pathlib import Path

from presence.bootstrap import Services
from presence.bringing.first_questions import EVERYBODY_ASKS, QUESTIONS, first_questions
from presence.web.studio.pins import offered
from tests.nodes import take_in, write_notes

FERRY = """---
kind: set
title: Night ferry
date: 2015-06-20
venue: Upper deck
---

00:00 Zeno Obuya - Monday Dub
03:10 Ada Marsh - Low Tide
07:30 Kess - Ochre
"""


def test_an_empty_home_is_asked_what_everybody_asks(both: Services) -> None:
    assert first_questions(both.database.reader) == list(EVERYBODY_ASKS[:QUESTIONS])


def test_what_is_here_is_asked_about_first_and_only_once(both: Services, tmp_path: Path) -> None:
    take_in(both, write_notes(tmp_path / "in", {"ferry.md": FERRY}), tier=4)
    asked = first_questions(both.database.reader)
    assert asked[:2] == ["What do you remember of “Night ferry”?", "Why did you open “Night ferry” with “Monday Dub”?"]
    assert "What is it like to play at Upper deck?" in asked
    assert len(asked) == QUESTIONS
    answer = f"---\ntitle: {asked[0].replace('“', '').replace('”', '')}\n---\nThe coast guard called at four."
    take_in(both, write_notes(tmp_path / "more", {"answer.md": answer}), tier=4)
    assert asked[0] not in first_questions(both.database.reader)
    assert offered(both, songs=True) == ["2015-06-20 Night ferry", "Low Tide", "Monday Dub", "Ochre"]
