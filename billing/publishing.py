"""Publishes receipts in batches: leaves of a Merkle tree, in static files, under a signed checkpoint.

The database gives each receipt its leaf; the files are made from it and can be made again. A checkpoint
that was published is never taken back: a database that does not know it was set back, and signs nothing.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from billing.chain import WINDOW
from billing.contracts import Signer, Snapshots, WriteLane
from billing.errors import LogRewound
from billing.plain import Plain, statement
from billing.receipt_log import (
    Checkpoint,
    LogProofWrong,
    Tiles,
    VerifierKey,
    Verify,
    add_cosignature,
    changed_bundles,
    changed_tiles,
    checkpoint_body,
    grown,
    inclusion_proof,
    leaf_hash,
    open_note,
    root_at,
    sign_note,
    write_verifier_key,
)
from billing.receipts import Receipt, leaf_data

T = TypeVar("T")
CHECKPOINT = "checkpoint"

_SIZE = statement("SELECT coalesce(max(leaf) + 1, 0) FROM receipt_leaves")
_SINCE = """SELECT r.seq FROM receipts r WHERE r.seq > (SELECT coalesce(max(receipt), 0) FROM receipt_leaves) - {window}
 AND NOT EXISTS (SELECT 1 FROM receipt_leaves l WHERE l.receipt = r.seq) ORDER BY r.seq"""
_UNPLACED = statement(_SINCE.format(window=0), postgresql=_SINCE.format(window=WINDOW))
_PLACE = statement("INSERT INTO receipt_leaves (leaf, receipt) VALUES (:leaf, :receipt)")
_LEAVES = statement(
    """SELECT r.body, r.signature FROM receipt_leaves l JOIN receipts r ON r.seq = l.receipt
 WHERE l.leaf >= :first AND l.leaf < :last ORDER BY l.leaf"""
)
_ROOT = statement("SELECT root FROM checkpoints WHERE size = :size")
_LAST = statement("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
_KEEP = statement(
    """INSERT INTO checkpoints (size, root, note, at) VALUES (:size, :root, :note, :at)
 ON CONFLICT (size) DO UPDATE SET note = excluded.note"""
)
_IN_TURN = statement("SELECT 1", postgresql="SELECT pg_advisory_xact_lock(71846204)")


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint, as it is served."""

    size: int
    root: bytes
    note: str


