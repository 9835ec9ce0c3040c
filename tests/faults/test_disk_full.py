"""The disk of the home takes nothing in: what is there is read on, nothing is answered or charged, and it goes on."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from benchmarks.furnished import PRICES, do_there
from tests.faults.coming_in import come_in
from tests.faults.room import PRICE, SEVERAL, answer_to, eventually, refused_with_a_sentence, wallet_of
from tests.nodes import write_notes
from tests.presence.web.paying import CENT, NOTE
from tests.processes import Serving, command, serving, told
from tests.trusting import key

pytestmark = pytest.mark.slow

FULL = "The disk here takes nothing in"
PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}
MEBIBYTES = 24


@contextmanager
def furnished(home: Path) -> Iterator[tuple[Serving, httpx.Client]]:
    """Serve a home that charges, to a listener who has a euro."""
    assert command(home, "init", **PHRASE).returncode == 0
    with serving(home, **PHRASE, PRESENCE_LIMITS__QUESTIONS_PER_MINUTE="100000") as node, node.client() as client:
        do_there(home, "import", {"path": str(write_notes(home.parent / "notes", {"piano.md": NOTE})), "tier": None})
        do_there(home, "prices set", {"written": PRICES})
        come_in(client, node.address, time.time())
        do_there(home, "wallet give", {"did": key("ann").did, "amount": "1.00"})
        assert wallet_of(client) == (100 * CENT, 0)
        yield node, client


def full(home: Path, client: httpx.Client) -> None:
    """Look at a node whose disk is full."""
    asked = {"question": SEVERAL[0], "max_price_micros": PRICE}
    for _ in range(2):
        refused_with_a_sentence(client.post("/api/questions", json=asked), FULL)
    assert client.get("/", headers={"accept": "text/html"}).status_code == 200
    assert client.get("/readyz").status_code == 200
    assert wallet_of(client) == (100 * CENT, 0)


def well_again(home: Path, client: httpx.Client) -> None:
    """Look at it once there is room."""
    asked = {"question": SEVERAL[0], "max_price_micros": PRICE}
    eventually(lambda: client.post("/api/questions", json=asked).status_code == 201)
    assert answer_to(client, SEVERAL[1])["outcome"] == "answered"
    eventually(lambda: wallet_of(client) == (96 * CENT, 0))
    assert command(home, "ledger", "verify", **PHRASE).returncode == 0


def test_a_process_that_may_write_no_more_refuses_and_goes_on_when_it_may(tmp_path: Path) -> None:
    with furnished(tmp_path / "home") as (node, client):
        before = resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        full(tmp_path / "home", client)
        resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, before)
        well_again(tmp_path / "home", client)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a small disk of its own, where this machine lets us."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_home_on_a_disk_that_is_full_goes_on_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, furnished(disk / "home") as (_, client):
        filling = disk / "filling"
        with filling.open("wb", buffering=0) as file:
            try:
                while file.write(os.urandom(4096)):
                    pass
            except OSError:
                pass
        for number in range(200):  # until the last page of what the database wrote ahead is used up, too
            refused = client.post("/api/questions", json={"question": f"What is number {number}?"})
            if refused.status_code == 503:
                break
        full(disk / "home", client)
        looked = {one.get("check"): one for one in told(command(disk / "home", "doctor", "--json", **PHRASE))}
        assert looked["disk"]["state"] == "wrong"
        assert "not answered and not charged" in looked["disk"]["do"]
        filling.unlink()
        well_again(disk / "home", client)
