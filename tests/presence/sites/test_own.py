"""The artist's own sites: confirmed while they link back, and looked at again; nothing inside is ever reached."""

import ipaddress
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from bs4 import BeautifulSoup

from knowledge.addresses import Door
from presence.bootstrap import Services
from presence.errors import SiteWrong, UnknownSite
from presence.sessions.origins import Origins
from presence.sites import OwnSites
from presence.sites.own import NO_LINK, SITES_MAX, WEEK_SECONDS
from tests.nodes import client_of

HERE = "https://room.example"
LINK = '<p><a rel="nofollow ME" href="https://room.example/">my room</a></p>'


class Pages(BaseHTTPRequestHandler):
    """A small site: a path's status and body, or where it sends on to."""

    pages: ClassVar[dict[str, tuple[int, str]]] = {}

    def do_GET(self) -> None:
        status, body = self.pages.get(self.path, (404, ""))
        self.send_response(status)
        if status in (301, 302):
            self.send_header("location", body)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    Pages.pages = {"/": (200, LINK)}
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def sites(node: Services, port: int, clock: list[float]) -> OwnSites:
    """Sites whose names all lead to the small site."""
    private = (ipaddress.ip_network("127.0.0.0/8"),)
    door = Door(lambda _host, _port: ["127.0.0.1"], private, ports=(port,))
    return OwnSites(node.database, node.lane, Origins(HERE, 80), door=door, now=lambda: clock[0])


def test_a_site_that_links_back_is_confirmed(sites: OwnSites, port: int) -> None:
    site = sites.add(f"http://ada.example:{port}")
    assert (site.confirmed, site.why, site.address) == (True, "", f"http://ada.example:{port}/")
    assert sites.all() == [site]


@pytest.mark.parametrize(
    "page",
    [
        "",
        '<a href="https://room.example/">no rel</a>',
        '<a rel="me" href="https://other.example/">elsewhere</a>',
        '<a rel="me" href="https://room.example.evil.example/">nearly</a>',
        '<a rel="me" href="http://room.example/">not the same</a>',
        '<a rel="me" href="https://room.example/sources/x">a page of it</a>',
        '<!-- <a rel="me" href="https://room.example/">said by nobody</a> -->',
        '<a rel="me" href="https://[">broken</a>',
    ],
)
def test_one_that_does_not_is_not(sites: OwnSites, port: int, page: str) -> None:
    Pages.pages["/"] = (200, page)
    site = sites.add(f"http://ada.example:{port}")
    assert (site.confirmed, site.why) == (False, NO_LINK)


@pytest.mark.parametrize("page", ['<link href="https://ROOM.example" rel=me>', LINK])
def test_a_link_in_the_head_counts_too(sites: OwnSites, port: int, page: str) -> None:
    Pages.pages["/"] = (200, page)
    assert sites.add(f"http://ada.example:{port}").confirmed


def test_it_is_looked_at_again_after_a_week(sites: OwnSites, port: int, clock: list[float]) -> None:
    sites.add(f"http://ada.example:{port}")
    Pages.pages["/"] = (200, "gone")
    clock[0] += WEEK_SECONDS - 1
    assert sites.look_at_due() == 0
    assert sites.all()[0].confirmed
    clock[0] += 1
    assert sites.look_at_due() == 1
    assert not sites.all()[0].confirmed


def test_a_site_that_sends_on_elsewhere_confirms_nothing(sites: OwnSites, port: int) -> None:
    Pages.pages |= {"/": (302, f"http://other.example:{port}/mine"), "/mine": (200, LINK)}
    site = sites.add(f"http://ada.example:{port}")
    assert not site.confirmed
    assert "sends on" in site.why


def test_its_www_is_the_same_site(sites: OwnSites, port: int) -> None:
    Pages.pages |= {"/": (301, f"http://www.ada.example:{port}/home"), "/home": (200, LINK)}
    assert sites.add(f"http://ada.example:{port}").confirmed


def test_nothing_inside_is_reached(node: Services, port: int) -> None:
    sites = OwnSites(node.database, node.lane, Origins(HERE, 80), door=Door(lambda *_: ["127.0.0.1"], ports=(port,)))
    site = sites.add(f"http://ada.example:{port}")
    assert not site.confirmed
    assert "private network" in site.why


def test_nor_by_sending_on(node: Services, port: int) -> None:
    def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "ada.example" else ["10.0.0.1"]

    door = Door(resolve, (ipaddress.ip_network("127.0.0.0/8"),), ports=(port,))
    Pages.pages["/"] = (302, f"http://www.ada.example:{port}/")
    site = OwnSites(node.database, node.lane, Origins(HERE, 80), door=door).add(f"http://ada.example:{port}")
    assert not site.confirmed
    assert "private network" in site.why


@pytest.mark.parametrize(
    "address",
    ["", "ftp://ada.example", "javascript:alert(1)", 'https://a"b.example', "https://u:p@ada.example", "https://",
     "https://ada.example:99999", "https://ada.example/<b>", f"https://ada.example/{'x' * 300}"],
)  # fmt: skip
def test_what_is_no_address_is_refused(node: Services, address: str) -> None:
    with pytest.raises(SiteWrong):
        node.sites.own.add(address)
    assert node.sites.own.all() == []


def test_a_site_can_be_removed(sites: OwnSites, port: int) -> None:
    sites.add(f"http://ada.example:{port}")
    sites.remove(f"http://ada.example:{port}/")
    assert sites.all() == []
    with pytest.raises(UnknownSite):
        sites.remove(f"http://ada.example:{port}")


def test_one_that_was_removed_while_it_was_looked_at_stays_removed(sites: OwnSites, port: int) -> None:
    site = sites.add(f"http://ada.example:{port}")
    sites.remove(site.address)
    sites.look(site)
    assert sites.all() == []


def test_there_is_an_end_to_the_list(sites: OwnSites, port: int) -> None:
    for number in range(SITES_MAX):
        sites.add(f"http://ada.example:{port}/{number}")
    with pytest.raises(SiteWrong):
        sites.add(f"http://ada.example:{port}/more")


def test_the_room_shows_which_are_confirmed(node: Services, sites: OwnSites, port: int) -> None:
    sites.add(f"http://ada.example:{port}/")
    sites.add(f"http://ada.example:{port}/none")
    with client_of(node) as client:
        soup = BeautifulSoup(client.get("/").text, "html.parser")
    shown = soup.select(".elsewhere li")
    assert [one.a["href"] for one in shown if one.a] == [
        f"http://ada.example:{port}/",
        f"http://ada.example:{port}/none",
    ]
    assert ["not" in one.get_text() for one in shown] == [False, True]
    assert [one["rel"] for one in soup.select(".elsewhere a")] == [["me"], ["me"]]
    told = soup.select('script[type="application/ld+json"]')[0].get_text()
    assert f'"sameAs": ["http://ada.example:{port}/"]' in told
