"""What a node seals, and knows again, with its secret."""

import pytest

from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import Seal

SEAL = Seal(lambda: b"s" * 32)
OTHER = Seal(lambda: b"o" * 32)


def test_what_is_sealed_is_opened_again() -> None:
    sealed = SEAL.close(b"a seed", "held key 1")
    assert SEAL.open(sealed, "held key 1") == b"a seed"
    assert "seed" not in sealed


def test_the_same_is_never_sealed_twice_alike() -> None:
    assert SEAL.close(b"a seed", "x") != SEAL.close(b"a seed", "x")


@pytest.mark.parametrize(("seal", "purpose"), [(OTHER, "held key 1"), (SEAL, "held key 2"), (SEAL, "")])
def test_neither_another_secret_nor_another_purpose_opens_it(seal: Seal, purpose: str) -> None:
    with pytest.raises(KeyFileWrong):
        seal.open(SEAL.close(b"a seed", "held key 1"), purpose)


@pytest.mark.parametrize("sealed", ["", "%", "AAAA", "ü"])
def test_what_is_no_seal_is_refused(sealed: str) -> None:
    with pytest.raises(KeyFileWrong):
        SEAL.open(sealed, "x")


def test_a_name_is_the_same_for_the_same_text_secret_and_purpose_alone() -> None:
    name = SEAL.name("ann@example.org", "mailbox")
    assert name == SEAL.name("ann@example.org", "mailbox")
    assert len({name, OTHER.name("ann@example.org", "mailbox"), SEAL.name("ann@example.org", "x")}) == 3
    assert len(name) == 64


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(KeyFileWrong):
        Seal(lambda: b"short").name("a", "b")


def test_the_secret_is_read_once_and_only_when_it_is_needed() -> None:
    reads: list[int] = []

    def secret() -> bytes:
        reads.append(1)
        return b"s" * 32

    seal = Seal(secret)
    assert reads == []
    seal.name("a", "b")
    seal.close(b"a", "b")
    assert reads == [1]
