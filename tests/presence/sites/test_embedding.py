"""The list of sites that may show the room, on both databases."""

from pathlib import Path

import pytest

from presence.bootstrap import Services
from presence.errors import NotEmbedded, SiteFull, SiteWrong, UnknownSite
from presence.sites.embedding import SITES_MAX, EmbedSite
from tests.nodes import client_of, open_node, take_in, write_notes

SITE = "https://blog.example"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Blog.example/", SITE),
        ("https://blog.example:443", SITE),
        ("https://blog.example:8443", "https://blog.example:8443"),
        ("http://localhost:4000", "http://localhost:4000"),
        ("https://xn--sngerin-5wa.example", "https://xn--sngerin-5wa.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(node: Services, given: str, kept: str) -> None:
    assert node.sites.embeds.add(given).origin == kept
    assert node.sites.embeds.site(kept).origin == kept


@pytest.mark.parametrize(
    "origin",
    ["", "blog.example", "http://blog.example", "https://*.example", "https://blog.example/page", "https://a;b.example",
     "https://blog.example 'self'", "https://u@blog.example", "null", "https://blog.example:x", "https://sängerin.example",
     "javascript:alert(1)", "data:text/html,x", f"https://{'a' * 300}.example", "https://blog.example?x"],
)  # fmt: skip
def test_what_is_none_never_gets_into_a_header(node: Services, origin: str) -> None:
    with pytest.raises(SiteWrong):
        node.sites.embeds.add(origin)
    assert node.sites.embeds.all() == []


@pytest.mark.parametrize("number", [0, -1, 100_001])
def test_numbers_have_an_end(node: Services, number: int) -> None:
    with pytest.raises(SiteWrong):
        node.sites.embeds.add(SITE, per_day=number)


def test_a_site_is_added_once_and_its_numbers_can_change(node: Services) -> None:
    node.sites.embeds.add(SITE, 1, 2)
    node.sites.embeds.add(SITE, 3, 4)
    assert node.sites.embeds.all() == [EmbedSite(SITE, 3, 4)]


def test_a_site_can_be_removed(node: Services) -> None:
    node.sites.embeds.add(SITE)
    node.sites.embeds.remove(SITE)
    with pytest.raises(NotEmbedded):
        node.sites.embeds.site(SITE)
    with pytest.raises(UnknownSite):
        node.sites.embeds.remove(SITE)


def test_there_is_an_end_to_the_list(node: Services) -> None:
    for number in range(SITES_MAX):
        node.sites.embeds.add(f"https://blog{number}.example")
    with pytest.raises(SiteWrong):
        node.sites.embeds.add(SITE)


def test_no_two_sites_share_a_mark() -> None:
    assert EmbedSite(SITE).mark != EmbedSite(f"{SITE}:8443").mark
    assert len(EmbedSite(SITE).mark) == len("embed:") + 16 + 1


def test_what_was_asked_today_is_counted_by_site(tmp_path: Path, database_url: str | None) -> None:
    with open_node(tmp_path / "home", database_url=database_url) as node, client_of(node) as client:
        take_in(node, write_notes(tmp_path / "notes", {"a.md": "I wrote Pilot Ladder in Leeds."}))
        mine, other = node.sites.embeds.add(SITE, per_day=2), node.sites.embeds.add("https://other.example", per_day=1)
        for number in range(2):
            node.sites.embeds.require_room(mine)
            given = {"pass": node.sites.embeds.make_pass(mine), "question": f"Where is Pilot Ladder from {number}?"}
            assert client.post("/embed/ask", data=given).status_code == 200
        with pytest.raises(SiteFull):
            node.sites.embeds.require_room(mine)
        node.sites.embeds.require_room(other)
