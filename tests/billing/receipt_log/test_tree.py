"""The tree: published vectors, the definitions of the RFC, every small proof, and what must not hold."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.receipt_log import (
    EMPTY_ROOT,
    HashOf,
    LogProofWrong,
    consistency_proof,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.billing.receipt_log import oracle
from tests.billing.receipt_log.vectors import CONSISTENCIES, ENTRIES, INCLUSIONS, NODES, ROOTS

MANY = [b"entry %d" % number for number in range(512)]
LEAVES = [leaf_hash(entry) for entry in MANY]
HASH_OF = hashes_of(LEAVES)
ROOT_BY_SIZE = [root_at(size, HASH_OF) for size in range(len(LEAVES) + 1)]


def node(level: int, index: int) -> bytes:
    return bytes.fromhex(NODES[level][index])


def flips(data: bytes) -> Iterator[bytes]:
    number = int.from_bytes(data, "big")
    return ((number ^ 1 << bit).to_bytes(len(data), "big") for bit in range(8 * len(data)))


def proof_flips(proof: list[bytes]) -> Iterator[list[bytes]]:
    return ([*proof[:at], wrong, *proof[at + 1 :]] for at, step in enumerate(proof) for wrong in flips(step))


def wrong_lengths(proof: list[bytes]) -> Iterator[list[bytes]]:
    yield [*proof, LEAVES[0]]
    yield [LEAVES[0], *proof]
    yield from ([*proof[:at], *proof[at + 1 :]] for at in range(len(proof)))
    yield from ([*proof[:at], proof[at][:-1], *proof[at + 1 :]] for at in range(len(proof)))
    yield from ([*proof[:at], proof[at] + b"\0", *proof[at + 1 :]] for at in range(len(proof)))


def inclusion_shape(index: int, size: int) -> list[str]:
    """On which side the steps of a proof stand, from the leaf up."""
    if size == 1:
        return []
    k = oracle.split(size)
    return [*inclusion_shape(index, k), "right"] if index < k else [*inclusion_shape(index - k, size - k), "left"]


def consistency_shape(old: int, new: int, *, known: bool = True) -> list[str]:
    if old == new:
        return [] if known else ["first"]
    k = oracle.split(new)
    if old <= k:
        return [*consistency_shape(old, k, known=known), "right"]
    return [*consistency_shape(old - k, new - k, known=False), "left"]


class TestPublished:
    def test_leaves_and_nodes(self) -> None:
        hash_of = hashes_of([leaf_hash(entry) for entry in ENTRIES])
        assert [[hash_of(level, index).hex() for index in range(8 >> level)] for level in range(4)] == NODES
        assert node_hash(node(0, 0), node(0, 1)) == node(1, 0)

    @pytest.mark.parametrize("size", range(9))
    def test_roots(self, size: int) -> None:
        assert root_of([leaf_hash(entry) for entry in ENTRIES[:size]]).hex() == ROOTS[size]

    def test_the_empty_root(self) -> None:
        assert EMPTY_ROOT.hex() == ROOTS[0]

    @pytest.mark.parametrize(("index", "size"), INCLUSIONS)
    def test_inclusions(self, index: int, size: int) -> None:
        proof = [node(*place) for place in INCLUSIONS[index, size]]
        assert inclusion_proof(index, size, node) == proof
        assert verify_inclusion(node(0, index), index, size, proof, bytes.fromhex(ROOTS[size]))

    @pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
    def test_consistencies(self, old: int, new: int) -> None:
        proof = [node(*place) for place in CONSISTENCIES[old, new]]
        assert consistency_proof(old, new, node) == proof
        assert verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), proof)


class TestAgainstTheDefinitions:
    def test_all_roots_to_512(self) -> None:
        assert all(oracle.mth(MANY[:size]) == root for size, root in enumerate(ROOT_BY_SIZE))

    def test_all_inclusion_proofs_to_40(self) -> None:
        for size in range(1, 41):
            for index in range(size):
                assert inclusion_proof(index, size, HASH_OF) == oracle.path(index, MANY[:size])

    def test_all_consistency_proofs_to_40(self) -> None:
        for new in range(1, 41):
            for old in range(1, new + 1):
                assert consistency_proof(old, new, HASH_OF) == oracle.proof(old, MANY[:new])

    def test_random_proofs_to_512(self) -> None:
        choice = random.Random(6962)
        for _ in range(100):
            size = choice.randint(41, 512)
            index, old = choice.randrange(size), choice.randint(1, size)
            assert inclusion_proof(index, size, HASH_OF) == oracle.path(index, MANY[:size])
            assert consistency_proof(old, size, HASH_OF) == oracle.proof(old, MANY[:size])


class TestWhatHolds:
    @pytest.mark.parametrize(
        "sizes", [range(1, 201), pytest.param(range(201, 513), marks=pytest.mark.slow)], ids=["to 200", "to 512"]
    )
    def test_every_inclusion(self, sizes: range) -> None:
        for size in sizes:
            root = ROOT_BY_SIZE[size]
            for index in range(size):
                assert verify_inclusion(LEAVES[index], index, size, inclusion_proof(index, size, HASH_OF), root)

    def test_every_consistency_to_130(self) -> None:
        for new in range(131):
            for old in range(new + 1):
                proof = consistency_proof(old, new, HASH_OF)
                assert verify_consistency(old, new, ROOT_BY_SIZE[old], ROOT_BY_SIZE[new], proof)

    def test_random_consistencies_to_512(self) -> None:
        choice = random.Random(9162)
        for _ in range(3000):
            old, new = sorted((choice.randint(0, 512), choice.randint(0, 512)))
            proof = consistency_proof(old, new, HASH_OF)
            assert verify_consistency(old, new, ROOT_BY_SIZE[old], ROOT_BY_SIZE[new], proof)

    @pytest.mark.parametrize("size", [1_000_000, 2**63 - 1])
    def test_a_proof_in_a_large_log_asks_for_few_hashes(self, size: int) -> None:
        # All entries are alike, so that a subtree's root depends on its level alone.
        rows = [leaf_hash(b"alike")]
        for _ in range(63):
            rows.append(node_hash(rows[-1], rows[-1]))
        asked: list[tuple[int, int]] = []

        def alike(level: int, index: int) -> bytes:
            asked.append((level, index))
            return rows[level]

        root = root_at(size, lambda level, _: rows[level])
        for index in (0, 1, size // 3, size - 2, size - 1):
            assert verify_inclusion(rows[0], index, size, inclusion_proof(index, size, alike), root)
            old_root = root_at(index + 1, lambda level, _: rows[level])
            assert verify_consistency(index + 1, size, old_root, root, consistency_proof(index + 1, size, alike))
            assert len(asked) <= 2 * 2 * size.bit_length()
            assert all((place + 1) << level <= size for level, place in asked)
            asked.clear()


class TestWhatDoesNotHold:
    @pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (1, 2), (2, 3), (5, 8), (6, 7), (12, 13), (77, 130)])
    def test_an_inclusion_with_any_bit_flipped(self, index: int, size: int) -> None:
        leaf, proof, root = LEAVES[index], inclusion_proof(index, size, HASH_OF), ROOT_BY_SIZE[size]
        assert verify_inclusion(leaf, index, size, proof, root)
        assert not any(verify_inclusion(wrong, index, size, proof, root) for wrong in flips(leaf))
        assert not any(verify_inclusion(leaf, index, size, proof, wrong) for wrong in flips(root))
        assert not any(verify_inclusion(leaf, index, size, wrong, root) for wrong in proof_flips(proof))
        assert not any(verify_inclusion(leaf, index ^ 1 << bit, size, proof, root) for bit in range(70))
        assert not any(verify_inclusion(leaf, index, size, wrong, root) for wrong in wrong_lengths(proof))

    @pytest.mark.parametrize(("old", "new"), [(1, 2), (1, 3), (2, 3), (3, 4), (4, 7), (6, 8), (7, 8), (65, 130)])
    def test_a_consistency_with_any_bit_flipped(self, old: int, new: int) -> None:
        proof, old_root, new_root = consistency_proof(old, new, HASH_OF), ROOT_BY_SIZE[old], ROOT_BY_SIZE[new]
        assert verify_consistency(old, new, old_root, new_root, proof)
        assert not any(verify_consistency(old, new, wrong, new_root, proof) for wrong in flips(old_root))
        assert not any(verify_consistency(old, new, old_root, wrong, proof) for wrong in flips(new_root))
        assert not any(verify_consistency(old, new, old_root, new_root, wrong) for wrong in proof_flips(proof))
        assert not any(verify_consistency(old, new, old_root, new_root, wrong) for wrong in wrong_lengths(proof))
        assert not verify_consistency(new, old, new_root, old_root, proof)

    def test_another_size_holds_only_where_it_gives_the_proof_the_same_shape(self) -> None:
        for index, size in [(0, 3), (2, 3), (5, 8), (6, 7), (12, 13), (77, 130)]:
            proof, root, shape = inclusion_proof(index, size, HASH_OF), ROOT_BY_SIZE[size], inclusion_shape(index, size)
            for other in range(301):
                holds = verify_inclusion(LEAVES[index], index, other, proof, root)
                assert holds == (index < other and inclusion_shape(index, other) == shape)

    def test_other_sizes_hold_only_where_they_give_the_proof_the_same_shape(self) -> None:
        for old, new in [(1, 3), (3, 4), (4, 7), (6, 8), (20, 33)]:
            proof, shape = consistency_proof(old, new, HASH_OF), consistency_shape(old, new)
            for other_new in range(70):
                for other_old in range(70):
                    holds = verify_consistency(other_old, other_new, ROOT_BY_SIZE[old], ROOT_BY_SIZE[new], proof)
                    same = 0 < other_old <= other_new and consistency_shape(other_old, other_new) == shape
                    assert holds == same, (old, new, other_old, other_new)

    def test_a_proof_for_another_leaf_or_another_log(self) -> None:
        proof = inclusion_proof(5, 8, HASH_OF)
        assert not any(verify_inclusion(LEAVES[at], at, 8, proof, ROOT_BY_SIZE[8]) for at in range(8) if at != 5)
        assert not any(
            verify_inclusion(LEAVES[5], 5, 8, proof, root) for root in ROOT_BY_SIZE if root != ROOT_BY_SIZE[8]
        )

    def test_a_proof_that_goes_on_above_the_root(self) -> None:
        # The steps and the hashes are right for two entries; the size says that there is one.
        assert verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0]], ROOT_BY_SIZE[2])
        assert not verify_inclusion(LEAVES[1], 0, 1, [LEAVES[0]], ROOT_BY_SIZE[2])

    def test_a_byte_does_not_move_from_a_hash_into_its_neighbour(self) -> None:
        left, right = LEAVES[:2]
        assert node_hash(left + right[:1], right[1:]) == ROOT_BY_SIZE[2]
        assert not verify_inclusion(right[1:], 1, 2, [left + right[:1]], ROOT_BY_SIZE[2])
        assert not verify_inclusion(left + right[:1], 0, 2, [right[1:]], ROOT_BY_SIZE[2])
        assert not verify_consistency(1, 2, left + right[:1], ROOT_BY_SIZE[2], [right[1:]])

    @pytest.mark.parametrize("short", [b"", b"abc", LEAVES[0][:-1], LEAVES[0] + b"\0", bytearray(LEAVES[0])])
    def test_what_is_no_hash_is_not_even_itself(self, short: bytes) -> None:
        assert not verify_inclusion(short, 0, 1, [], short)
        assert not verify_consistency(1, 1, short, short, [])

    @pytest.mark.parametrize("step", [None, 5, "x" * 32, bytearray(LEAVES[0]), memoryview(LEAVES[0]), [LEAVES[0]]])
    def test_a_step_that_is_no_hash(self, step: bytes) -> None:
        assert verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0]], ROOT_BY_SIZE[2])
        assert not verify_inclusion(LEAVES[1], 1, 2, [step], ROOT_BY_SIZE[2])
        assert not verify_inclusion(step, 1, 2, [LEAVES[0]], ROOT_BY_SIZE[2])
        assert not verify_consistency(1, 2, LEAVES[0], ROOT_BY_SIZE[2], [step])
        assert not verify_consistency(3, 4, ROOT_BY_SIZE[3], ROOT_BY_SIZE[4], [step, LEAVES[3], ROOT_BY_SIZE[2]])

    @pytest.mark.parametrize("proof", [None, 5, LEAVES[0], "x", {LEAVES[0]}, {LEAVES[0]: 1}, [LEAVES[0]] * 100_000])
    def test_a_proof_that_is_no_list_of_steps(self, proof: list[bytes]) -> None:
        assert not verify_inclusion(LEAVES[1], 1, 2, proof, ROOT_BY_SIZE[2])
        assert not verify_consistency(1, 2, LEAVES[0], ROOT_BY_SIZE[2], proof)

    def test_a_node_is_no_leaf(self) -> None:
        assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])

    def test_history_that_was_rewritten(self) -> None:
        for changed in range(20):
            other = hashes_of([*LEAVES[:changed], leaf_hash(b"rewritten"), *LEAVES[changed + 1 : 40]])
            proof = consistency_proof(20, 40, other)
            assert not verify_consistency(20, 40, ROOT_BY_SIZE[20], root_at(40, other), proof)

    def test_an_empty_log_had_the_empty_root(self) -> None:
        assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
        assert verify_consistency(0, 8, EMPTY_ROOT, ROOT_BY_SIZE[8], [])
        assert not verify_consistency(0, 0, LEAVES[0], LEAVES[0], [])
        assert not verify_consistency(0, 8, LEAVES[0], ROOT_BY_SIZE[8], [])
        assert not verify_consistency(0, 8, EMPTY_ROOT, ROOT_BY_SIZE[8], [LEAVES[0]])

    def test_the_same_size_has_the_same_root_and_no_proof(self) -> None:
        assert not verify_consistency(8, 8, ROOT_BY_SIZE[8], ROOT_BY_SIZE[7], [])
        assert not verify_consistency(8, 8, ROOT_BY_SIZE[8], ROOT_BY_SIZE[8], [LEAVES[0]])
        assert not verify_consistency(7, 8, ROOT_BY_SIZE[7], ROOT_BY_SIZE[8], [])


strange = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.binary(max_size=40)),
    st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=32, max_size=32)),
    st.sampled_from([2**63 - 1, 2**63, 2**64, -1]),
)  # fmt: skip


class TestStrangeInput:
    @given(st.tuples(strange, strange, strange, strange, strange))
    def test_verifying_says_no_and_raises_nothing(self, given_: tuple) -> None:  # type: ignore[type-arg]
        assert verify_inclusion(*given_) is False
        assert verify_consistency(*given_) in {False, given_[:2] == (0, 0)}

    @given(st.integers(), st.integers(), st.lists(st.binary(min_size=32, max_size=32), max_size=70))
    def test_proofs_of_anybody_do_not_hold(self, one: int, other: int, proof: list[bytes]) -> None:
        assert not verify_inclusion(LEAVES[0], one, other, proof, ROOT_BY_SIZE[9])
        assert not verify_consistency(one, other, ROOT_BY_SIZE[3], ROOT_BY_SIZE[9], proof)

    @given(st.integers(-3, 20), st.integers(-3, 20))
    def test_proving_refuses_with_its_own_error(self, one: int, other: int) -> None:
        for prove, possible in (
            (inclusion_proof, 0 <= one < other <= 12),
            (consistency_proof, 0 <= one <= other and (other <= 12 or one in {0, other})),
        ):
            if possible:
                assert prove(one, other, self.twelve()) is not None
            elif prove is inclusion_proof and (one, other) == (12, 13):
                continue  # the leaf that is missing is the one to be proved, and its proof does without it
            else:
                with pytest.raises(LogProofWrong):
                    prove(one, other, self.twelve())

    def twelve(self) -> HashOf:
        return hashes_of(LEAVES[:12])

    @pytest.mark.parametrize(("level", "index"), [(0, 12), (0, -1), (2, 3), (4, 0), (70, 0)])
    def test_what_is_no_complete_subtree_has_no_hash(self, level: int, index: int) -> None:
        with pytest.raises(LogProofWrong, match="no complete subtree"):
            self.twelve()(level, index)

    @pytest.mark.parametrize("size", [-1, 2**63])
    def test_a_size_that_no_log_has(self, size: int) -> None:
        def any_hash(level: int, index: int) -> bytes:
            return LEAVES[0]

        with pytest.raises(LogProofWrong):
            root_at(size, any_hash)
        with pytest.raises(LogProofWrong):
            inclusion_proof(0, size, any_hash)
        with pytest.raises(LogProofWrong):
            consistency_proof(0, size, any_hash)
