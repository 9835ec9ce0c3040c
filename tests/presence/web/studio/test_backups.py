"""Backups in the studio: made with a passphrase, taken along, and told of on the first page where one is lacking."""

import os
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from presence.bootstrap import Services
from presence.home import Home
from presence.keeping.archive import open_archive
from presence.keeping.noted import LastBackup, last_backup, note_backup, note_failure
from tests.nodes import client_of
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
PHRASE = "a phrase of a test"


def finished(node: Services) -> None:
    for thread in node.keeping._threads:
        thread.join(30)


def test_a_backup_is_made_and_taken_along(node: Services, tmp_path: Path) -> None:
    with client_of(node) as client:
        operator_of(client, node)
        assert "There is none yet." in client.get("/studio/backups").text
        assert "<b>0</b> backups so far" in client.get("/studio").text
        form = {"passphrase": PHRASE, "again": PHRASE}
        begun = client.post("/studio/backups", data=form, headers=HTML, follow_redirects=False)
        assert begun.status_code == 303
        assert begun.headers["location"].startswith("/studio/backups?begun=1")
        finished(node)
        page = client.get(begun.headers["location"]).text
        assert "was read again, and is whole" in page
        (one,) = node.keeping.stored()
        assert f'href="/studio/backups/{one.name}"' in page
        taken = client.get(f"/studio/backups/{one.name}")
        assert taken.headers["cache-control"] == "no-store"
        (tmp_path / "taken").write_bytes(taken.content)
        with open_archive(tmp_path / "taken", PHRASE) as archive:
            assert archive.about.artist == "Ada Marsh"
            archive.members(lambda _name: None, lambda _more: None)
        assert "backups" not in client.get("/studio").text.split('class="waits"')[1].split("</ul>")[0]
        for name in ("presence-20200101-000000.presence-backup", "..%2Fpresence.db", "presence.db"):
            assert client.get(f"/studio/backups/{name}").status_code == 404


def test_one_that_ends_while_its_page_is_made_is_told_of(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends_behind(home: Home) -> LastBackup | None:
        """What was noted, read just before it ends."""
        found = last_backup(home)
        finished(node)
        return found

    monkeypatch.setattr("presence.web.studio.backups.last_backup", ends_behind)
    with client_of(node) as client:
        operator_of(client, node)
        page = client.post("/studio/backups", data={"passphrase": PHRASE, "again": PHRASE}, headers=HTML)
        again = BeautifulSoup(page.text, "html.parser").select_one(".news a")
        assert again is not None, page.text
        assert "was read again, and is whole" in client.get(str(again["href"])).text


def test_one_that_was_broken_off_is_not_called_finished(node: Services) -> None:
    with client_of(node) as client:
        operator_of(client, node)
        note_backup(node.home, Path("earlier"), 1, time.time() - 60)
        page = client.get(f"/studio/backups?begun={int(time.time()) - 30}").text
        assert "did not come to its end" in page
        assert "is whole" not in page
        note_failure(node.home, "The disk is full.")
        assert "It did not work: The disk is full." in client.get(f"/studio/backups?begun={int(time.time()) - 30}").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"passphrase": PHRASE, "again": PHRASE + "s"}, "differ"),
        ({"passphrase": "short", "again": "short"}, "12 characters"),
        ({}, "12 characters"),
    ],
)
def test_a_passphrase_that_cannot_be_is_refused(node: Services, form: dict[str, str], said: str) -> None:
    with client_of(node) as client:
        operator_of(client, node)
        refused = client.post("/studio/backups", data=form, headers=HTML)
        assert refused.status_code == 422
        assert said in refused.text
        assert PHRASE not in refused.text
        assert node.keeping.stored() == []


def test_what_failed_or_is_old_is_said_on_the_first_page(node: Services) -> None:
    with client_of(node) as client:
        operator_of(client, node)
        node.home.backed_up.touch()
        then = time.time() - 30 * 24 * 3600
        os.utime(node.home.backed_up, (then, then))
        assert "<b>30</b> days since the last backup" in client.get("/studio").text
        note_failure(node.home, "The disk is <full>.")
        assert "<b>1</b> backup failed" in client.get("/studio").text
        assert "The disk is &lt;full&gt;." in client.get("/studio/backups").text
        assert "The last backup failed: The disk is &lt;full&gt;." in client.get("/studio/health").text
