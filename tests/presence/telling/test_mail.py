"""Handing letters to a real mail server on loopback."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from presence.errors import MailUndelivered, SettingsWrong
from presence.telling.mail import Letter, MailServer, mail_server
from tests.certificates import write_certificate
from tests.mailing import PASSWORD, USER, Mailroom, mailroom, text_of

LETTER = Letter("ann@example.org", "Grüße von Ada", "Come in — the kettle is on.\nhttp://localhost:8765/sign-in")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that nobody but who holds it trusts."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


def test_a_letter_arrives_whole(room: Mailroom) -> None:
    mail_server(room.url, "Ada Marsh <ada@marsh.example>").send(LETTER)
    (letter,) = room.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "ann@example.org",
        "Ada Marsh <ada@marsh.example>",
        "Grüße von Ada",
    )
    assert text_of(letter).strip() == LETTER.text
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@marsh.example>")
    assert letter["Date"]
    assert room.signed_in == [(USER.encode(), PASSWORD.encode())]


def test_a_mail_program_is_told_in_one_word_how_to_stop(room: Mailroom) -> None:
    link = "https://ada.example/telling/stop/" + "a" * 12 + "/question_answered.let_in/" + "b" * 64
    mail_server(room.url, USER).send(Letter("ann@example.org", "Grüße " * 20, "Hello", link))
    head = room.raw[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert f"List-Unsubscribe: <{link}>".encode() in head
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head


def test_each_try_of_a_letter_has_the_same_name(room: Mailroom) -> None:
    for _ in range(2):
        mail_server(room.url, USER).send(replace(LETTER, ident="one"))
    mail_server(room.url, USER).send(LETTER)
    names = [letter["Message-ID"] for letter in room.letters]
    assert names[0] == names[1] == "<one@example.org>"
    assert names[2] not in names[:2]
    assert not any("List-Unsubscribe" in letter for letter in room.letters)


def test_a_server_that_refuses_is_told_without_the_address(room: Mailroom) -> None:
    room.refuses = 1
    with pytest.raises(MailUndelivered, match="451") as refused:
        mail_server(room.url, USER).send(LETTER)
    assert "ann@" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:1", "smtp://x:y@127.0.0.1:{port}", "smtp+starttls://127.0.0.1:{port}"]
)
def test_a_server_that_takes_nothing_is_told(room: Mailroom, url: str) -> None:
    with pytest.raises(MailUndelivered):
        mail_server(url.format(port=room.port), USER).send(LETTER)
    assert room.letters == []


@pytest.mark.parametrize("to", ["ann@example.org\nBcc: bob@example.org", "ann@example.org\r\n\r\nHello", ""])
def test_an_address_puts_no_lines_into_a_letter(room: Mailroom, to: str) -> None:
    with pytest.raises(MailUndelivered):
        mail_server(room.url, USER).send(Letter(to, "Hello", "There"))
    assert room.letters == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_over_tls_a_letter_goes_only_to_a_server_that_is_trusted(scheme: str, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    wraps: dict[str, Any] = (
        {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    )
    with mailroom(for_all=True, **wraps) as room:
        url = f"{scheme}://127.0.0.1:{room.port}"
        with pytest.raises(MailUndelivered, match="SSLCert"):
            mail_server(url, USER).send(LETTER)
        assert room.letters == []
        trusting = ssl.create_default_context(cafile=certificate)
        MailServer(scheme, "127.0.0.1", room.port, None, None, USER, lambda: trusting).send(LETTER)
        assert len(room.letters) == 1


def test_an_address_of_a_server_is_read_whole() -> None:
    server = mail_server("smtps://ada%40example.org:p%40ss@mail.example.org", None)
    assert (server.scheme, server.host, server.port) == ("smtps", "mail.example.org", 465)
    assert (server.user, server.password, server.sender) == ("ada@example.org", "p@ss", "ada@example.org")
    assert mail_server("smtp+starttls://mail.example.org", USER).port == 587
    assert mail_server("smtp://[::1]:2525", USER).port == 2525


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://x:y@",
        "smtp://a:99999",
        "smtp://a/b",
        "smtp://a?b",
    ],
)
def test_an_address_that_is_none_is_refused_with_how_it_looks(url: str) -> None:
    with pytest.raises(SettingsWrong, match="smtps://user:password@"):
        mail_server(url, USER)


def test_somebody_has_to_be_the_sender() -> None:
    with pytest.raises(SettingsWrong, match="PRESENCE_MAIL_FROM"):
        mail_server("smtp://ada:secret@mail.example.org", None)
