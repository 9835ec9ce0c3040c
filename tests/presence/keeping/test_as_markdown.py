"""Notes go out as Markdown, and come in again as what they were."""

from pathlib import Path

import pytest

from knowledge.tiering import TIER_NAMES
from presence.bootstrap import Services
from presence.errors import NotEmptyHere
from presence.keeping.as_markdown import written
from tests.nodes import open_node, take_in


def told(node: Services) -> set[tuple[str, ...]]:
    shelf = node.library.shelf
    return {
        (note.title, note.date, note.speaker, TIER_NAMES[note.tier], " ".join(shelf.note(note.ident).text.split()))
        for note in shelf.notes()
    }


def test_what_goes_out_comes_in_again(told_node: Services, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert written(told_node.library.shelf, folder) == 4
    assert (folder / "2015-06-20-night-ferry.md").is_file()
    with open_node(tmp_path / "other") as other:
        take_in(other, folder, tier=None)
        assert told(other) == told(told_node)
    with pytest.raises(NotEmptyHere):
        written(told_node.library.shelf, folder)
