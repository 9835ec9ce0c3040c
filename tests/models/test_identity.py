"""Which writer it was, exactly."""

import hashlib
import os
from pathlib import Path

from models import Fallback, QuotingWriter, ScriptedWriter, identity_of
from models.identity import KNOWN, weights_sha256


class Weighed(ScriptedWriter):
    """A writer with weights."""

    name = "llama:small"
    sha256 = "ab" * 32


def test_a_writer_without_weights_is_its_name() -> None:
    assert identity_of(QuotingWriter()) == "quoting"


def test_weights_are_named_by_their_hash() -> None:
    assert identity_of(Weighed([])) == f"llama:small@sha256:{'ab' * 32}"


def test_what_writes_meanwhile_is_named_as_long_as_it_writes() -> None:
    writer = Fallback(lambda: Weighed([]), QuotingWriter())
    try:
        writer.settled.wait(10)
        assert identity_of(writer) == f"llama:small@sha256:{'ab' * 32}"
    finally:
        writer.close()


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    weights = tmp_path / "a.gguf"
    weights.write_bytes(b"weights")
    assert weights_sha256(weights, tmp_path / "models") == hashlib.sha256(b"weights").hexdigest()


def test_it_is_known_again_and_changes_with_the_file(tmp_path: Path) -> None:
    weights = tmp_path / "a.gguf"
    weights.write_bytes(b"weights")
    weights_sha256(weights, tmp_path)
    stat = weights.stat()
    kept = tmp_path / KNOWN
    kept.write_text(kept.read_text().replace(hashlib.sha256(b"weights").hexdigest(), "0" * 64))
    assert weights_sha256(weights, tmp_path) == "0" * 64  # not read again
    weights.write_bytes(b"other!!")
    os.utime(weights, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert weights_sha256(weights, tmp_path) == hashlib.sha256(b"other!!").hexdigest()


def test_a_broken_note_is_read_over(tmp_path: Path) -> None:
    weights = tmp_path / "a.gguf"
    weights.write_bytes(b"weights")
    (tmp_path / KNOWN).write_text("[]")
    assert weights_sha256(weights, tmp_path) == hashlib.sha256(b"weights").hexdigest()
