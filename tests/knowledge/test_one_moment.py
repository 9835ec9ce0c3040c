"""What one question looks for is looked for at one moment, and what is known of the versions is as old as that."""

import threading
from pathlib import Path

from sqlalchemy import text

from knowledge import Evidence
from knowledge.corpus_versions import corpus_versions_of
from knowledge.finding import Knowing
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell

PIANO = "I wrote Pilot Ladder on a rented piano."
WHERE = "Where did you write Pilot Ladder?"


def passages(services: Services, tier: int = 0) -> int:
    with services.database.reader(tier) as reader:
        return int(reader.execute(text("SELECT count(*) FROM passages")).scalar_one())


def elsewhere(services: Services) -> int:
    """Count on another thread."""
    counted = list[int]()
    thread = threading.Thread(target=lambda: counted.append(passages(services)))
    thread.start()
    thread.join()
    return counted[0]


def told_elsewhere(services: Services, folder: Path, **notes: str) -> None:
    thread = threading.Thread(target=tell, args=(services, folder), kwargs=notes)
    thread.start()
    thread.join()


def test_readers_inside_see_one_snapshot(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    with shelf.database.at_one_moment(0):
        assert passages(shelf) == 1
        told_elsewhere(shelf, tmp_path / "more", b=note("The chapel was cold."))
        assert passages(shelf) == 1
        assert (passages(shelf, tier=1), elsewhere(shelf)) == (2, 2)
    assert passages(shelf) == 2


def test_a_moment_inside_another_tiers_is_its_own(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note("The chapel was cold.", tier="circle"))
    with shelf.database.at_one_moment(3):
        assert passages(shelf, tier=3) == 2
        with shelf.database.at_one_moment(0):
            assert (passages(shelf), passages(shelf, tier=3)) == (1, 2)
        assert passages(shelf, tier=3) == 2


def test_rows_and_notes_are_looked_for_at_the_same_moment(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))

    class Meanwhile:
        def answer(self, question: str, tier: int) -> None:
            assert passages(shelf, tier) == 1
            told_elsewhere(shelf, tmp_path / "more", b=note("Pilot Ladder came to me beside a harbour crane."))

    found = Knowing(Meanwhile(), shelf.search, None, shelf.database.at_one_moment).find(WHERE, 0)
    assert isinstance(found, Evidence)
    assert [one.text for one in found.sentences] == [PIANO]
    assert passages(shelf) == 2


def test_versions_are_read_once_in_each_snapshot(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    with shelf.database.reader(0) as reader:
        first = corpus_versions_of(reader)
        assert corpus_versions_of(reader) is first
    tell(shelf, tmp_path / "more", b=note("The chapel was cold."))
    with shelf.database.reader(0) as reader:
        second = corpus_versions_of(reader)
    assert [(one.tier, one.passages) for one in first] == [(0, 1)]
    assert [(one.tier, one.passages) for one in second] == [(0, 2)]
    assert first[0].version != second[0].version


def test_documents_are_counted_as_of_the_versions_that_were_asked_for_last(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    assert shelf.library.documents_lately(0) == 1  # nobody asked for a version yet
    shelf.library.versions(0)
    assert shelf.library.documents_lately(0) == 1
    tell(shelf, tmp_path / "more", b=note("The chapel was cold."))
    assert shelf.library.documents_lately(0) == 1
    shelf.library.versions(0)
    assert shelf.library.documents_lately(0) == 2
