"""A node moves house: backed up while people ask and pay, put back elsewhere, and everything is as it was."""

import itertools
import json
import os
import re
import signal
import subprocess
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from presence.home import Home
from presence.keeping.restoring import restored
from tests.journeys.test_paid_questions import PHRASE, PRICES, ROOMY, nothing_is_wrong, settled, signed_in
from tests.nodes import write_notes
from tests.presence.processes.waiting import until
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, NOTE
from tests.processes import PROGRAM, Serving, command, environment, serving, told
from tests.stores import PROCESSES, database_of, place_of, url_of

pytestmark = pytest.mark.slow

SEALED = {"PRESENCE_KEEPING__PASSPHRASE": "a phrase of a backup"}
LETTER = "---\ntitle: A letter\ntier: circle\n---\nThe harbour master kept the tide books in the pantry.\n"
HTML = {"Accept": "text/html"}
ONCE = re.compile(r'(?<=name="once" value=")[\w-]+')
BIG_BYTES = 32 * 1024**2
WAIT_SECONDS_MAX = 180.0


class Crowd:
    """Ann and Bob ask and pay, one question after the other, until they are called off."""

    def __init__(self, server: Serving) -> None:
        self.server = server
        self.asked: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(who,)) for who in (ANN, BOB)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        ends = time.monotonic() + WAIT_SECONDS_MAX
        while len(self.asked) < count:
            assert time.monotonic() < ends, "nobody is answered"
            time.sleep(0.01)

    def _ask(self, who: Any) -> None:
        with closing(signed_in(self.server, who)) as client:
            for number in itertools.count():
                if self._over.is_set():
                    return
                body = {"question": ASKED + "?" * number, "max_price_micros": 2 * CENT}
                opened = client.post("/api/questions", json=body)
                assert opened.status_code == 201, opened.text
                assert settled(client, opened.json()["id"])["receipt"]
                self.asked.append(opened.json()["id"])


def furnish(home: Path, folder: Path) -> None:
    """Notes, a price, money for two, and trust in one, given to the node that is open."""
    prices = folder / "prices.toml"
    prices.write_text(PRICES)
    write_notes(folder / "notes", {"piano.md": NOTE, "letter.md": LETTER})
    for arguments in (
        ("import", str(folder / "notes"), "--yes"),
        ("prices", "set", str(prices)),
        ("wallet", "give", ANN.did, "90.00"),
        ("wallet", "give", BOB.did, "90.00"),
        ("tier", "grant", ANN.did, "--tier", "circle"),
    ):
        done = command(home, *arguments, **PHRASE)
        assert done.returncode == 0, done.stderr


def hers(server: Serving, questions: list[str]) -> dict[str, Any]:
    """All that Ann can see of herself: her tier, her money, her receipts, her answers, and each page of them."""
    found: dict[str, Any] = {}
    with closing(signed_in(server, ANN)) as client:
        found["me"] = client.get("/api/me").json()
        found["wallet"] = client.get("/api/wallet").json()
        for ident in questions:
            answer = client.get(f"/api/questions/{ident}")
            if answer.status_code == 200:
                found[ident] = answer.json()
                found[f"page of {ident}"] = page(client, f"/answers/{ident}")
                for cited in found[ident]["citations"]:
                    found[cited["url"]] = page(client, cited["url"])
                if found[ident]["receipt"]:
                    receipt = found[ident]["receipt"]["id"]
                    found[receipt] = client.get(f"/receipts/{receipt}.json").json()
        found["log"] = client.get("/log/checkpoint").text
    return {name: json.dumps(said).replace(server.address, "") for name, said in found.items()}


def page(client: httpx.Client, path: str) -> str:
    """Give a page without what is another each time it is sent."""
    return ONCE.sub("", client.get(path, headers=HTML).text)


def rows(home: Path, table: str) -> set[str]:
    database = database_of(home)
    with database.records() as records:
        found = {str(row) for row in records.exec_driver_sql(f"SELECT * FROM {table}")}
    database.close()
    return found


