"""Letting a program in by OAuth 2.1: what it registers as, what it asks, and the code it gets, each sealed.

Nothing is stored for a program before a listener says yes, and then only her key for it (`presence.sessions.bearer`),
whose name is the code's own: a code that comes twice is found out by it, and ends the key (RFC 6749, section 4.1.2).
"""

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from presence.errors import ProgramUnknown
from presence.sessions.bearer import BearerKey, BearerKeys, KeyMadeAlready, Wanted
from presence.sessions.listeners import ListenerSessions, Session
from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import Seal

NAME_CHARS_MAX = 60
ADDRESSES_MAX = 10
ADDRESS_CHARS_MAX = 300
ASKED_SECONDS = 1800
"""So long a listener may think about it, and make herself a key meanwhile."""
CODE_SECONDS = 60
ASKED_CHARS_MAX = 8_000
SECRET, PUBLIC = "client_secret_post", "none"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&()*+,=%-]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_KNOWN = {"cursor", "vscode", "vscode-insiders"}
"""Schemes of editors that are taken, though they are no host's name turned round, as RFC 8252 (7.1) has them."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a program says it is: its name, where it lets people come back to, and how it proves itself."""

    name: str
    addresses: tuple[str, ...]
    proves_by: str = PUBLIC  # `none` or `client_secret_post` (RFC 7591)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a listener is asked: by which program, and what it wants back."""

    program_sha256: str  # of its `client_id`
    name: str
    address: str
    is_explicit: bool
    state: str | None
    challenge: str  # of PKCE, S256
    until: int  # Unix seconds


@dataclass(frozen=True, slots=True)
class Code:
    """What a listener agreed to, as the program carries it back; good once, and for a minute."""

    ident: str  # of the key that it becomes
    program_sha256: str
    did: str
    session: str  # in which she said yes: what ends it ends the code
    address: str
    is_explicit: bool
    challenge: str
    label: str
    seconds: int
    tier_max: int
    questions_per_day: int | None
    spend_micros_per_day: int | None
    until: int


class LettingIn:
    """Seals and opens them with the node's own secret."""

    def __init__(
        self, seal: Seal, bearers: BearerKeys, sessions: ListenerSessions, now: Callable[[], float] = time.time
    ) -> None:
        self._seal = seal
        self._bearers = bearers
        self._sessions = sessions
        self.now = now

    def register(self, program: Program) -> str:
        """Give the `client_id` of a program: all that it said, sealed."""
        return self._close([program.name, list(program.addresses), program.proves_by], "program")

    def program(self, ident: str) -> Program:
        """Give a program by its `client_id`, or raise `ProgramUnknown`."""
        name, addresses, proves_by = self._open(ident, "program")
        return Program(name, tuple(addresses), proves_by)

    def secret_of(self, ident: str) -> str:
        """Give the secret of a program that proves itself by one."""
        return self._seal.name(ident, "program's secret")

    def ask(self, program: str, address: str, *, is_explicit: bool, state: str | None, challenge: str) -> str:
        """Seal what a listener is to be asked."""
        name, until = self.program(program).name, int(self.now()) + ASKED_SECONDS
        return self._close(asdict(Asked(_hash(program), name, address, is_explicit, state, challenge, until)), "asked")

    def asked(self, sealed: str) -> Asked:
        """Give what is asked, or raise `ProgramUnknown`, as of one that is over."""
        asked = Asked(**self._open(sealed, "asked"))
        if asked.until < self.now():
            raise ProgramUnknown
        return asked

    def agree(self, asked: Asked, session: Session, wanted: Wanted) -> str:
        """Give the code by which the program gets its key, or raise `TooManyKeys`."""
        self._bearers.must_have_room(session.did)
        code = Code(
            secrets.token_urlsafe(12),
            asked.program_sha256,
            session.did,
            session.name,
            asked.address,
            asked.is_explicit,
            asked.challenge,
            wanted.label,
            int(wanted.seconds),
            wanted.tier_max,
            wanted.questions_per_day,
            wanted.spend_micros_per_day,
            int(self.now()) + CODE_SECONDS,
        )
        return self._close(asdict(code), "code")

    def code(self, program: str, sealed: str) -> Code:
        """Give what a code of this program says, or raise `ProgramUnknown`."""
        code = Code(**self._open(sealed, "code"))
        if code.program_sha256 != _hash(program):
            raise ProgramUnknown
        return code

    def redeem(self, code: Code) -> tuple[BearerKey, str]:
        """Give the key and its secret, once.

        Raises `TooManyKeys`, `SignInFirst` where the session is over, and `KeyMadeAlready`: then the key is over, too.
        """
        wanted = Wanted(
            code.label,
            code.seconds,
            code.tier_max,
            code.questions_per_day,
            spend_micros_per_day=code.spend_micros_per_day,
        )
        try:
            return self._bearers.make(
                code.did,
                wanted,
                code.ident,
                if_still=lambda owner: self._sessions.must_be_open(owner, code.session, code.did),
            )
        except KeyMadeAlready:
            self._bearers.revoke(code.did, code.ident)
            raise

    def _close(self, told: Any, purpose: str) -> str:
        plain = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
        sealed = self._seal.close(plain.encode(errors="replace"), purpose)
        return sealed.replace("+", "-").replace("/", "_").rstrip("=")

    def _open(self, sealed: str, purpose: str) -> Any:
        try:
            plain = base64.b64encode(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))).decode()
            return json.loads(self._seal.open(plain, purpose))
        except (KeyFileWrong, ValueError) as error:
            raise ProgramUnknown from error


def _hash(program: str) -> str:
    return hashlib.sha256(program.encode()).hexdigest()


def is_an_address_to_come_back_to(address: str) -> bool:
    """Whether a browser may be sent there: TLS, this device, or a program's own scheme (RFC 8252)."""
    if len(address) > ADDRESS_CHARS_MAX or _ADDRESS.fullmatch(address) is None:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme == "http":
        return parts.hostname in _LOOPBACK
    return _SCHEME.fullmatch(parts.scheme) is not None and ("." in parts.scheme or parts.scheme in _KNOWN)


def comes_back_to(registered: str, address: str) -> bool:
    """Whether an address is the registered one; on this device its port may be another one (RFC 8252, 7.3)."""
    if not is_an_address_to_come_back_to(address):
        return False
    one, other = urlsplit(registered), urlsplit(address)
    if (one.scheme, one.path or "/", one.query) != (other.scheme, other.path or "/", other.query):
        return False
    is_here = one.scheme == "http" and one.hostname == other.hostname and one.hostname in _LOOPBACK
    return is_here or one.netloc == other.netloc


def place_of(address: str) -> str | None:
    """Give the host that a listener goes back to; None for a program on her own device."""
    parts = urlsplit(address)
    return parts.netloc if parts.scheme == "https" else None


def with_answer(address: str, told: Mapping[str, str | None]) -> str:
    """Give an address with what a program is told there; the address itself stays as it was registered."""
    added = urlencode({name: value for name, value in told.items() if value is not None})
    return f"{address}{'&' if '?' in address else '?'}{added}"
