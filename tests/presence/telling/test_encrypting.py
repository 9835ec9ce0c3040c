"""Pushes are sealed as the RFCs have it: their own examples, and a reader that knows nothing of our writer."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from presence.telling.encrypting import PADDED_BYTES, encrypted, point_of
from tests.push_service import Browser, unb64

# RFC 8291, appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SENDER_POINT = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BROWSER_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SALT, AUTH = "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), ec.SECP256R1())


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    sender = private(SENDER)
    assert point_of(sender.public_key()) == unb64(SENDER_POINT)
    sealed = encrypted(TEXT, unb64(BROWSER_POINT), unb64(AUTH), key=sender, salt=unb64(SALT), padded_bytes=0)
    assert sealed == unb64(MESSAGE)


def test_the_reader_of_these_tests_opens_the_example_of_the_rfc() -> None:
    browser = Browser("", "", private(BROWSER), unb64(AUTH))
    assert browser.point == unb64(BROWSER_POINT)
    assert browser.open(unb64(MESSAGE)) == TEXT


@pytest.mark.parametrize("text", [b"", b"a", b"\x02\x00", "Grüße".encode(), b"x" * PADDED_BYTES])
def test_what_is_sealed_is_opened_and_nothing_can_be_told_from_its_length(text: bytes) -> None:
    browser = Browser("", "")
    sealed = encrypted(text, browser.point, browser.auth)
    assert browser.open(sealed) == text
    assert len(sealed) == len(encrypted(b"another", browser.point, browser.auth)) <= 4096
    assert encrypted(text, browser.point, browser.auth) != sealed


def test_nobody_else_opens_it() -> None:
    browser, other = Browser("", ""), Browser("", "")
    sealed = encrypted(b"secret", browser.point, browser.auth)
    for thief in (other, Browser("", "", browser.key), Browser("", "", other.key, browser.auth)):
        with pytest.raises(InvalidTag):
            thief.open(sealed)


def test_what_does_not_fit_is_refused() -> None:
    browser = Browser("", "")
    with pytest.raises(ValueError, match="too long"):
        encrypted(b"x" * (PADDED_BYTES + 1), browser.point, browser.auth)
    with pytest.raises(ValueError, match="Invalid EC key"):
        encrypted(b"x", b"\x04" + b"\x01" * 64, browser.auth)
