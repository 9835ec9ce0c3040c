"""The Merkle tree of RFC 6962 and RFC 9162: roots, proofs, and their verification.

Whoever proves asks a `HashOf` for hashes of complete subtrees, so that a proof over a million leaves
needs some forty hashes and never the leaves. Whoever verifies needs nothing but the proof; what does
not hold is False, whatever it is made of.

A proof binds hashes, and sizes only as far as they shape it: leaf 0 of three leaves and leaf 0 of four
are proven by steps of the same sides. Size and root therefore belong together, from one signed checkpoint.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from billing.receipt_log.errors import LogProofWrong

HASH_BYTES = 32
SIZE_MAX = 2**63 - 1  # the largest size that a signed 64-bit integer of another program holds
EMPTY_ROOT = hashlib.sha256(b"").digest()

# `hash_of(level, index)` is the root over the leaves from index * 2**level up to (index + 1) * 2**level.
HashOf = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry; the first byte keeps leaves and nodes apart."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over these leaf hashes."""
    return root_at(len(leaves), hashes_of(leaves))


def root_at(size: int, hash_of: HashOf) -> bytes:
    """Give the root of the first `size` leaves."""
    if not 0 <= size <= SIZE_MAX:
        raise LogProofWrong(f"A log cannot have {size} entries.")
    return _over(0, size, hash_of) if size else EMPTY_ROOT


def hashes_of(leaves: Sequence[bytes]) -> HashOf:
    """Answer for every complete subtree over these leaf hashes, each computed once."""
    known: dict[tuple[int, int], bytes] = {}

    def hash_of(level: int, index: int) -> bytes:
        if not 0 <= index < len(leaves) >> level:
            raise LogProofWrong(f"There is no complete subtree {index} of level {level} over {len(leaves)} entries.")
        if level == 0:
            return leaves[index]
        if (level, index) not in known:
            known[level, index] = node_hash(hash_of(level - 1, 2 * index), hash_of(level - 1, 2 * index + 1))
        return known[level, index]

    return hash_of


def inclusion_proof(index: int, size: int, hash_of: HashOf) -> list[bytes]:
    """Prove that the leaf at `index` is one of the first `size`: PATH of RFC 9162, 2.1.3.1."""
    if not 0 <= index < size <= SIZE_MAX:
        raise LogProofWrong(f"There is no entry {index} in a log of {size} entries.")
    start, end, proof = 0, size, list[bytes]()
    while end - start > 1:
        middle = start + _left_part(end - start)
        if index < middle:
            proof.append(_over(middle, end, hash_of))
            end = middle
        else:
            proof.append(_over(start, middle, hash_of))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, hash_of: HashOf) -> list[bytes]:
    """Prove that the first `old` of `new` leaves are as they were: PROOF of RFC 9162, 2.1.4.1.

    Nothing needs proving from an empty log, nor from a log to itself; the proof is empty then.
    """
    if not 0 <= old <= new <= SIZE_MAX:
        raise LogProofWrong(f"A log of {old} entries does not grow into one of {new}.")
    if old == 0:
        return []
    start, end, proof = 0, new, list[bytes]()
    while old != end:
        middle = start + _left_part(end - start)
        if old <= middle:
            proof.append(_over(middle, end, hash_of))
            end = middle
        else:
            proof.append(_over(start, middle, hash_of))
            start = middle
    if start:  # else what is left is the old tree whole, whose root the verifier has
        proof.append(_over(start, end, hash_of))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from this leaf hash at `index` to the root of `size` leaves: RFC 9162, 2.1.3.2."""
    if not _numbers(index, size) or index >= size or not _hashes(leaf, root, *_bounded(proof)):
        return False
    found = _climbed(index, size - 1, leaf, leaf, proof)
    return found is not None and found[1] == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads from both roots to the same leaves: RFC 9162, 2.1.4.2.

    From an empty log everything may grow: then only the empty root and the empty proof hold.
    """
    if not _numbers(old, new) or old > new or not _hashes(old_root, new_root, *_bounded(proof)):
        return False
    if old == new:
        return not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if not proof:
        return False
    shared = (old & -old).bit_length() - 1  # the last complete subtree of the old tree is a node of the new one
    whole = old == 1 << shared
    first, steps = (old_root, proof) if whole else (proof[0], proof[1:])
    found = _climbed((old - 1) >> shared, (new - 1) >> shared, first, first, steps)
    return found == (old_root, new_root)


def _climbed(index: int, last: int, old: bytes, new: bytes, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Climb from node `index` of a row that ends at `last`: the root of what lies left of it, and of all."""
    for step in steps:
        if last == 0:
            return None  # the proof goes on above the root
        if index & 1 or index == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, step)
        index, last = index >> 1, last >> 1
    return (old, new) if last == 0 else None


def _over(start: int, end: int, hash_of: HashOf) -> bytes:
    """Give the root over a range that starts where a subtree of its size may start."""
    roots = [hash_of(level, index) for level, index in _subtrees(start, end)]
    return reduce(lambda right, left: node_hash(left, right), reversed(roots))


def _subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a range into complete subtrees, the largest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _left_part(width: int) -> int:
    """Give the largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _numbers(*values: object) -> bool:
    return all(type(value) is int and 0 <= value <= SIZE_MAX for value in values)


def _hashes(*values: object) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_BYTES for value in values)


def _bounded(proof: Sequence[bytes]) -> Sequence[object]:
    """Give the steps to look at, or one that is no hash when there are more than any proof has."""
    return proof if isinstance(proof, list | tuple) and len(proof) <= SIZE_MAX.bit_length() + 1 else [None]
