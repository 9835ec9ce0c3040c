"""What was shown last, to each tier, on both databases."""

from pathlib import Path

import pytest

from presence.bootstrap import Services
from tests.nodes import take_in, write_notes


def note(title: str, tier: str = "public", more: str = "") -> str:
    return f"---\ntitle: {title}\ntier: {tier}\n{more}---\n{title} begins so. And goes on.\n\n# Later\n\nAnd ends so.\n"


@pytest.fixture
def told(both: Services, tmp_path: Path) -> Services:
    notes = {"a.md": note("First", more="date: 2019-01-01\n"), "b.md": note("Second", more="date: 2020-01-01\n")}
    take_in(both, write_notes(tmp_path / "one", notes), tier=None)
    take_in(both, write_notes(tmp_path / "two", {"c.md": note("Third", "circle")}), tier=None)
    take_in(both, write_notes(tmp_path / "three", {"d.md": note("Fourth")}), tier=None)
    return both


def titles(node: Services, tier: int, limit: int = 10) -> list[str]:
    return [one.title for one in node.library.newest(tier, limit)]


def test_the_last_import_comes_first_and_in_it_the_latest_date(told: Services) -> None:
    assert titles(told, 0) == ["Fourth", "Second", "First"]
    assert titles(told, 3) == ["Fourth", "Third", "Second", "First"]


def test_there_are_so_many_at_most_whatever_lies_above(told: Services) -> None:
    assert titles(told, 0, 2) == ["Fourth", "Second"]


def test_a_note_is_told_by_how_it_begins(told: Services) -> None:
    first = told.library.newest(0, 1)[0]
    assert first.text.startswith("Fourth begins so.")
    opened = told.library.passage(first.passage, 0)
    assert opened is not None
    assert opened.before is None


def test_what_changes_is_told_at_once(told: Services, tmp_path: Path) -> None:
    assert titles(told, 0) == ["Fourth", "Second", "First"]
    taken = take_in(told, write_notes(tmp_path / "four", {"e.md": note("Fifth")}), tier=None)
    assert titles(told, 0)[0] == "Fifth"
    told.library.shelf.undo(taken.import_id)
    assert titles(told, 0) == ["Fourth", "Second", "First"]
    gone = next(one for one in told.library.shelf.notes() if one.title == "Fourth")
    told.library.shelf.retier(gone.ident, 3)
    assert titles(told, 0) == ["Second", "First"]