def test_a_node_moves_while_people_ask_and_pay(tmp_path: Path) -> None:
    home = tmp_path / "old" / "home"
    assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
    busy, last, checkpoint = tmp_path / "busy.backup", tmp_path / "last.backup", ""
    with serving(home, **ROOMY, PRESENCE_BILLING__PUBLISH_SECONDS="0.2") as old:
        furnish(home, tmp_path)
        with Crowd(old) as crowd:
            crowd.wait_for(6)
            done = command(home, "backup", str(busy), "--json", **SEALED)
            assert done.returncode == 0, done.stderr
            assert told(done)[-1]["event"] == "backed_up"
            at_that_time = len(crowd.asked)
            crowd.wait_for(at_that_time + 2)
        ends = time.monotonic() + WAIT_SECONDS_MAX
        while f"\n{len(crowd.asked)}\n" not in (checkpoint := httpx_text(old, "/log/checkpoint")):
            assert time.monotonic() < ends, checkpoint
            time.sleep(0.1)
        assert command(home, "backup", str(last), **SEALED).returncode == 0
        before = hers(old, crowd.asked)
    assert len(crowd.asked) >= 8

    # Of the busy time: all of it is of one moment, and nothing of it is anything else than what was.
    middle = Home(tmp_path / "middle" / "home")
    url = url_of(middle.folder, with_nothing=True)
    done_there = restored(busy, middle, SEALED["PRESENCE_KEEPING__PASSPHRASE"], lambda *_: None, url=url)
    assert done_there.wrong == ()
    for table in ("receipts", "ledger_entries", "citations"):
        assert rows(middle.folder, table) < rows(home, table), table
    assert rows(middle.folder, "trust_log") == rows(home, "trust_log")

    # Of the last moment: a new house, the same of everything.
    new = tmp_path / "new" / "home"
    done = command(new, "restore", str(last), "--json", **SEALED)
    assert done.returncode == 0, done.stderr
    assert told(done)[-1]["next"] == "presence keys sign-head"
    with serving(new, **ROOMY, PRESENCE_BILLING__PUBLISH_SECONDS="0.2") as there:
        with closing(there.client()) as anybody:
            assert "trust_reason" in anybody.get("/readyz").json()
        assert command(new, "keys", "sign-head", **PHRASE).returncode == 0
        until(partial(is_trusted, there))
        after = hers(there, crowd.asked)
        assert {name for name in before if before[name] != after.get(name)} == set()
        assert sum(name.startswith("page of") for name in before) >= 2
        with closing(signed_in(there, BOB)) as client:
            body = {"question": "And where was that piano?", "max_price_micros": 2 * CENT}
            assert client.post("/api/questions", json=body).status_code == 201
    assert nothing_is_wrong(place_of(new))


def is_trusted(server: Serving) -> bool:
    """Whether no process has doubts about the log of trust; one request after the other goes to another of them."""
    with closing(server.client()) as anybody:
        return all("trust_reason" not in anybody.get("/readyz").json() for _ in range(PROCESSES))


def httpx_text(server: Serving, path: str) -> str:
    with closing(server.client()) as client:
        return client.get(path).text


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
    (home / "uploads").mkdir()
    (home / "uploads" / "a-recording-0123456789").write_bytes(os.urandom(BIG_BYTES))
    (tmp_path / "backups").mkdir()
    file = tmp_path / "backups" / "one.backup"
    process = subprocess.Popen([PROGRAM, "backup", str(file)], env=environment(home, **SEALED))
    ends = time.monotonic() + WAIT_SECONDS_MAX
    while not any(one.stat().st_size > 2**20 for one in file.parent.glob(".presence-backup-*.part")):
        assert time.monotonic() < ends
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not file.exists()
    done = command(home, "backup", str(file), "--json", **SEALED)
    assert done.returncode == 0, done.stderr
    assert list(file.parent.iterdir()) == [file]
    assert list(home.glob(".presence-backup-*")) == []
    assert json.loads((home / "backed-up").read_text())["file"] == str(file)
