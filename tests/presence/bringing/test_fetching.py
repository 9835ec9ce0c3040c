"""Pages come from a server into the home, and from there into the notes."""

import ipaddress
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from knowledge.addresses import Door
from knowledge.errors import ImportRefused
from knowledge.memory import MemoryIndex
from presence.bringing.fetching import brought, is_address
from tests.nodes import open_node, take_in

PAGES = {
    "/": b"<html><title>Home</title><main><p>I live by the harbour.</p><a href='/notes/ferry'>Ferry</a></main></html>",
    "/notes/ferry": b"<html><title>Ferry</title><body><main><p>The ferry hums in B flat.</p></main></body></html>",
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, Door]]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    door = Door(lambda _host, _port: ["127.0.0.1"], (ipaddress.ip_network("127.0.0.0/8"),), {port})
    yield f"http://harbour.example:{port}", door
    server.shutdown()
    server.server_close()


def bring(folder: Path, address: str, door: Door, *, site: bool = False) -> tuple[Path, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    return brought(folder, address, site=site, bytes_max=100_000, tell=told.append, door=door), told


def test_a_page_keeps_its_place_and_is_replaced_by_what_it_says_later(tmp_path: Path, site: tuple[str, Door]) -> None:
    address, door = site
    file, told = bring(tmp_path, f"{address}/notes/ferry", door)
    assert file.relative_to(tmp_path).parts[0] == "fetched"
    assert [one["event"] for one in told] == ["fetched"]
    with open_node(tmp_path / "home", index=MemoryIndex()) as services:
        assert take_in(services, file).passages == 1
        PAGES["/notes/ferry"] = PAGES["/notes/ferry"].replace(b"B flat", b"A minor")
        again, _ = bring(tmp_path, f"{address}/notes/ferry", door)
        assert again == file
        assert take_in(services, again).replaced == 1


def test_a_site_is_brought_page_by_page(tmp_path: Path, site: tuple[str, Door]) -> None:
    address, door = site
    folder, told = bring(tmp_path, f"{address}/", door, site=True)
    assert len([one for one in told if one["event"] == "fetched"]) == 2
    assert len([file for file in folder.rglob("*") if file.is_file()]) == 2


def test_what_is_not_there_or_private_is_refused(tmp_path: Path, site: tuple[str, Door]) -> None:
    address, door = site
    with pytest.raises(ImportRefused, match="404"):
        bring(tmp_path, f"{address}/gone", door)
    with pytest.raises(ImportRefused):
        brought(tmp_path, "http://127.0.0.1/", site=False, bytes_max=1_000, tell=lambda _told: None)


def test_only_web_addresses_are_addresses() -> None:
    assert is_address("https://harbour.example/")
    assert not is_address("/home/notes")
    assert not is_address("ftp://harbour.example")
