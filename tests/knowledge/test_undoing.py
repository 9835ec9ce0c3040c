"""An import is undone as one unit: what it brought goes, what it had replaced comes back, at once and everywhere."""

from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge.errors import ImportUndone, UnknownImport
from knowledge.imported import ImportRequest
from knowledge.memory import MemoryIndex
from models.embedders.hashed import HashedEmbedder
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, texts
from tests.knowledge.test_library import assert_in_step
from tests.knowledge.test_living import PLAYS, SHOWS
from tests.nodes import open_node, take_in, write_notes

ONE, TWO, THREE = (note(f"The bell in the harbour rang {n} times.") for n in ("once", "two", "three"))
SAID = [f"The bell in the harbour rang {n} times." for n in ("once", "two", "three")]
FERRY = "We played on the upper deck."


def told(services: Services, folder: Path, **notes: str) -> str:
    """Import notes by name; gives the import."""
    return take_in(services, write_notes(folder, {f"{name}.md": body for name, body in notes.items()})).import_id


def test_what_an_import_brought_goes_and_what_it_replaced_comes_back(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    told(shelf, tmp_path / "notes", a=ONE)
    second = told(shelf, tmp_path / "notes", a=TWO, b=note(FERRY, title="Ferry"))
    undone = shelf.library.shelf.undo(second)
    assert (undone.set_aside, undone.shown_again) == (2, 1)
    assert texts(shelf, 4) == [SAID[0]]
    assert quotes(shelf, "How often did the bell in the harbour ring?") == [SAID[0]]
    assert_in_step(shelf, index)


def test_an_import_is_undone_once_and_only_if_there_is_one(shelf: Services, tmp_path: Path) -> None:
    first = told(shelf, tmp_path / "notes", a=ONE)
    shelf.library.shelf.undo(first)
    with pytest.raises(ImportUndone):
        shelf.library.shelf.undo(first)
    with pytest.raises(UnknownImport):
        shelf.library.shelf.undo("nothing")
    waiting = shelf.library.stage_path(ImportRequest(tmp_path / "notes", artist="Ada", tier=0), lambda _step: None)
    with pytest.raises(UnknownImport):
        shelf.library.shelf.undo(waiting.import_id)


@pytest.mark.parametrize(
    ("order", "left"),
    [([2], [0, 1, 1]), ([1], [0, 2, 2]), ([1, 2], [0, 0, 0]), ([2, 1], [0, 0, 0]), ([0], [2, 2, 2]),
     ([0, 1, 2], []), ([2, 1, 0], []), ([1, 0, 2], []), ([0, 2], [1, 1, 1])],
    ids=str,
)  # fmt: skip
def test_imports_of_one_file_are_undone_in_any_order(
    shelf: Services, index: MemoryIndex, tmp_path: Path, order: list[int], left: list[int]
) -> None:
    imports = [told(shelf, tmp_path / "notes", a=body) for body in (ONE, TWO, THREE)]
    for number in order:
        shelf.library.shelf.undo(imports[number])
    assert texts(shelf, 4) == ([SAID[left[-1]]] if left else [])
    assert_in_step(shelf, index)


def test_what_was_undone_can_be_taken_in_again(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    shelf.library.shelf.undo(told(shelf, tmp_path / "notes", a=ONE))
    told(shelf, tmp_path / "notes", a=ONE)
    assert texts(shelf, 4) == [SAID[0]]
    assert_in_step(shelf, index)


def test_an_edit_is_an_import_and_can_be_undone(shelf: Services, tmp_path: Path) -> None:
    told(shelf, tmp_path / "notes", a=ONE)
    (only,) = shelf.library.shelf.notes()
    report = shelf.library.shelf.edit(only.ident, SAID[1])
    shelf.library.shelf.undo(report.import_id)
    assert texts(shelf, 4) == [SAID[0]]
    take_in(shelf, tmp_path / "notes")
    assert texts(shelf, 4) == [SAID[0]]


def test_a_note_taken_back_stays_away_when_a_later_import_is_undone(shelf: Services, tmp_path: Path) -> None:
    told(shelf, tmp_path / "notes", a=ONE)
    (only,) = shelf.library.shelf.notes()
    shelf.library.shelf.retract(only.ident)
    shelf.library.shelf.undo(told(shelf, tmp_path / "others", b=TWO))
    assert texts(shelf, 4) == []


def test_linked_tables_are_joined_again(shelf: Services, tmp_path: Path) -> None:
    write_notes(tmp_path / "notes", {"performances.csv": PLAYS})
    take_in(shelf, tmp_path / "notes" / "performances.csv")
    shows = take_in(shelf, write_notes(tmp_path / "notes", {"shows.csv": SHOWS}) / "shows.csv")

    def nights() -> set[str]:
        with shelf.database.reader(0) as reader:
            return set(reader.execute(text("SELECT event_key FROM set_items")).scalars())

    before = nights()
    moved = SHOWS.replace("Barton Hall", "Wembley")
    later = take_in(shelf, write_notes(tmp_path / "notes", {"shows.csv": moved}) / "shows.csv")
    assert nights() != before
    shelf.library.shelf.undo(later.import_id)
    assert nights() == before
    shelf.library.shelf.undo(shows.import_id)
    assert nights() == {""}


def test_the_list_says_what_became_of_each_import(shelf: Services, tmp_path: Path) -> None:
    first = told(shelf, tmp_path / "notes", a=ONE, b=note(FERRY, title="Ferry"))
    second = told(shelf, tmp_path / "notes", a=TWO)
    listed = {one.ident: one for one in shelf.library.shelf.imports()}
    assert [one.ident for one in shelf.library.shelf.imports()] == [second, first]
    assert (listed[first].notes, listed[first].shown, listed[second].replaced) == (2, 1, 1)
    assert listed[second].label == str(tmp_path / "notes")
    shelf.library.shelf.undo(second)
    listed = {one.ident: one for one in shelf.library.shelf.imports()}
    assert listed[second].undone_at is not None
    assert (listed[first].shown, listed[second].shown) == (2, 0)


class OtherEmbedder(HashedEmbedder):
    """The same vectors under another name."""

    name = "other"


def test_what_comes_back_is_found_by_the_embedder_of_now(tmp_path: Path) -> None:
    index = MemoryIndex()
    with open_node(tmp_path / "home", index=index) as services:
        told(services, tmp_path / "notes", a=ONE)
        second = told(services, tmp_path / "notes", a=TWO)
    with open_node(tmp_path / "home", index=index, embedder=OtherEmbedder()) as services:
        thread = services.library._move._thread
        if thread is not None:
            thread.join(10)
        services.library.shelf.undo(second)
        assert texts(services, 0) == [SAID[0]]
        assert services.library.check() == []
