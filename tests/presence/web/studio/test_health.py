"""Health in the studio: how it is now, and all that the doctor finds, in plain words, with what to do."""

import os
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sight.inside import inside_checks
from presence.sight.outside import outside_checks
from presence.web.studio.health import WORDS
from tests.nodes import client_of
from tests.presence.web.studio.shop import HTML, desk, seen, words

PAGE = "/studio/health"


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        yield desk(opened, node)


def test_every_check_has_a_name_in_plain_words(node: Services) -> None:
    checks = outside_checks(node.settings, node.home) | inside_checks(node)
    assert set(checks) == set(WORDS)


def test_how_it_is_now_is_read_at_once(node: Services, client: TestClient) -> None:
    page = words(client.get(PAGE, headers=HTML).text)
    assert "Nobody waits." in page
    assert "MiB are free." in page
    assert "No backup is known of." in page
    assert "Nobody has looked so far." in page
    node.home.backed_up.touch()
    assert "The last backup was made today." in words(client.get(PAGE, headers=HTML).text)
    old = time.time() - 9 * 24 * 3600
    os.utime(node.home.backed_up, (old, old))
    assert "The last backup is 9 days old." in words(client.get(PAGE, headers=HTML).text)


def test_everything_is_looked_at_and_what_was_found_is_kept(node: Services, client: TestClient) -> None:
    node.home.folder.chmod(0o700)
    well = client.post(f"{PAGE}/look", headers=HTML).text
    assert "Everything was looked at, and is well." in words(well)
    assert "The books: well" in words(well)
    node.home.folder.chmod(0o755)
    page = client.post(f"{PAGE}/look", headers=HTML).text
    assert "1 thing needs you." in words(page)
    assert f"What to do: chmod 700 {node.home.folder}" in words(page)
    node.home.folder.chmod(0o700)
    kept = seen(client.get(PAGE, headers=HTML).text)
    first = kept.select("#all-title ~ ul.checks li")[0]
    assert "Who on this machine can read it: needs you" in " ".join(first.get_text(" ").split())
    assert kept.select("[role=status]") == []
