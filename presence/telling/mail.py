"""Letters, and the mail server that takes them: `smtp://`, `smtps://` or `smtp+starttls://`."""

import secrets
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote, urlsplit

from presence.errors import MailUndelivered, SettingsWrong
from presence.telling.waiting import Parcel

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
SERVER_SECONDS_MAX = 15.0
_SHAPE = "PRESENCE_SMTP_URL looks like smtps://user:password@mail.example.org; smtp and smtp+starttls are known, too."


_WHOLE_LINES = default.clone(max_line_length=900)
"""An address in a header is one word: broken up to fit into 78 characters, mail programs do not know it again."""


@dataclass(frozen=True, slots=True)
class Letter(Parcel):
    """A short text to one person; `stop` is where her mail program says for her that she wants no more of these."""

    to: str
    subject: str
    text: str
    stop: str | None = None


class Post(Protocol):
    """Takes letters."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over, or raise `MailUndelivered`."""
        ...


@dataclass(frozen=True, slots=True)
class MailServer:
    """One SMTP server; a connection for each letter."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    sender: str
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def send(self, letter: Letter) -> None:
        """Hand a letter over, or raise `MailUndelivered`."""
        try:
            message = _message(letter, self.sender)
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except (OSError, smtplib.SMTPException, MessageError, ValueError) as error:
            raise MailUndelivered(f"The mail server at {self.host} did not take a letter: {_why(error)}") from error

    def greet(self) -> None:
        """Sign in and out again without a letter, or raise `MailUndelivered`."""
        try:
            with self._connected() as server:
                server.ehlo_or_helo_if_needed()
                if self.user is not None:
                    server.login(self.user, self.password or "")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailUndelivered(f"The mail server at {self.host} does not let us in: {_why(error)}") from error

    def _connected(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SERVER_SECONDS_MAX, context=self.tls())
        server = smtplib.SMTP(self.host, self.port, timeout=SERVER_SECONDS_MAX)
        if self.scheme == "smtp+starttls":
            try:
                server.starttls(context=self.tls())
            except BaseException:
                server.close()
                raise
        return server


def mail_server(url: str, sender: str | None) -> MailServer:
    """Read a mail server's address, or raise `SettingsWrong`; the user is the sender where none is set."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SettingsWrong(_SHAPE) from error
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingsWrong(_SHAPE)
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    sender = sender or (user if user is not None and "@" in user else None)
    if sender is None:
        raise SettingsWrong("PRESENCE_MAIL_FROM: say which address mail comes from, such as ada@example.org.")
    return MailServer(parts.scheme, host, port or PORTS[parts.scheme], user, password, sender)


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=_WHOLE_LINES if letter.stop else default)
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = formatdate(localtime=False)
    # The same for each try, so that a letter which came twice can be known as one.
    ident = letter.ident or secrets.token_urlsafe(12)
    message["Message-ID"] = f"<{ident}@{sender.rpartition('@')[2].rstrip('> ')}>"
    message["Auto-Submitted"] = "auto-generated"  # nobody's absence note answers
    if letter.stop is not None:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(letter.text)
    return message


def _why(error: Exception) -> str:
    """Name what went wrong; a server's own words may repeat the letter's address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__}, {code}" if code is not None else type(error).__name__
