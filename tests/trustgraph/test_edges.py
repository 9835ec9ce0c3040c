"""Keys and signatures at the edges of Ed25519, where libraries disagree: here all of them are refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.signing import VerifyKey

from tests.trustgraph.curve import (
    BASE,
    IDENTITY,
    L,
    P,
    Point,
    add,
    challenge,
    decode,
    encode,
    holds,
    small_encodings,
    times,
    torsion,
    written,
)  # fmt: skip
from tests.trustgraph.signing import NOW, Scene, key
from trustgraph.did import did_of, key_of
from trustgraph.envelopes import verify
from trustgraph.errors import DocumentRefused

MESSAGE = b"let me in"
SECRET, SECRET_NONCE = 0x1234567890ABCDEF, 0xFEDCBA0987654321
TWIST = 1  # the multiple of the point of order eight that is mixed in


def code_of(public: bytes, signature: bytes, message: bytes = MESSAGE) -> str:
    try:
        verify(did_of(public), message, signature)
    except DocumentRefused as error:
        return error.code
    return "ok"


def signature_of(nonce_point: bytes, s: int) -> bytes:
    return nonce_point + s.to_bytes(32, "little")


def test_the_arithmetic_here_makes_signatures_that_are_accepted() -> None:
    public, nonce_point = encode(times(SECRET, BASE)), encode(times(SECRET_NONCE, BASE))
    s = (SECRET_NONCE + challenge(nonce_point, public, MESSAGE) * SECRET) % L
    assert code_of(public, signature_of(nonce_point, s)) == "ok"


def test_there_are_fourteen_ways_to_write_a_point_of_small_order() -> None:
    assert len(set(small_encodings())) == 14
    assert all(times(8, decode(way)) == IDENTITY for way in small_encodings())


@pytest.mark.parametrize("public", small_encodings(), ids=lambda way: way.hex()[:6] + way.hex()[-2:])
def test_no_key_of_small_order_is_a_key(public: bytes) -> None:
    with pytest.raises(DocumentRefused) as refused:
        key_of(did_of(public))
    assert refused.value.code == "weak_key"
    assert code_of(public, bytes(64)) == "weak_key"
    assert code_of(public, signature_of(public, 0)) == "weak_key"


@pytest.mark.parametrize("multiple", range(1, 8))
def test_no_mixed_key_is_a_key(multiple: int) -> None:
    """A sound key plus a point of small order."""
    public = encode(add(times(SECRET, BASE), torsion()[multiple]))
    assert code_of(public, bytes(64)) == "weak_key"


@pytest.mark.parametrize("y", range(P, 2**255))
@pytest.mark.parametrize("sign", [0, 1])
def test_no_key_is_written_with_a_number_of_the_field_or_more(y: int, sign: int) -> None:
    assert code_of(written(y, sign), bytes(64)) == "weak_key"


def test_bytes_that_are_no_point_are_no_key() -> None:
    off_curve = next(written(y, 0) for y in range(2, 50) if not _is_point(written(y, 0)))
    assert code_of(off_curve, bytes(64)) == "weak_key"


def _is_point(data: bytes) -> bool:
    try:
        decode(data)
    except ValueError:
        return False
    return True


# The twelve cases of ed25519-speccheck, made anew with the properties that its table names.


def made(key_twist: int, nonce_twist: int, *, strict: bool, a: int = SECRET, r: int = SECRET_NONCE) -> Any:
    """Make a key, a message and a signature with twists, for which the strict equation holds, or only the lenient."""
    public, nonce_at = add(times(a, BASE), torsion()[key_twist]), add(times(r, BASE), torsion()[nonce_twist])
    for count in range(200):
        message = MESSAGE + bytes([count])
        h = challenge(encode(nonce_at), encode(public), message)
        s = (r + h * a) % L
        if holds(public, nonce_at, s, h) == strict and holds(public, nonce_at, s, h, 8):
            return encode(public), message, signature_of(encode(nonce_at), s)
    raise AssertionError("there is such a message")


SPECCHECK = {
    "0 small A and small R, S is 0": lambda: made(1, 1, strict=True, a=0, r=0),
    "1 small A, mixed R": lambda: made(1, 1, strict=True, a=0),
    "2 mixed A, small R": lambda: made(1, 1, strict=True, r=0),
    "3 mixed A, mixed R": lambda: made(1, 1, strict=True),
    "4 mixed A and R, only with the cofactor": lambda: made(1, 1, strict=False),
    "5 mixed A, sound R, only with the cofactor": lambda: made(1, 0, strict=False),
}


@pytest.mark.parametrize("case", SPECCHECK)
def test_signatures_by_keys_with_a_twist_are_refused(case: str) -> None:
    public, message, signature = SPECCHECK[case]()
    assert not crypto_core_ed25519_is_valid_point(public)
    assert code_of(public, signature, message) == "weak_key"


def test_libsodium_alone_would_accept_the_third_case() -> None:
    """So the look at the point is needed; should libsodium become stricter, this says it."""
    public, message, signature = SPECCHECK["3 mixed A, mixed R"]()
    assert VerifyKey(public).verify(message, signature) == message


def test_a_sound_key_with_a_twisted_nonce_signs_nothing() -> None:
    public, message, signature = made(0, 1, strict=False)
    assert code_of(public, signature, message) == "bad_signature"


@pytest.mark.parametrize("extra", [1, 2, 8, 15])
def test_cases_six_and_seven_a_signature_with_the_order_added_is_refused(extra: int) -> None:
    signer = key("ada")
    good = signer.sign(MESSAGE)
    s = int.from_bytes(good[32:], "little") + extra * L
    assert code_of(signer.public_key, good[:32] + s.to_bytes(32, "little")) == "bad_signature"


def non_canonical(point: Point) -> bytes:
    return written(point[1] + P, point[0] & 1)


@pytest.mark.parametrize("is_rewritten", [False, True])
def test_cases_eight_and_nine_a_nonce_that_is_not_canonical_is_refused(is_rewritten: bool) -> None:
    """R is zero, written as p + 1; the hash is over that or over what it is reduced to."""
    public, nonce_point = encode(times(SECRET, BASE)), non_canonical(IDENTITY)
    h = challenge(encode(IDENTITY) if is_rewritten else nonce_point, public, MESSAGE)
    assert holds(decode(public), decode(nonce_point), h * SECRET % L, h)
    assert code_of(public, signature_of(nonce_point, h * SECRET % L)) == "bad_signature"


@pytest.mark.parametrize("is_rewritten", [False, True])
def test_cases_ten_and_eleven_a_key_that_is_not_canonical_is_refused(is_rewritten: bool) -> None:
    public, nonce_at = non_canonical(IDENTITY), times(SECRET_NONCE, BASE)
    h = challenge(encode(nonce_at), encode(IDENTITY) if is_rewritten else public, MESSAGE)
    assert holds(decode(public), nonce_at, SECRET_NONCE, h)
    assert code_of(public, signature_of(encode(nonce_at), SECRET_NONCE)) == "weak_key"


def test_a_nonce_of_small_order_is_refused_under_a_sound_key() -> None:
    public = encode(times(SECRET, BASE))
    h = challenge(encode(IDENTITY), public, MESSAGE)
    assert code_of(public, signature_of(encode(IDENTITY), h * SECRET % L)) == "bad_signature"


GOOD = key("ada").sign(MESSAGE)
BROKEN = {
    **{f"cut to {size}": GOOD[:size] for size in range(64)},
    "a zero byte more": GOOD + b"\0",
    "a zero byte before": b"\0" + GOOD,
    "twice": GOOD + GOOD,
    "with the message": GOOD + MESSAGE,
    "zero": bytes(64),
    "all ones": b"\xff" * 64,
    "S is 0": GOOD[:32] + bytes(32),
    "S is 1": signature_of(GOOD[:32], 1),
    "S is the order": signature_of(GOOD[:32], L),
    "S is one less than the order": signature_of(GOOD[:32], L - 1),
    "S is as high as it gets": GOOD[:32] + b"\xff" * 32,
    "S negated": signature_of(GOOD[:32], L - int.from_bytes(GOOD[32:], "little")),
    "R is 0": bytes(32) + GOOD[32:],
    "R is p": signature_of(written(P, 0), 1),
    "R is the key": key("ada").public_key + GOOD[32:],
    "halves the other way round": GOOD[32:] + GOOD[:32],
    "big endian": GOOD[:32] + GOOD[:31:-1],
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_signature_is_refused_and_never_an_error(how: str) -> None:
    assert code_of(key("ada").public_key, BROKEN[how]) == "bad_signature"
    scene = Scene()
    envelope = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    envelope["signatures"][0]["sig"] = base64.b64encode(BROKEN[how]).decode()
    assert scene.verdict(envelope) == "bad_signature"


@settings(deadline=None, database=None)
@given(st.binary(max_size=130), st.binary(max_size=60))
def test_no_bytes_are_a_signature_by_chance(signature: bytes, message: bytes) -> None:
    assert code_of(key("ada").public_key, signature, message) == "bad_signature"


def test_of_all_envelopes_with_one_bit_changed_none_is_accepted() -> None:
    scene = Scene()
    envelope = json.dumps(key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))).encode()
    verdicts = set()
    for bit in range(len(envelope) * 8):
        changed = bytearray(envelope)
        changed[bit // 8] ^= 1 << bit % 8
        verdicts.add(scene.verdict(bytes(changed)))
    assert "ok" not in verdicts
    assert "bad_signature" in verdicts
    assert scene.replay.accept(envelope, "grant", NOW).seq == 2