class PublicLog:
    """The log of receipts in a folder. One process publishes at a time; thread-safe."""

    def __init__(
        self,
        folder: Path,
        snapshots: Snapshots,
        lane: WriteLane,
        signer: Signer,
        public_key: bytes,
        verify: Verify,
        origin: Callable[[], str],
        now: Callable[[], float],
    ) -> None:
        self.folder = folder
        self._snapshots = snapshots
        self._lane = lane
        self._signer = signer
        self._public_key = public_key
        self._verify = verify
        self._origin = origin
        self._now = now
        self._in_turn = threading.RLock()

    @property
    def key_line(self) -> str | None:
        """Give the line that verifiers are given; None before the artist has begun her log of trust."""
        return write_verifier_key(VerifierKey(self._origin(), self._public_key)) if self._origin() else None

    def publish(self) -> Published | None:
        """Give every new receipt its leaf, write the files, sign; None where there is nothing to publish.

        Raises `LogRewound` where the database does not know what was published.
        """
        with self._in_turn:
            before = self.published()
            self._check_known(before)
            size = self._lane.run(_placed)
            if size == 0 or (before is not None and before.size == size):
                return before
            return self._with_whole_files(before, lambda: self._grown(before, size))

    def follow(self) -> Published | None:
        """Bring the files up to what another process published last, and sign nothing. Raises `LogRewound`."""
        with self._in_turn:
            before = self.published()
            with self._snapshots() as connection:
                row = Plain(connection).row(_LAST)
            if row is None or (before is not None and before.note == row[0]):
                return before
            found = self._opened(str(row[0]))
            if before is not None and before.size > found.size:
                raise LogRewound
            if before is None or before.size < found.size:
                self._with_whole_files(before, lambda: self._written(before, found.size, found.root))
            self._write(CHECKPOINT, str(row[0]).encode())
            return Published(found.size, found.root, str(row[0]))

    def _grown(self, before: Published | None, size: int) -> Published:
        root = self._written(before, size)
        note = sign_note(
            checkpoint_body(self._origin(), size, root), self._origin(), self._public_key, self._signer.sign
        )
        return self._keep(Published(size, root, note))

    def _written(self, before: Published | None, size: int, expected: bytes | None = None) -> bytes:
        """Write the files up to a size, and give the root; raises `LogRewound` where it is not the expected one."""
        old = Tiles(before.size, before.root, self.read).hash_of if before else _nothing
        old_size = before.size if before else 0
        with self._snapshots() as connection:
            rows = Plain(connection).rows(_LEAVES, first=old_size, last=size)
        entries = [leaf_data(body, signature) for body, signature in rows]
        hash_of = grown(old, old_size, [leaf_hash(entry) for entry in entries])
        root = root_at(size, hash_of)
        if expected is not None and root != expected:
            raise LogRewound
        bundles = changed_bundles(old_size, size, self._entry(old_size, entries))
        for path, data in (*changed_tiles(old_size, size, hash_of), *bundles):
            self._write(path, data)
        return root

    def published(self) -> Published | None:
        """Give the checkpoint that is served, or None. Raises `LogRewound` for one that nobody signed."""
        try:
            note = (self.folder / CHECKPOINT).read_text(encoding="utf-8")
        except FileNotFoundError:
            with self._snapshots() as connection:
                row = Plain(connection).row(_LAST)
            if row is None:
                return None
            with self._in_turn:
                return self._again(str(row[0]))
        found = self._opened(note)
        return Published(found.size, found.root, note)

    def proof_of(self, receipt: Receipt) -> dict[str, Any] | None:
        """Prove that a receipt is in the log; None while it is not published."""
        published = self.published()
        if published is None or receipt.leaf is None or receipt.leaf >= published.size:
            return None
        leaf, size = receipt.leaf, published.size
        hashes = self._with_whole_files(
            published, lambda: inclusion_proof(leaf, size, Tiles(size, published.root, self.read).hash_of)
        )
        return {"checkpoint": published.note, "leaf": receipt.leaf, "proof": [one.hex() for one in hashes]}

    def cosigned(self, line: str, name: str, public_key: bytes) -> Published:
        """Add a witness's word to the checkpoint that is served. Raises `LogProofWrong`."""
        with self._in_turn:
            published = self.published()
            if published is None:
                raise LogProofWrong("There is no checkpoint yet.")
            note = add_cosignature(published.note, line, name, public_key, self._verify)
            return self._keep(Published(published.size, published.root, note))

    def read(self, path: str) -> bytes:
        """Read a file of the log. Raises `FileNotFoundError`."""
        return (self.folder / path).read_bytes()

    def _with_whole_files(self, published: Published | None, work: Callable[[], T]) -> T:
        """Do what reads the files; where some are gone or damaged, they are made again first."""
        try:
            return work()
        except (FileNotFoundError, LogProofWrong):
            if published is None:
                raise
            with self._in_turn:
                self._again(published.note)
                return work()

    def _again(self, note: str) -> Published:
        """Make the files again, from the database, up to a checkpoint that was published."""
        found = self._opened(note)
        with self._snapshots() as connection:
            rows = Plain(connection).rows(_LEAVES, first=0, last=found.size)
        entries = [leaf_data(body, signature) for body, signature in rows]
        hash_of = grown(_nothing, 0, [leaf_hash(entry) for entry in entries])
        if len(entries) != found.size or root_at(found.size, hash_of) != found.root:
            raise LogRewound
        for path, data in (
            *changed_tiles(0, found.size, hash_of),
            *changed_bundles(0, found.size, entries.__getitem__),
        ):
            self._write(path, data)
        self._write(CHECKPOINT, note.encode())
        return Published(found.size, found.root, note)

    def _check_known(self, published: Published | None) -> None:
        if published is None:
            return
        with self._snapshots() as connection:
            row = Plain(connection).row(_ROOT, size=published.size)
        if row is None or row[0] != published.root.hex():
            raise LogRewound

    def _keep(self, published: Published) -> Published:
        row = {"size": published.size, "root": published.root.hex(), "note": published.note}
        self._lane.run(lambda owner: Plain(owner).run(_KEEP, **row, at=int(self._now() * 1000)))
        self._write(CHECKPOINT, published.note.encode())
        return published

    def _opened(self, note: str) -> Checkpoint:
        try:
            found = open_note(note, self._origin(), self._public_key, self._verify)
        except LogProofWrong as error:
            raise LogRewound from error
        if found.origin != self._origin():
            raise LogRewound
        return found

    def _entry(self, first: int, entries: Sequence[bytes]) -> Callable[[int], bytes]:
        def entry(index: int) -> bytes:
            if index >= first:
                return entries[index - first]
            with self._snapshots() as connection:
                ((body, signature),) = Plain(connection).rows(_LEAVES, first=index, last=index + 1)
            return leaf_data(body, signature)

        return entry

    def _write(self, path: str, data: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.{os.getpid()}")
        with beside.open("wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)


def _placed(owner: Connection) -> int:
    """Give every receipt its leaf; give the size of the log."""
    plain = Plain(owner)
    plain.row(_IN_TURN)
    size = int((plain.row(_SIZE) or (0,))[0])
    for leaf, (receipt,) in enumerate(plain.rows(_UNPLACED), start=size):
        plain.run(_PLACE, leaf=leaf, receipt=receipt)
        size = leaf + 1
    return size


def _nothing(level: int, index: int) -> bytes:
    raise LogProofWrong(f"An empty log has no hash at level {level}, number {index}.")
