"""A refusal becomes a sentence, and a wait becomes seconds."""

import email.utils
import socket
import ssl
import time

import httpx
import pytest

from models.remote.address import address_of
from models.remote.refusals import RETRY_AFTER_S, RETRY_AFTER_S_MAX, retry_after_s, silence_of


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("99999999999999999999", RETRY_AFTER_S_MAX),
        (None, RETRY_AFTER_S),
        ("soon", RETRY_AFTER_S),
        ("-3", RETRY_AFTER_S),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
    ],
)
def test_a_wait_is_read_in_every_form(header: str | None, seconds: int) -> None:
    assert retry_after_s(header) == seconds


def test_a_wait_may_be_a_date() -> None:
    assert 500 < retry_after_s(email.utils.formatdate(time.time() + 600, usegmt=True)) <= 601


@pytest.mark.parametrize(
    ("cause", "word"),
    [(ssl.SSLCertVerificationError("bad"), "certificate"), (socket.gaierror("no"), "name"), (OSError("no"), "answer")],
)
def test_the_reason_of_a_silence_is_found(cause: Exception, word: str) -> None:
    error = httpx.ConnectError("failed")
    error.__cause__ = RuntimeError()
    error.__cause__.__context__ = cause
    assert word in str(silence_of(address_of("https://house"), error))
