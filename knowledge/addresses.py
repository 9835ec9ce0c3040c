"""Gets a page or a feed from an address that the artist names, and from nowhere else.

An address can be made to point into the house: by a name that resolves to a private network, by a redirect,
by a name that resolves differently the second time. So the name is resolved here, every address it has
must be public, the connection goes to exactly that address, and each redirect is looked at in the same way.
"""

import contextlib
import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import httpx

from knowledge.errors import ImportRefused

REDIRECTS_MAX = 5
PORTS = (80, 443)
_PORT_OF = {"http": 80, "https": 443}
_ENDINGS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md",
    "application/rss+xml": ".xml", "application/atom+xml": ".xml", "application/xml": ".xml", "text/xml": ".xml",
    "application/json": ".json", "application/pdf": ".pdf", "text/csv": ".csv", "text/vtt": ".vtt",
}  # fmt: skip
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: its bytes, a name with an ending that says what they are, and where they came from."""

    data: bytes
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Door:
    """How the outside is reached; only tests open another one. `networks` are private ones that may be reached."""

    resolve: Callable[[str, int], Sequence[str]]
    networks: tuple[_Network, ...] = ()
    ports: Collection[int] = PORTS


def _resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


OUTSIDE = Door(_resolved)


def fetched(address: str, *, bytes_max: int, seconds_max: float, door: Door = OUTSIDE) -> Fetched:
    """Get one address, or raise `ImportRefused` with what is wrong about it or about its answer."""
    deadline = time.monotonic() + seconds_max
    url = _checked(address, door)
    for _ in range(REDIRECTS_MAX + 1):
        answer = _asked(url, bytes_max, deadline, door)
        if isinstance(answer, Fetched):
            return answer
        url = _checked(answer, door)
    raise ImportRefused(f"The address sends on more than {REDIRECTS_MAX} times.")


def _checked(address: str, door: Door) -> httpx.URL:
    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError):
        raise ImportRefused("This is no address. Write it as in the browser, with https:// before it.") from None
    if url.scheme not in _PORT_OF or not url.host:
        raise ImportRefused("Only addresses that begin with http:// or https:// can be imported.")
    if url.userinfo:
        raise ImportRefused("An address with a name and a password in it is not imported.")
    if _port(url) not in door.ports:
        raise ImportRefused("An address with a port of its own is not imported.")
    return url.copy_with(fragment=None)


def _port(url: httpx.URL) -> int:
    return url.port or _PORT_OF[url.scheme]


def _addresses(url: httpx.URL, door: Door) -> list[_IPAddress]:
    """Resolve the name once; a single address that is not public makes the whole name suspect."""
    try:
        found = [ipaddress.ip_address(one.partition("%")[0]) for one in door.resolve(_host(url), _port(url))]
    except (OSError, ValueError):
        found = []
    if not found:
        raise ImportRefused(
            f"There is no {url.host[:100]} to be found. Is the address right, and is there a connection?"
        )
    if not all(is_public(one) or any(one in network for network in door.networks) for one in found):
        raise ImportRefused("This address is inside a private network; only public pages can be imported.")
    return found


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii")


def is_public(address: _IPAddress) -> bool:
    """Whether an address is on the open internet: not in this house, and not a way around to it."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local or address in _NAT64
    ):
        return False
    closed = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    return address.is_global and not closed and not address.is_unspecified


def _asked(url: httpx.URL, bytes_max: int, deadline: float, door: Door) -> Fetched | str:
    """Give what the address holds, or where it sends on to."""
    error: httpx.HTTPError | None = None
    for address in _addresses(url, door):
        try:
            return _answer(url, address, bytes_max, deadline)
        except httpx.ConnectError as unreached:
            error = unreached
        except (httpx.HTTPError, RuntimeError) as broken:
            raise ImportRefused(_silence(url, broken, deadline)) from None
    raise ImportRefused(_silence(url, error, deadline))


def _answer(url: httpx.URL, address: _IPAddress, bytes_max: int, deadline: float) -> Fetched | str:
    left = max(deadline - time.monotonic(), 0.001)
    # Compressed answers hide how long they are; a proxy of the environment would resolve the name once more.
    headers = {"host": url.netloc.decode("ascii"), "accept-encoding": "identity", "user-agent": "presence"}
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=left) as client:
        request = client.build_request("GET", url.copy_with(host=str(address)), headers=headers)
        request.extensions["sni_hostname"] = _host(url)
        # Each byte that comes sets the usual clock back; this one runs through.
        bell = threading.Timer(left, client.close)
        bell.daemon = True
        bell.start()
        try:
            with contextlib.closing(client.send(request, stream=True)) as response:
                if response.is_redirect:
                    return str(url.join(response.headers["location"]))
                return Fetched(_body(response, url, bytes_max, deadline), _name(url, response), str(url))
        finally:
            bell.cancel()


def _body(response: httpx.Response, url: httpx.URL, bytes_max: int, deadline: float) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise ImportRefused(
            f"{url.host[:100]} answers {response.status_code}: the page is not there or not for everybody."
        )
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        raise ImportRefused(
            "The page comes packed although nobody asked for it; save it in a browser and import the file."
        )
    body = bytearray()
    for block in response.iter_raw():
        body += block
        if len(body) > bytes_max:
            raise ImportRefused(f"The page is larger than {bytes_max // 1_000_000} MB.")
        if time.monotonic() > deadline:
            raise ImportRefused(_LATE)
    return bytes(body)


def _silence(url: httpx.URL, error: Exception | None, deadline: float) -> str:
    if isinstance(error, httpx.TimeoutException | RuntimeError) or time.monotonic() > deadline:
        return _LATE
    if "CERTIFICATE" in str(error).upper():
        return f"The certificate of {url.host[:100]} is not valid, so that nobody knows whose page it is."
    return f"{url.host[:100]} cannot be reached. Does the page open in a browser?"


def _name(url: httpx.URL, response: httpx.Response) -> str:
    """Name it after the last part of its path, with the ending of what it says it is."""
    last = PurePosixPath(url.path).name or url.host
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    stem = re.sub(r"[^\w.-]+", "-", last)[:120].strip(".-") or "page"
    ending = _ENDINGS.get(kind, "")
    return stem if not ending or stem.lower().endswith(ending) else f"{stem}{ending}"


_LATE = "The page took too long to answer."


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one host, with `www.` before it or without."""
    hosts = [httpx.URL(address).host.removeprefix("www.") for address in (one, other)]
    return hosts[0] == hosts[1]


def host_root(address: str) -> str:
    """Give the address of the first page of the same host."""
    return str(httpx.URL(address).copy_with(raw_path=b"/", fragment=None))


def joined(address: str, link: str) -> Iterator[str]:
    """Give the whole address that a link on a page stands for, if it is one at all."""
    with contextlib.suppress(httpx.InvalidURL, ValueError):
        url = httpx.URL(address).join(link).copy_with(fragment=None)
        if url.scheme in _PORT_OF and url.host:
            yield str(url)
