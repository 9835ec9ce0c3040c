"""Health in the studio: how it is now, and all that the doctor finds, in plain words, with what to do."""

import os
import re
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sight.checked import Checked
from presence.sight.inside import inside_checks
from presence.sight.outside import outside_checks
from presence.web.studio.health import FIGURES, MEANS, WAYS, WORDS, as_she_reads
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
    assert set(checks) >= {*MEANS, *WAYS, *FIGURES}


def test_how_it_is_now_is_read_at_once(node: Services, client: TestClient) -> None:
    page = words(client.get(PAGE, headers=HTML).text)
    assert "Nobody waits." in page
    assert re.search(r"\d (GB|MB) are free\.", page)
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
    assert "What to do: whoever runs the machine can mend it." in words(page)
    apart = seen(page).select("#all-title ~ ul.checks li.is-wrong details")
    assert f"chmod 700 {node.home.folder}" in words(str(apart))
    node.home.folder.chmod(0o700)
    kept = seen(client.get(PAGE, headers=HTML).text)
    first = kept.select("#all-title ~ ul.checks li")[0]
    assert "Who on this machine can read it: needs you" in " ".join(first.get_text(" ").split())
    assert kept.select("[role=status]") == []


def test_commands_and_settings_stand_apart_for_whoever_runs_the_machine(node: Services, client: TestClient) -> None:
    page = seen(client.post(f"{PAGE}/look", headers=HTML).text)
    assert "presence backup FILE" in str(page.select("details.for-machine"))
    backup = next(one for one in page.select("ul.checks li") if "The last backup" in one.get_text())
    assert [link["href"] for link in backup.select("a")] == ["/studio/backups"]
    for apart in page.select("details.for-machine"):
        apart.decompose()
    assert not re.search(
        r"PRESENCE_|presence (backup|keys|restore|tier|models|init|ledger)\b|chmod|docs/|MiB|\bnode\b|revision",
        words(str(page.select(".desk"))),
    )


@pytest.mark.parametrize(
    ("do", "is_for_machine"),
    [
        ("presence keys renew", True),
        ("PRESENCE_SMTP_URL names a mail server.", True),
        ("Set it, and let it be kept by NTP: trust and prices go by it.", True),
        ("Make room before it gets tight.", False),
        ("", False),
    ],
)
def test_what_is_done_at_a_terminal_is_known(do: str, *, is_for_machine: bool) -> None:
    assert as_she_reads(Checked("mail", "note", "It is so.", do)).is_for_machine is is_for_machine
