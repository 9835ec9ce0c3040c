"""The shelf keeps whole models, and room on the disk."""

from pathlib import Path

import pytest

from models.errors import DownloadFailed
from models.shelf import Shelf, in_gb
from tests.models.pulling.hub import SHA256, entry


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def test_an_empty_shelf_has_nothing_and_is_not_made_by_looking(shelf: Shelf) -> None:
    assert not shelf.has(entry())
    assert shelf.begun_bytes(entry()) == 0
    assert not shelf.folder.exists()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadFailed, match="cannot be used"), Shelf(tmp_path / "file" / "models").taken():
        pass


def test_one_holds_it_at_a_time(shelf: Shelf) -> None:
    with shelf.taken(), pytest.raises(DownloadFailed, match="under way"), shelf.taken():
        pass
    with shelf.taken():
        assert shelf.folder.stat().st_mode & 0o777 == 0o700


def test_the_room_that_lacks_is_told(shelf: Shelf) -> None:
    with shelf.taken():
        shelf.require_room(1, 1)
        with pytest.raises(DownloadFailed, match=r"GB are missing"):
            shelf.require_room(10**18, 10**18)


def test_the_margin_counts_even_when_nearly_all_is_here(shelf: Shelf) -> None:
    with shelf.taken(), pytest.raises(DownloadFailed):
        shelf.require_room(1, 10**18)


@pytest.mark.parametrize(("count", "said"), [(4_683_074_240, "4.7 GB"), (1_000_000, "1.0 MB"), (0, "0.0 MB")])
def test_bytes_are_said_as_people_say_them(count: int, said: str) -> None:
    assert in_gb(count) == said


def test_removing_takes_what_was_begun_too(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.path(entry()).write_bytes(b"12345")
    shelf.part(entry(), SHA256).write_bytes(b"123")
    (shelf.folder / "other.gguf").write_bytes(b"1")
    assert shelf.remove(entry()) == 8
    assert [path.name for path in shelf.folder.iterdir()] == ["other.gguf"]
