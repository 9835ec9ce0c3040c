"""What is kept of conversations and personas."""

from pathlib import Path

import pytest

pytest.importorskip("numpy")
from models.engine.keeping import FILES_MAX, Conversations, Kept, PrefixFiles, alike


def test_two_sequences_are_alike_up_to_the_first_difference() -> None:
    assert alike((1, 2, 3), (1, 2, 4, 5)) == 2
    assert alike((1, 2), (1, 2, 3)) == 2
    assert alike((), (1,)) == 0


def test_the_least_recently_used_conversation_goes_first() -> None:
    kept = Conversations(bytes_max=20)
    for name in ("a", "b"):
        kept.keep(name, 0, Kept((1,), b"0123456789"))
    kept.find("a", 0)
    kept.keep("c", 0, Kept((1,), b"0123456789"))
    assert kept.find("b", 0) is None
    assert kept.find("a", 0) is not None
    assert kept.bytes == 20


def test_a_conversation_kept_anew_takes_its_place_once() -> None:
    kept = Conversations(bytes_max=100)
    for length in (10, 30):
        kept.keep("a", 0, Kept((1,), b"x" * length))
    assert kept.bytes == 30


def test_a_state_larger_than_everything_is_not_kept() -> None:
    kept = Conversations(bytes_max=5)
    kept.keep("a", 0, Kept((1,), b"0123456789"))
    assert kept.bytes == 0


def test_one_tier_never_finds_what_another_kept() -> None:
    kept = Conversations(bytes_max=100)
    kept.keep("a", 2, Kept((1,), b"x"))
    assert kept.find("a", 1) is None


def test_a_persona_comes_back_for_the_same_model_tier_and_tokens_only(tmp_path: Path) -> None:
    PrefixFiles(tmp_path, "model").save(1, (1, 2, 3), b"state")
    assert PrefixFiles(tmp_path, "model").load(1, (1, 2, 3)) == b"state"
    assert PrefixFiles(tmp_path, "model").load(2, (1, 2, 3)) is None
    assert PrefixFiles(tmp_path, "model").load(1, (1, 2, 4)) is None
    assert PrefixFiles(tmp_path, "other").load(1, (1, 2, 3)) is None


def test_a_damaged_file_is_deleted(tmp_path: Path) -> None:
    files = PrefixFiles(tmp_path, "model")
    files.save(0, (1,), b"state")
    [path] = tmp_path.glob("*.state")
    path.write_bytes(path.read_bytes()[:-1])
    assert files.load(0, (1,)) is None
    assert not path.exists()


def test_old_personas_are_dropped_and_no_part_is_left(tmp_path: Path) -> None:
    files = PrefixFiles(tmp_path, "model")
    for number in range(FILES_MAX + 4):
        files.save(0, (number,), b"state")
    assert len(list(tmp_path.iterdir())) == FILES_MAX


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    files = PrefixFiles(tmp_path / "file" / "below", "model")
    files.save(0, (1,), b"state")
    assert files.load(0, (1,)) is None
