"""A real mail server on loopback, and what came in at it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "ada@example.org", "a p@ss/word"


@dataclass
class Mailroom:
    """Keeps letters; it turns the next `refuses` of them away first."""

    refuses: int = 0
    for_all: bool = False
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    taken: int = 0
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    signed_in: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter in, or turn it away for now."""
        if not (self.for_all or session.authenticated):
            return "530 Sign in"
        if self.refuses:
            self.refuses -= 1
            self.arrived.release()
            return "451 Later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.raw.append(envelope.content)
        self.arrived.release()
        return "250 OK"

    def sign_in(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        """Let in who knows the password."""
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def next(self) -> EmailMessage:
        """Wait for the next letter; each is given once, in the order in which they came."""
        assert self.arrived.acquire(timeout=30), "no letter came"
        self.taken += 1
        return self.letters[self.taken - 1]

    @property
    def url(self) -> str:
        """The address of the server, with a user who has to be written in percents."""
        return f"smtp://ada%40example.org:a%20p%40ss%2Fword@127.0.0.1:{self.port}"


class AtFreePort(Controller):
    """Takes the port that the system gives it."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mailroom(*, for_all: bool = False, **server: Any) -> Iterator[Mailroom]:
    """Open a mail server for who signs in, or for all."""
    room = Mailroom(for_all=for_all)
    options = {"auth_require_tls": False, "authenticator": room.sign_in, **server}
    controller = AtFreePort(room, hostname="127.0.0.1", port=0, ready_timeout=30, **options)
    controller.start()
    try:
        room.port = controller.port
        yield room
    finally:
        controller.stop()


def link_in(letter: EmailMessage) -> str:
    """Give the link that a letter holds."""
    found = re.search(r"https?://\S+", text_of(letter))
    assert found is not None
    return found[0]


def text_of(letter: EmailMessage) -> str:
    """Give the text of a letter."""
    return str(letter.get_content()).replace("\r\n", "\n")
