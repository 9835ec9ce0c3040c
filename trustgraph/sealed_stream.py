"""A long file, sealed with a passphrase: read to its end, or known to be cut, turned round or changed.

A head in plain sight says how the key comes from the passphrase (Argon2id); after it come pieces of one size
under libsodium's secretstream, each bound to the head and to its place. The last piece is marked as the last.
"""

import hashlib
import io
import json
import secrets
from typing import Any, BinaryIO

import nacl.exceptions
from nacl import pwhash
from nacl.bindings import crypto_secretstream as stream

from trustgraph.errors import SealedFileWrong

MAGIC = b"presence sealed 1\n"
PIECE_BYTES = 1024**2
HEAD_BYTES_MAX = 1024
MODERATE = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE
OPS_MAX, MEMORY_BYTES_MAX = 20, 1024**3
"""More is not worked on: a file from elsewhere could ask for a day of it."""
_FIELDS = {"ops", "mem", "salt"}
_SEALED_BYTES = PIECE_BYTES + stream.crypto_secretstream_xchacha20poly1305_ABYTES


class SealedWriter(io.RawIOBase):
    """Seals what is written into `file`. Only `finish` makes it whole; `close` alone leaves a file that is refused."""

    def __init__(self, file: BinaryIO, passphrase: str, strength: tuple[int, int] = MODERATE) -> None:
        self._file = file
        self._rest = bytearray()
        (ops, mem), salt = strength, secrets.token_bytes(pwhash.argon2id.SALTBYTES)
        told = json.dumps({"ops": ops, "mem": mem, "salt": salt.hex()}).encode()
        self._state = stream.crypto_secretstream_xchacha20poly1305_state()
        key = _key(passphrase, salt, ops, mem)
        begin = stream.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        head = MAGIC + len(told).to_bytes(2, "big") + told + begin
        self._bound = hashlib.sha256(head).digest()
        file.write(head)

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Take all of it; what fills a piece goes on to the file."""
        given = memoryview(data).cast("B")
        self._rest += given
        while len(self._rest) > PIECE_BYTES:  # one piece is kept, for the last has to be marked
            self._push(bytes(self._rest[:PIECE_BYTES]), stream.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
            del self._rest[:PIECE_BYTES]
        return len(given)

    def finish(self) -> None:
        """Write the last piece, marked as such."""
        self._push(bytes(self._rest), stream.crypto_secretstream_xchacha20poly1305_TAG_FINAL)
        self._rest.clear()

    def _push(self, piece: bytes, tag: int) -> None:
        self._file.write(stream.crypto_secretstream_xchacha20poly1305_push(self._state, piece, self._bound, tag))


class SealedReader(io.RawIOBase):
    """Gives what was sealed, piece by piece; `SealedFileWrong` where it is not what was written, or not with this."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file = file
        head, told = _head(file)
        size = stream.crypto_secretstream_xchacha20poly1305_HEADERBYTES
        begin = _exactly(file, size)
        self._bound = hashlib.sha256(head + begin).digest()
        self._state = stream.crypto_secretstream_xchacha20poly1305_state()
        key = _key(passphrase, bytes.fromhex(told["salt"]), told["ops"], told["mem"])
        stream.crypto_secretstream_xchacha20poly1305_init_pull(self._state, begin, key)
        self._piece = memoryview(b"")
        self._is_first, self._is_last = True, False

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; 0 is the end, and then the file was whole."""
        while not self._piece and not self._is_last:
            self._pull()
        into = memoryview(buffer).cast("B")
        given = self._piece[: len(into)]
        into[: len(given)] = given
        self._piece = self._piece[len(given) :]
        return len(given)

    def _pull(self) -> None:
        sealed = self._file.read(_SEALED_BYTES)
        try:
            piece, tag = stream.crypto_secretstream_xchacha20poly1305_pull(self._state, sealed, self._bound)
        except (nacl.exceptions.CryptoError, nacl.exceptions.ValueError, ValueError) as error:
            raise SealedFileWrong(_NOT_THIS if self._is_first and sealed else _CHANGED) from error
        self._is_first = False
        self._is_last = tag == stream.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        if self._is_last and self._file.read(1):
            raise SealedFileWrong(_CHANGED)
        self._piece = memoryview(piece)


_NOT_THIS = "It does not open with this passphrase, or it was changed."
_CHANGED = "It is not whole: something in it was changed, or its end is missing."
_NO_SEAL = "It is no file that this program sealed."


def _head(file: BinaryIO) -> tuple[bytes, dict[str, Any]]:
    head = _exactly(file, len(MAGIC) + 2)
    length = int.from_bytes(head[-2:], "big")
    if not head.startswith(MAGIC) or length > HEAD_BYTES_MAX:
        raise SealedFileWrong(_NO_SEAL)
    told = _exactly(file, length)
    try:
        said = json.loads(told)
        fits = set(said) == _FIELDS and len(bytes.fromhex(said["salt"])) == pwhash.argon2id.SALTBYTES
        fits = fits and pwhash.argon2id.OPSLIMIT_MIN <= said["ops"] <= OPS_MAX
        fits = fits and pwhash.argon2id.MEMLIMIT_MIN <= said["mem"] <= MEMORY_BYTES_MAX
    except (ValueError, TypeError) as error:
        raise SealedFileWrong(_NO_SEAL) from error
    if not fits:
        raise SealedFileWrong(_NO_SEAL)
    return head + told, said


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise SealedFileWrong(_NO_SEAL)
    return data


def _key(passphrase: str, salt: bytes, ops: int, mem: int) -> bytes:
    size = stream.crypto_secretstream_xchacha20poly1305_KEYBYTES
    return bytes(pwhash.argon2id.kdf(size, passphrase.encode(), salt, opslimit=ops, memlimit=mem))
