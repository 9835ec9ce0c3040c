"""How the room is reached from outside: by its public address, through whatever stands in front of it."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from presence.errors import SettingsWrong

SECONDS_MAX = 15.0
AGENT = "presence-doctor"
HTTPS, HTTP = 443, 80


def looked_up(host: str) -> list[str]:
    """Give the addresses of a name, or raise `OSError`."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Reach:
    """A public address, whose certificates are believed, and where names and plain http are looked for."""

    url: str
    trust: ssl.SSLContext
    http_port: int = HTTP
    addresses_of: Callable[[str], list[str]] = looked_up

    @property
    def host(self) -> str:
        """The name, without its port."""
        return urlsplit(self.url).hostname or ""

    @property
    def authority(self) -> str:
        """The name, with its port where it is not the usual one."""
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        """The port of TLS."""
        return urlsplit(self.url).port or HTTPS

    def client(self) -> httpx.Client:
        """Give a client as a stranger's program: no proxy, no cookies, no following."""
        return httpx.Client(
            base_url=self.url,
            verify=self.trust,
            timeout=SECONDS_MAX,
            trust_env=False,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
        )


def trusting(authority: Path | None) -> ssl.SSLContext:
    """Believe what this machine believes, or one authority alone; raises `SettingsWrong` where it cannot be read."""
    try:
        return ssl.create_default_context(cafile=None if authority is None else str(authority))
    except (OSError, ssl.SSLError) as error:
        raise SettingsWrong(f"--trust names {authority}, which holds no certificate that can be read.") from error
