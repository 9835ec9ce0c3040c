"""Signed notes and checkpoints, after C2SP signed-note, tlog-checkpoint and tlog-cosignature.

A note is a text with signatures below it; a checkpoint is such a text that says how large a log is and
what its root is. The log signs the text; a witness signs the text and the time of its looking.

Keys stay with whoever has them, so that signing and verifying are handed in. What is read here may come
from anybody: every reader raises `LogProofWrong` and nothing else.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from billing.receipt_log import strict_base64
from billing.receipt_log.errors import LogProofWrong
from billing.receipt_log.keys import COSIGNATURE, ED25519, KEY_ID_BYTES, check_name, key_id
from billing.receipt_log.tree import HASH_BYTES, SIZE_MAX

# Sixteen signatures must be read; those of witnesses to come may have five thousand bytes each.
NOTE_BYTES_MAX = 256 * 1024
SIGNATURES_MAX = 100
SIGNATURE_BYTES = 64
TIME_BYTES = 8
TIME_MAX = 2**63 - 1

# Signs a message with the key in question; gives the 64 bytes of Ed25519.
Sign = Callable[[bytes], bytes]
# `verify(public_key, message, signature)` is whether the three belong together; it raises nothing.
Verify = Callable[[bytes, bytes, bytes], bool]

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # all but the newline


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and the root that a log stands by. Extension lines are signed too; nobody need understand them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Signature:
    name: str
    key_id: bytes
    data: bytes


def checkpoint_body(origin: str, size: int, root: bytes, extensions: Sequence[str] = ()) -> str:
    """Write the text that a log signs."""
    lines = (origin, str(size), strict_base64.written(root), *extensions)
    body = "".join(f"{line}\n" for line in lines)
    if read_checkpoint(body) != Checkpoint(origin, size, root, tuple(extensions)):
        raise LogProofWrong("A line of a checkpoint cannot have a line break in it.")
    return body


def read_checkpoint(body: str) -> Checkpoint:
    """Read the text of a checkpoint; that somebody signed it is not looked at here."""
    _as_bytes(body)
    origin, *rest = body.removesuffix("\n").split("\n")
    if len(rest) < 2 or not all((origin, *rest)):
        raise LogProofWrong("A checkpoint has an origin, a size and a root, each on a line of its own.")
    size, root, *extensions = rest
    if not _WHOLE_NUMBER.fullmatch(size) or int(size) > SIZE_MAX:
        raise LogProofWrong("The size in a checkpoint is not a whole number as a log writes it.")
    digest = strict_base64.read(root, "The root in a checkpoint")
    if len(digest) != HASH_BYTES:
        raise LogProofWrong(f"The root in a checkpoint does not have {HASH_BYTES} bytes.")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def sign_note(body: str, name: str, public_key: bytes, sign: Sign) -> str:
    """Give the note of this text, signed once."""
    ident = key_id(name, public_key, ED25519)
    return f"{body}\n" + _line(name, ident, _signed(sign, _as_bytes(body)))


def cosign(note: str, name: str, public_key: bytes, sign: Sign, at: int) -> str:
    """Give the line by which a witness says that at this time, in seconds, it knew of no larger checkpoint.

    Whether that is so the witness has to see before; here it only signs.
    """
    ident = key_id(name, public_key, COSIGNATURE)
    if not 0 <= at <= TIME_MAX:
        raise LogProofWrong("The time of a cosignature is not one that it can carry.")
    body, _ = _parts(note)
    read_checkpoint(body)
    return _line(name, ident, at.to_bytes(TIME_BYTES, "big") + _signed(sign, _cosigned(body, at)))


def add_cosignature(note: str, line: str, name: str, public_key: bytes, verify: Verify) -> str:
    """Add the line of a witness to a note, once it holds; one line, so that it changes nothing above it."""
    body, _ = _parts(note)
    if line.find("\n") != len(line) - 1:
        raise LogProofWrong("A cosignature is one line.")
    cosigned_at(f"{body}\n{line}", name, public_key, verify)
    _parts(note + line)
    return note + line


def open_note(text: bytes | str, name: str, public_key: bytes, verify: Verify) -> Checkpoint:
    """Give the checkpoint that this key signed. That its origin is the log in question is for the caller to see."""
    return read_checkpoint(signed_text(text, name, public_key, verify))


def signed_text(text: bytes | str, name: str, public_key: bytes, verify: Verify) -> str:
    """Give the text of a note that this key signed, whatever it says.

    Lines of other keys are passed over. Of this key every line has to hold.
    """
    ident = key_id(name, public_key, ED25519)
    body, signatures = _parts(text)
    for signature in _by(signatures, name, ident, SIGNATURE_BYTES):
        if not verify(public_key, body.encode(), signature):
            raise LogProofWrong(f"The signature of {name} does not hold.")
    return body


def cosigned_at(text: bytes | str, name: str, public_key: bytes, verify: Verify) -> int:
    """Give the time, in seconds, at which this witness cosigned the checkpoint; the latest, when it did so twice."""
    ident = key_id(name, public_key, COSIGNATURE)
    body, signatures = _parts(text)
    read_checkpoint(body)
    times = []
    for cosignature in _by(signatures, name, ident, TIME_BYTES + SIGNATURE_BYTES):
        at = int.from_bytes(cosignature[:TIME_BYTES], "big")
        if at > TIME_MAX or not verify(public_key, _cosigned(body, at), cosignature[TIME_BYTES:]):
            raise LogProofWrong(f"The cosignature of {name} does not hold.")
        times.append(at)
    return max(times)


def _by(signatures: Sequence[_Signature], name: str, ident: bytes, length: int) -> list[bytes]:
    """Give the signatures of one key, at least one."""
    found = [signature.data for signature in signatures if (signature.name, signature.key_id) == (name, ident)]
    if not found:
        raise LogProofWrong(f"The note is not signed by {name} with the key that is expected.")
    if any(len(data) != length for data in found):
        raise LogProofWrong(f"The signature of {name} has not the length that its kind has.")
    return found


def _parts(text: bytes | str) -> tuple[str, list[_Signature]]:
    """Part a note at its last empty line into the text and the signatures below."""
    note = _as_text(text)
    body, gap, below = note.rpartition("\n\n")
    lines = below.removesuffix("\n").split("\n")
    if not gap or not below.endswith("\n") or len(lines) > SIGNATURES_MAX:
        raise LogProofWrong(f"A note is a text, an empty line, and one to {SIGNATURES_MAX} signatures.")
    return body + "\n", [_read_line(line) for line in lines]


def _read_line(line: str) -> _Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not encoded:
        raise LogProofWrong("A signature line is a dash, a name and a signature.")
    check_name(name)
    data = strict_base64.read(encoded, f"The signature of {name}")
    if len(data) <= KEY_ID_BYTES:
        raise LogProofWrong(f"The signature of {name} is too short to be one.")
    return _Signature(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def _line(name: str, ident: bytes, signature: bytes) -> str:
    return f"— {name} {strict_base64.written(ident + signature)}\n"


def _signed(sign: Sign, message: bytes) -> bytes:
    signature = sign(message)
    if len(signature) != SIGNATURE_BYTES:
        raise LogProofWrong(f"What was to sign the note did not give {SIGNATURE_BYTES} bytes.")
    return signature


def _cosigned(body: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def _as_text(text: bytes | str) -> str:
    try:
        note = text if isinstance(text, str) else text.decode()
    except UnicodeDecodeError as error:
        raise LogProofWrong("A note is text in UTF-8.") from error
    _as_bytes(note)
    return note


def _as_bytes(text: str) -> bytes:
    """Give the bytes of a text as they are signed, if it is one that a note can have."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise LogProofWrong("The text of a note ends with a line break and has no control characters.")
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise LogProofWrong("A note is text that can be written in UTF-8.") from error
    if len(data) > NOTE_BYTES_MAX:
        raise LogProofWrong(f"A note has at most {NOTE_BYTES_MAX} bytes.")
    return data
