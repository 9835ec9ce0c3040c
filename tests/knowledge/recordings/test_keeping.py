"""Recordings in a node: whole or not at all, seen from their tier on, and gone when they are removed."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge import Recording, Wish
from knowledge.contracts import TIERS
from knowledge.errors import KnownFromHigherTier, NoRoom, NotSound, UnknownRecording
from presence.bootstrap import Services
from tests.knowledge.facts.curating import night, tell
from tests.knowledge.recordings.sounds import wav
from tests.nodes import open_node


def keep(services: Services, folder: Path, *, tier: int = 0, data: bytes | None = None, **more: str) -> Recording:
    path = folder / "one.wav"
    path.write_bytes(wav() if data is None else data)
    return services.recordings.add(path, Wish(path.stat().st_size, tier, "One", **more), lambda _done, _whole: None)


def begun(services: Services, data: bytes, upto: int) -> str:
    name = services.recordings.begin(Wish(len(data), 0, "One"))
    with services.recordings.uploads.piece(name, 0) as piece:
        piece.write(data[:upto])
    return name


def test_a_recording_is_kept_with_what_its_content_tells(shelf: Services, tmp_path: Path) -> None:
    made = keep(shelf, tmp_path)
    assert (made.type, made.duration_ms, made.size_bytes) == ("audio/wav", 2_000, len(wav()))
    assert made.sha256 == hashlib.sha256(wav()).hexdigest()
    assert made.peaks is not None
    assert len(made.peaks) == 2_000
    path = shelf.recordings.path(made.ident)
    assert path is not None
    assert path.read_bytes() == wav()
    assert path.parent == shelf.home.uploads


def test_each_tier_sees_its_recordings_and_those_below(shelf: Services, tmp_path: Path) -> None:
    made = {tier: keep(shelf, tmp_path, tier=tier) for tier in TIERS}
    for tier in TIERS:
        assert [one.tier for one in shelf.recordings.every(tier)] == list(range(tier + 1))
        for other in TIERS:
            assert (shelf.recordings.recording(made[other].ident, tier) is None) == (other > tier)


def test_no_view_tells_where_a_recording_lies(shelf: Services, tmp_path: Path) -> None:
    made = keep(shelf, tmp_path)
    path = shelf.recordings.path(made.ident)
    assert path is not None
    with shelf.database.reader(4) as reader:
        row = reader.execute(text("SELECT * FROM recordings")).one()
    assert path.name not in str(row)
    assert "file" not in row._fields


def test_what_is_no_sound_leaves_nothing(shelf: Services, tmp_path: Path) -> None:
    with pytest.raises(NotSound):
        keep(shelf, tmp_path, data=b"RIFF....WAVE, or so it says")
    assert shelf.recordings.every(4) == []
    assert list(shelf.home.uploads.iterdir()) == []


def test_a_full_disk_leaves_nothing(shelf: Services, tmp_path: Path) -> None:
    shelf.recordings.uploads._free = lambda _folder: 10
    with pytest.raises(NoRoom):
        keep(shelf, tmp_path)
    assert list(shelf.home.uploads.iterdir()) == []


def test_what_was_removed_is_gone_for_everybody_with_its_bytes(shelf: Services, tmp_path: Path) -> None:
    made = keep(shelf, tmp_path)
    shelf.recordings.remove(made.ident)
    assert shelf.recordings.every(4) == []
    assert list(shelf.home.uploads.iterdir()) == []
    with pytest.raises(UnknownRecording):
        shelf.recordings.remove(made.ident)


def test_an_upload_that_is_not_whole_is_no_recording(small_shelf: Services) -> None:
    name = begun(small_shelf, wav(), 100)
    assert small_shelf.recordings.finish(name) is None
    assert small_shelf.recordings.offset(name) == (100, len(wav()))


def test_an_upload_that_became_a_recording_stands_at_its_end(small_shelf: Services) -> None:
    name = begun(small_shelf, wav(), len(wav()))
    assert small_shelf.recordings.finish(name) is not None
    assert small_shelf.recordings.offset(name) == (len(wav()), len(wav()))


def test_what_was_whole_at_a_crash_is_a_recording_after_it(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        begun(services, wav(), len(wav()))
        half = begun(services, wav(), 100)
    with open_node(tmp_path / "home") as services:
        services.recordings.start()
        [made] = services.recordings.every(0)
        assert services.recordings.offset(half)[0] == 100
        services.recordings._threads[0].join()
        drawn = services.recordings.recording(made.ident, 0)
        assert drawn is not None
        assert drawn.peaks


def test_a_crash_between_the_row_and_the_note_makes_no_second_one(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        name = begun(services, wav(), len(wav()))
        note = services.recordings.uploads._note(name)
        kept = note.read_text()
        services.recordings.finish(name)
        note.write_text(kept)
    with open_node(tmp_path / "home") as services:
        services.recordings.start()
        assert len(services.recordings.every(0)) == 1
        assert not services.recordings.uploads._note(name).exists()


def test_a_recording_of_a_night_follows_it_when_places_are_joined(shelf: Services, tmp_path: Path) -> None:
    dock, yard = night("One", "2019-07-14", "The Dock"), night("Two", "2020-07-14", "Dock Yard")
    tell(shelf, tmp_path / "notes", dock=dock, yard=yard)
    two = shelf.curation.find("2020-07-14", "event")
    made = keep(shelf, tmp_path, of_kind="event", of_key=two.key)
    change = shelf.curation.merge(*shelf.curation.find_two("Dock Yard", "The Dock", "place"))
    followed = shelf.recordings.recording(made.ident, 0)
    assert followed is not None
    assert followed.of_key == "2020-07-14|dock|leeds|1"
    shelf.curation.undo(change.ident)
    back = shelf.recordings.recording(made.ident, 0)
    assert back is not None
    assert back.of_key == two.key


def test_a_recording_names_no_night_to_those_who_do_not_know_it(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", secret=night("Secret", "2020-01-02", "The Chapel", tier="circle"))
    secret = shelf.curation.find("2020-01-02", "event")
    with pytest.raises(KnownFromHigherTier):
        keep(shelf, tmp_path, tier=2, of_kind="event", of_key=secret.key)
    assert keep(shelf, tmp_path, tier=3, of_kind="event", of_key=secret.key).of_key == secret.key
