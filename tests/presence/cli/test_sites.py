"""The commands about sites as they are typed."""

from pathlib import Path

import pytest

from tests.processes import command, told

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    return home


def test_her_own_sites_are_named_and_removed(home: Path) -> None:
    (site,) = told(command(home, "sites", "add", "http://127.0.0.1/", "--json"))
    assert (site["address"], site["confirmed"]) == ("http://127.0.0.1/", False)
    assert "private network" in command(home, "sites", "list", "--look").stdout
    assert "off the list" in command(home, "sites", "remove", "http://127.0.0.1/").stdout
    assert told(command(home, "sites", "list", "--json")) == []
    assert command(home, "sites", "remove", "http://127.0.0.1/").returncode == 1


def test_the_room_is_allowed_on_a_site_and_no_more(home: Path) -> None:
    (site,) = told(command(home, "embeds", "add", "https://Blog.example/", "--per-day", "7", "--json"))
    assert (site["origin"], site["per_visitor"], site["per_day"]) == ("https://blog.example", 20, 7)
    assert "/embed.js" in command(home, "embeds", "list").stdout
    assert command(home, "embeds", "remove", "https://blog.example").returncode == 0
    assert command(home, "embeds", "list").stdout == ""
    refused = command(home, "embeds", "add", "http://blog.example")
    assert refused.returncode == 1
    assert "https" in refused.stderr
