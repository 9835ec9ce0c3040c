"""A log as people meet it: files, a signed checkpoint, and a key; nothing of the log's own memory."""

import dataclasses
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from billing.receipt_log import (
    Checkpoint,
    LogProofWrong,
    Tiles,
    checkpoint_body,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    open_note,
    sign_note,
    verify_consistency,
    verify_inclusion,
)
from tests.billing.receipt_log.shelf import Shelf
from tests.billing.receipt_log.signing import Signatory, verify

LOG = Signatory("artist.example/receipts")


@dataclass(frozen=True)
class Kept:
    """What a listener keeps of a receipt, to verify it without a network."""

    entry: bytes
    index: bytes
    proof: bytes
    note: bytes

    def holds(self) -> bool:
        try:
            checkpoint = open_note(self.note, LOG.name, LOG.public_key, verify)
        except LogProofWrong:
            return False
        steps = [self.proof[at : at + 32] for at in range(0, len(self.proof), 32)]
        leaf, index = leaf_hash(self.entry), int.from_bytes(self.index, "big")
        return verify_inclusion(leaf, index, checkpoint.size, steps, checkpoint.root)

    def flipped(self) -> Iterator["Kept"]:
        """The same with one bit changed, for every bit of it."""
        for field in dataclasses.fields(self):
            data = getattr(self, field.name)
            for bit in range(len(data) * 8):
                wrong = bytearray(data)
                wrong[bit // 8] ^= 1 << bit % 8
                yield dataclasses.replace(self, **{field.name: bytes(wrong)})


def entry(number: int) -> bytes:
    return b'{"amount_micros":%d,"seq":%d}' % (number * 7, number)


def signed(shelf: Shelf) -> str:
    return sign_note(checkpoint_body(LOG.name, shelf.size, shelf.root), LOG.name, LOG.public_key, LOG.sign)


def reader(note: str, shelf: Shelf) -> Tiles:
    checkpoint = open_note(note, LOG.name, LOG.public_key, verify)
    return Tiles(checkpoint.size, checkpoint.root, shelf.read)


def grown_to(size: int, seed: int, instead: dict[int, bytes] | None = None) -> tuple[Shelf, list[str]]:
    """A log that grew in random batches, with the checkpoint that it signed after each."""
    choice, shelf, notes = random.Random(seed), Shelf(), []
    while shelf.size < size:
        count = min(choice.randint(1, 90), size - shelf.size)
        shelf.grow([(instead or {}).get(at, entry(at)) for at in range(shelf.size, shelf.size + count)])
        notes.append(signed(shelf))
    return shelf, notes


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (4, 7), (255, 257), (256, 257), (300, 600)])
def test_a_receipt_is_verified_with_the_public_key_alone_and_no_bit_of_it_can_be_flipped(index: int, size: int) -> None:
    shelf, notes = grown_to(size, seed=size)
    tiles = reader(notes[-1], shelf)
    proof = b"".join(inclusion_proof(index, size, tiles.hash_of))
    kept = Kept(tiles.entry(index), index.to_bytes(8, "big"), proof, notes[-1].encode())
    assert kept.entry == entry(index)
    assert kept.holds()
    assert not any(wrong.holds() for wrong in kept.flipped())


def test_every_checkpoint_of_a_log_is_proven_from_every_other_with_its_files() -> None:
    shelf, notes = grown_to(700, seed=1)
    assert len(notes) > 10
    seen: list[Checkpoint] = []
    for note in notes:
        now = open_note(note, LOG.name, LOG.public_key, verify)
        tiles = reader(note, shelf)  # the files of the grown log serve all checkpoints that it signed
        for before in seen:
            proof = consistency_proof(before.size, now.size, tiles.hash_of)
            assert verify_consistency(before.size, now.size, before.root, now.root, proof)
        seen.append(now)


@pytest.mark.parametrize("changed", [0, 1, 255, 256, 299])
def test_a_log_that_rewrites_its_history_breaks_a_checkpoint_that_was_kept(changed: int) -> None:
    honest, _ = grown_to(300, seed=2)
    kept = open_note(signed(honest), LOG.name, LOG.public_key, verify)
    forged, notes = grown_to(600, seed=3, instead={changed: b"never happened"})
    now = open_note(notes[-1], LOG.name, LOG.public_key, verify)
    proof = consistency_proof(kept.size, now.size, reader(notes[-1], forged).hash_of)
    assert not verify_consistency(kept.size, now.size, kept.root, now.root, proof)
    with pytest.raises(LogProofWrong, match="do not lead to the root"):
        Tiles(kept.size, kept.root, forged.read)


def test_a_log_that_lost_its_end_cannot_prove_a_checkpoint_that_was_kept() -> None:
    shelf, notes = grown_to(300, seed=4)
    kept = open_note(notes[-1], LOG.name, LOG.public_key, verify)
    restored, _ = grown_to(250, seed=4)
    with pytest.raises(LogProofWrong, match="has no file"):
        Tiles(kept.size, kept.root, restored.read)
    with pytest.raises(LogProofWrong, match="does not grow"):
        consistency_proof(kept.size, restored.size, restored.tiles().hash_of)
    assert shelf.tiles().entry(299) == entry(299)
