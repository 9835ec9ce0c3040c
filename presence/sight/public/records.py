"""Text records of the DNS, asked of the machine's own resolver; the answer is believed as far as mail servers do."""

import secrets
import socket
import struct
from pathlib import Path

RESOLV_CONF = Path("/etc/resolv.conf")
SECONDS_MAX = 5.0
TXT, IN = 16, 1
_NO_SUCH_NAME = 3
_RECURSE = 0x0100
_CUT_OFF = 0x0200
_NAME_BYTES_MAX = 63


class NotAsked(Exception):
    """No resolver gave an answer; the message says why."""


def texts(name: str, resolver: tuple[str, int] | None = None) -> list[str]:
    """Give the text records of a name, none where there are none; raises `NotAsked` where nobody says."""
    asked = _question(name)
    try:
        answer = _over_udp(asked, resolver or _first_resolver())
        if struct.unpack("!H", answer[2:4])[0] & _CUT_OFF:
            answer = _over_tcp(asked, resolver or _first_resolver())
        return _read(answer, asked)
    except (OSError, struct.error, IndexError, UnicodeError) as error:
        raise NotAsked(f"the resolver did not answer ({type(error).__name__})") from error


def _first_resolver() -> tuple[str, int]:
    for line in RESOLV_CONF.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            return words[1], 53
    raise NotAsked("no resolver is named in /etc/resolv.conf")


def _question(name: str) -> bytes:
    labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
    if not all(0 < len(label) <= _NAME_BYTES_MAX for label in labels):
        raise NotAsked(f"{name} is no name")
    packed = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack("!HHHHHH", secrets.randbits(16), _RECURSE, 1, 0, 0, 0) + packed + struct.pack("!HH", TXT, IN)


def _over_udp(asked: bytes, resolver: tuple[str, int]) -> bytes:
    family = socket.AF_INET6 if ":" in resolver[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(SECONDS_MAX)
        line.connect(resolver)  # then nobody else's datagram is taken
        line.send(asked)
        return line.recv(4096)


def _over_tcp(asked: bytes, resolver: tuple[str, int]) -> bytes:
    with socket.create_connection(resolver, timeout=SECONDS_MAX) as line, line.makefile("rb") as read:
        line.sendall(struct.pack("!H", len(asked)) + asked)
        return read.read(struct.unpack("!H", read.read(2))[0])


def _read(answer: bytes, asked: bytes) -> list[str]:
    ident, flags, _, count = struct.unpack("!HHHH", answer[:8])
    if ident != struct.unpack("!H", asked[:2])[0]:
        raise NotAsked("the resolver answered another question")
    if flags & 0xF == _NO_SUCH_NAME:
        return []
    if flags & 0xF:
        raise NotAsked(f"the resolver refused (code {flags & 0xF})")
    found, at = [], len(asked)
    for _ in range(count):
        at = _after_name(answer, at)
        kind, _, _, length = struct.unpack("!HHIH", answer[at : at + 10])
        at += 10
        if kind == TXT:
            found.append(_joined(answer[at : at + length]))
        at += length
    return found


def _after_name(answer: bytes, at: int) -> int:
    while (length := answer[at]) != 0:
        if length >= 0xC0:  # the rest of the name stands elsewhere
            return at + 2
        at += 1 + length
    return at + 1


def _joined(data: bytes) -> str:
    """Put the pieces of one record together."""
    pieces, at = [], 0
    while at < len(data):
        pieces.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(pieces).decode("utf-8", "replace")
