"""The way to push services: only by TLS, only to public addresses, to exactly the address that was looked at.

A browser names its push service itself, so whoever can sign in could name a machine of this house. The
name is resolved here, all that it resolves to must be public, and nothing is followed elsewhere.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import httpx

from knowledge.addresses import is_public
from presence.errors import BrowserWrong, PushUndelivered

SECONDS_MAX = 8.0
ENDPOINT_CHARS_MAX = 1_000
_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NOT_OURS = "This browser's push service cannot be used from here. Choose mail instead."


def _resolved(host: str, port: int) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a push service said: a status, and after how many seconds to come again."""

    status: int
    retry_after_s: float = 0.0


@dataclass(slots=True)
class PushDoor:
    """How the outside is reached; only tests change it. `networks` are private ones that may be reached."""

    resolve: Callable[[str, int], Sequence[str]] = _resolved
    networks: tuple[_Network, ...] = ()
    ports: Collection[int] = (443,)
    trusted: ssl.SSLContext | bool = True

    def checked(self, endpoint: str) -> str:
        """Give an endpoint that may be sent to, or raise `BrowserWrong`."""
        self._addresses(self._url(endpoint))
        return endpoint

    def post(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Hand over a push; raises `BrowserWrong`, or `PushUndelivered` where nobody answers."""
        url = self._url(endpoint)
        for address in self._addresses(url):
            try:
                return self._posted(url, address, headers, body)
            except httpx.ConnectError:
                continue
            except (httpx.HTTPError, RuntimeError) as error:
                raise PushUndelivered(f"{url.host}: {type(error).__name__}") from error
        raise PushUndelivered(f"{url.host} cannot be reached")

    def _url(self, endpoint: str) -> httpx.URL:
        try:
            url = httpx.URL(endpoint)
        except (httpx.InvalidURL, ValueError) as error:
            raise BrowserWrong(_NOT_OURS) from error
        is_plain = not url.userinfo and not url.fragment and endpoint.isascii() and endpoint.isprintable()
        if url.scheme != "https" or not url.host or (url.port or 443) not in self.ports or not is_plain:
            raise BrowserWrong(_NOT_OURS)
        return url

    def _addresses(self, url: httpx.URL) -> list[_IPAddress]:
        host = url.raw_host.decode("ascii")
        try:
            found = [ipaddress.ip_address(one.partition("%")[0]) for one in self.resolve(host, url.port or 443)]
        except (OSError, ValueError) as error:
            raise PushUndelivered(f"{url.host} is not to be found") from error
        # A single address that is not public makes the whole name suspect.
        if not found or not all(is_public(one) or any(one in net for net in self.networks) for one in found):
            raise BrowserWrong(_NOT_OURS)
        return list(dict.fromkeys(found))

    def _posted(self, url: httpx.URL, address: _IPAddress, headers: Mapping[str, str], body: bytes) -> Answer:
        # A proxy of the environment would resolve the name once more.
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=SECONDS_MAX, verify=self.trusted) as client:
            told = {**headers, "host": url.netloc.decode("ascii"), "accept-encoding": "identity"}
            request = client.build_request("POST", url.copy_with(host=str(address)), headers=told, content=body)
            request.extensions["sni_hostname"] = url.raw_host.decode("ascii")
            # Each byte that comes sets the usual clock back; this one runs through.
            bell = threading.Timer(SECONDS_MAX, client.close)
            bell.daemon = True
            bell.start()
            try:
                response = client.send(request, stream=True)  # the body is nobody's business
                response.close()
                return Answer(response.status_code, _seconds(response.headers.get("retry-after", "")))
            finally:
                bell.cancel()


def _seconds(text: str) -> float:
    return float(min(int(text), 24 * 3600)) if text.isascii() and text.isdigit() and len(text) < 9 else 0.0
