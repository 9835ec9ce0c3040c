"""Pieces that follow each other, and everything that may come between."""

import os
from pathlib import Path

import pytest

from knowledge.errors import NoRoom, RecordingTooLarge, UnknownUpload, UploadBusy, WrongOffset
from knowledge.recordings.uploads import ABANDONED_SECONDS, KEPT_FREE_BYTES, Uploads, Wish


class Disk:
    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, _folder: Path) -> int:
        return KEPT_FREE_BYTES + self.room


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads", 1_000)


def wish(size: int = 10) -> Wish:
    return Wish(size, 0, "A title")


def add(uploads: Uploads, name: str, offset: int, data: bytes) -> None:
    with uploads.piece(name, offset) as piece:
        piece.write(data)


def test_pieces_follow_each_other(uploads: Uploads) -> None:
    name = uploads.begin(wish())
    add(uploads, name, 0, b"01234")
    assert Uploads(uploads.folder, 1_000).offset(name) == 5
    add(Uploads(uploads.folder, 1_000), name, 5, b"56789")
    assert uploads.path(name).read_bytes() == b"0123456789"
    assert uploads.wish(name) == wish()


@pytest.mark.parametrize("offset", [0, 4, 6, 10])
def test_a_piece_from_elsewhere_is_refused(uploads: Uploads, offset: int) -> None:
    name = uploads.begin(wish())
    add(uploads, name, 0, b"01234")
    with pytest.raises(WrongOffset) as refused:
        add(uploads, name, offset, b"x")
    assert refused.value.offset == 5
    assert uploads.path(name).read_bytes() == b"01234"


def test_more_than_was_announced_is_refused(uploads: Uploads) -> None:
    name = uploads.begin(wish())
    add(uploads, name, 0, b"01234")
    with pytest.raises(RecordingTooLarge):
        add(uploads, name, 5, b"567890")
    assert uploads.offset(name) == 5


def test_a_recording_that_is_too_large_is_not_begun(uploads: Uploads) -> None:
    with pytest.raises(RecordingTooLarge):
        uploads.begin(wish(1_001))
    assert uploads.names() == []


def test_a_full_disk_refuses_what_does_not_fit_beside_what_was_begun(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads", 1_000, free=Disk(100))
    uploads.begin(wish(60))
    with pytest.raises(NoRoom):
        uploads.begin(wish(60))
    uploads.begin(wish(40))


def test_a_disk_that_fills_up_keeps_what_is_here_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    disk = Disk(100)
    uploads = Uploads(tmp_path / "uploads", 1_000, free=disk)
    name = uploads.begin(wish())
    add(uploads, name, 0, b"01234")
    disk.room = 0
    with pytest.raises(NoRoom):
        add(uploads, name, 5, b"56789")
    assert uploads.offset(name) == 5
    disk.room = 100
    add(uploads, name, 5, b"56789")
    assert uploads.path(name).read_bytes() == b"0123456789"


def test_a_write_that_the_disk_breaks_off_leaves_no_half_of_it(uploads: Uploads) -> None:
    """The system's own limit on a file's length stands for the full disk."""
    import resource
    import signal

    name = uploads.begin(wish(900))
    add(uploads, name, 0, b"a" * 100)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, before[1]))
    try:
        with pytest.raises(NoRoom):
            add(uploads, name, 100, b"b" * 400)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert uploads.path(name).read_bytes() == b"a" * 100


def test_two_pieces_of_one_upload_are_not_written_at_once(uploads: Uploads) -> None:
    name, other = uploads.begin(wish()), uploads.begin(wish())
    with uploads.piece(name, 0):
        with pytest.raises(UploadBusy):
            add(uploads, name, 0, b"x")
        add(uploads, other, 0, b"x")
    add(uploads, name, 0, b"x")


@pytest.mark.parametrize(
    "name", ["", "..", "../../presence.db", "a" * 22, "a" * 21, "..%2f" + "a" * 17, "a/" + "a" * 20]
)
def test_nothing_but_an_upload_is_opened(uploads: Uploads, name: str) -> None:
    uploads.begin(wish())
    for deed in (uploads.wish, uploads.offset):
        with pytest.raises(UnknownUpload):
            deed(name)


def test_uploads_are_for_the_artists_eyes(uploads: Uploads) -> None:
    name = uploads.begin(wish())
    assert uploads.path(name).stat().st_mode & 0o077 == 0
    assert uploads.folder.stat().st_mode & 0o077 == 0


def test_what_was_abandoned_is_swept_and_what_is_unknown_stays(uploads: Uploads) -> None:
    old, young, kept = (uploads.begin(wish()) for _ in range(3))
    past = uploads._now() - ABANDONED_SECONDS - 10
    os.utime(uploads.path(old), (past, past))
    os.utime(uploads.path(kept), (past, past))
    stranger = uploads.folder / ("s" * 22)
    stranger.write_bytes(b"a recording of a newer database")
    uploads.sweep({kept})
    assert uploads.names() == [young]
    assert {path.name for path in uploads.folder.iterdir()} == {young, f"{young}.json", kept, stranger.name}
