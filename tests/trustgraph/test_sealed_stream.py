"""A sealed file is read whole as it was written, or refused: cut, changed, turned round, or by another passphrase."""

import io
import secrets

import pytest
from nacl import pwhash

from trustgraph.errors import SealedFileWrong
from trustgraph.sealed_stream import MAGIC, PIECE_BYTES, SealedReader, SealedWriter

WEAK = pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN
PHRASE = "a phrase of a test"
SEALED_BYTES = PIECE_BYTES + 17


def sealed(data: bytes, *, finished: bool = True) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, PHRASE, WEAK)
    for at in range(0, len(data), 700_001):
        writer.write(data[at : at + 700_001])
    if finished:
        writer.finish()
    return file.getvalue()


def opened(file: bytes, phrase: str = PHRASE) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(file), phrase)).read()


@pytest.fixture(scope="module")
def data() -> bytes:
    return secrets.token_bytes(2 * PIECE_BYTES + 5_000)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
def test_what_is_sealed_is_read_again(data: bytes, size: int) -> None:
    file = sealed(data[:size])
    assert opened(file) == data[:size]
    assert data[:64] not in file or size < 64


def test_a_change_anywhere_is_found(data: bytes) -> None:
    file = sealed(data)
    begin = file.index(b"}") + 1
    places = [0, len(MAGIC), len(MAGIC) + 1, len(MAGIC) + 5, begin - 5, begin, begin + 23, begin + 24, begin + 30]
    places += [
        begin + 24 + SEALED_BYTES - 1,
        begin + 24 + SEALED_BYTES,
        len(file) - 3_000,
        len(file) - 17,
        len(file) - 1,
    ]
    for place in places:
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(SealedFileWrong):
            opened(bytes(changed))


def test_neither_cut_nor_lengthened_nor_turned_round(data: bytes) -> None:
    file = sealed(data)
    begin = file.index(b"}") + 1 + 24
    one, two = begin + SEALED_BYTES, begin + 2 * SEALED_BYTES
    cuts = [file[:at] for at in (0, 5, 40, begin - 1, begin, begin + 1, one, two, two + 100, len(file) - 1)]
    turned = file[:begin] + file[one:two] + file[begin:one] + file[two:]
    for wrong in (*cuts, file + b"x", file + file, turned, file[:begin] + file[one:], sealed(data, finished=False)):
        with pytest.raises(SealedFileWrong):
            opened(wrong)


def test_another_passphrase_opens_nothing(data: bytes) -> None:
    with pytest.raises(SealedFileWrong, match="passphrase"):
        opened(sealed(data), "another phrase")


def test_a_head_from_elsewhere_is_not_worked_on_for_a_day() -> None:
    file = sealed(b"words")
    with pytest.raises(SealedFileWrong, match="no file that this program sealed"):
        opened(file.replace(b'"ops": 1', b'"ops": 9999999'))
