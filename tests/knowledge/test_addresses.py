"""What is got from an address, and what never is."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from knowledge.addresses import Door, Fetched, fetched
from knowledge.errors import ImportRefused
from knowledge.sites import Unfetched, site_pages

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class Pages(BaseHTTPRequestHandler):
    """A small site; `pages` maps a path to status, type, body."""

    pages: ClassVar[dict[str, tuple[int, str, bytes]]] = {}
    hosts: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["host"])
        status, kind, body = self.pages.get(self.path, (404, "text/html", b"Nothing."))
        self.send_response(status)
        self.send_header("location" if status in (301, 302) else "content-type", kind)
        self.end_headers()
        if kind == "slow":
            self._drip()
        self.wfile.write(body)

    def _drip(self) -> None:
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a listener that hangs up is expected
    Pages.pages, Pages.hosts = {}, []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def loopback(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def get(
    address: str, port: int, *, bytes_max: int = 1_000, seconds_max: float = 5, door: Door | None = None
) -> Fetched:
    own = door or Door(loopback, LOOPBACK, (80, 443, port))
    return fetched(address, bytes_max=bytes_max, seconds_max=seconds_max, door=own)


def refused(address: str, door: Door) -> str:
    with pytest.raises(ImportRefused) as refusal:
        fetched(address, bytes_max=1_000, seconds_max=2, door=door)
    return refusal.value.reason


def test_a_page_is_got_from_the_address_that_was_checked_under_its_own_name(site: int) -> None:
    Pages.pages = {"/low-tide": (200, "text/html; charset=utf-8", b"<p>Text.</p>")}
    page = get(f"http://tide.example:{site}/low-tide#top", site)
    assert page == Fetched(b"<p>Text.</p>", "low-tide.html", f"http://tide.example:{site}/low-tide")
    assert Pages.hosts == [f"tide.example:{site}"]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:8.8.8.8",
     "::ffff:127.0.0.1", "2002:7f00:1::", "2001:0:1::", "64:ff9b::7f00:1", "fec0::1"],
)  # fmt: skip
def test_what_is_not_public_is_never_reached(address: str) -> None:
    assert "private network" in refused("http://tide.example/", Door(lambda *_: [address]))


def test_one_private_address_among_public_ones_is_enough() -> None:
    assert "private network" in refused("http://tide.example/", Door(lambda *_: ["93.184.216.34", "127.0.0.1"]))


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_number_is_checked_like_a_name(host: str) -> None:
    reason = refused(
        f"http://{host}/", Door(lambda name, port: [str(one[4][0]) for one in socket.getaddrinfo(name, port)])
    )
    assert "private network" in reason


def test_the_certificate_must_be_that_of_the_name(site: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[object] = []

    def shake(*_: object, server_hostname: str | None = None, **__: object) -> None:
        names.append(server_hostname)
        raise ssl.SSLError

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", shake)
    with pytest.raises(ImportRefused, match="cannot be reached"):
        get(f"https://tide.example:{site}/", site)
    assert names == ["tide.example"]


def test_a_redirect_is_checked_like_the_first_address(site: int) -> None:
    Pages.pages = {"/a": (302, "http://inside.example/secret", b"")}
    door = Door(lambda host, _: ["10.0.0.1"] if host == "inside.example" else ["127.0.0.1"], LOOPBACK, (80, site))
    assert "private network" in refused(f"http://tide.example:{site}/a", door)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/", "http://a:b@tide.example/", "gopher://x"])
def test_a_redirect_elsewhere_than_to_the_web_is_refused(site: int, target: str) -> None:
    Pages.pages = {"/a": (302, target, b"")}
    with pytest.raises(ImportRefused):
        get(f"http://tide.example:{site}/a", site)


def test_a_name_is_resolved_once_for_every_request(site: int) -> None:
    asked = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    Pages.pages = {"/": (200, "text/html", b"Text.")}
    assert get(f"http://tide.example:{site}/", site, door=Door(rebinding, LOOPBACK, (site,))).data == b"Text."
    assert asked == ["tide.example"]


def test_redirects_are_followed_and_counted(site: int) -> None:
    Pages.pages = {f"/{n}": (301, f"/{n + 1}", b"") for n in range(6)} | {"/6": (200, "text/plain", b"Text.")}
    assert get(f"http://tide.example:{site}/1", site).address == f"http://tide.example:{site}/6"
    with pytest.raises(ImportRefused, match="more than 5 times"):
        get(f"http://tide.example:{site}/0", site)


@pytest.mark.parametrize(
    ("address", "why"),
    [("file:///etc/passwd", "http"), ("ftp://tide.example/", "http"), ("tide.example", "http"), ("http://", "http"),
     ("http://ada:secret@tide.example/", "password"), ("http://tide.example:8080/", "port"),
     ("http://tide.example:x/", "address")],
)  # fmt: skip
def test_other_addresses_are_refused(address: str, why: str) -> None:
    assert why in refused(address, Door(loopback, LOOPBACK))


def test_a_page_may_not_be_larger_than_allowed(site: int) -> None:
    Pages.pages = {"/": (200, "text/html", b"x" * 1_001), "/a": (200, "text/html", b"x" * 1_000)}
    assert len(get(f"http://tide.example:{site}/a", site).data) == 1_000
    with pytest.raises(ImportRefused, match="larger than"):
        get(f"http://tide.example:{site}/", site)


def test_a_page_that_drips_is_given_up(site: int) -> None:
    Pages.pages = {"/": (200, "slow", b"")}
    begun = time.monotonic()
    with pytest.raises(ImportRefused, match="too long"):
        get(f"http://tide.example:{site}/", site, seconds_max=0.4)
    assert time.monotonic() - begun < 3


def test_a_page_that_is_not_there_says_so(site: int) -> None:
    with pytest.raises(ImportRefused, match="answers 404"):
        get(f"http://tide.example:{site}/lost", site)


def test_a_name_that_is_none_says_so() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    assert "to be found" in refused("http://tide.example/", Door(unknown))


def pages(site: int, **more: int) -> tuple[list[str], list[Unfetched]]:
    door = Door(loopback, LOOPBACK, (site,))
    start = f"http://tide.example:{site}/"
    paused: list[float] = []
    found = list(site_pages(start, bytes_max=9_000, seconds_max=5, door=door, pause=paused.append, **more))
    had = [page.address.partition(str(site))[2] for page in found if isinstance(page, Fetched)]
    assert len(paused) >= len(had) - 1
    return had, [page for page in found if isinstance(page, Unfetched)]


LINKS = b"<a href='/one'>1</a><a href='two.html#x'>2</a><a href='/one/'>1</a><a href='http://other.example/'>o</a>"


def test_the_sitemap_names_the_pages(site: int) -> None:
    urls = "".join(
        f"<url><loc>http://tide.example:{site}/{path}</loc></url>" for path in ("", "one", "song.mp3", "lost")
    )
    index = f"<sitemapindex><sitemap><loc>http://tide.example:{site}/more.xml</loc></sitemap></sitemapindex>"
    Pages.pages = {
        "/": (200, "text/html", LINKS),
        "/sitemap.xml": (200, "text/xml", index.encode()),
        "/more.xml": (200, "text/xml", f"<urlset>{urls}</urlset>".encode()),
        "/one": (200, "text/html", b"One."),
    }
    had, lost = pages(site)
    assert had == ["/", "/one"]
    assert ["404" in page.reason for page in lost] == [True]


def test_without_a_sitemap_the_links_of_the_page_do(site: int) -> None:
    Pages.pages = dict.fromkeys(("/", "/one", "/two.html"), (200, "text/html", LINKS))
    assert pages(site) == (["/", "/one", "/two.html"], [])


def test_a_site_has_its_limit(site: int) -> None:
    Pages.pages = dict.fromkeys(("/", "/one", "/two.html"), (200, "text/html", LINKS))
    had, lost = pages(site, pages_max=2)
    assert had == ["/", "/one"]
    assert "Only the first 2 pages" in lost[-1].reason
