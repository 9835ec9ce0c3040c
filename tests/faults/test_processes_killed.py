"""The node is killed in the middle of an answer that costs something; its clock jumps."""

from functools import partial
from pathlib import Path

import httpx
import pytest

from benchmarks.furnished import PRICES, do_there
from tests.faults.coming_in import come_in
from tests.faults.room import PRICE, SEVERAL, answer_to, ended, eventually, wallet_of
from tests.models.remote.imitation import Imitation, Reply, event
from tests.models.remote.imitation import serving as writing
from tests.moved_clock import MovedClock
from tests.nodes import write_notes
from tests.presence.web.paying import CENT, NOTE
from tests.processes import Serving, command, serving
from tests.trusting import key

pytestmark = pytest.mark.slow

PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}
HOUR = 3600
ASKED = {"question": SEVERAL[0], "max_price_micros": PRICE}


def furnish(home: Path, node: Serving) -> None:
    """Give a node a note, prices, and a listener who has a euro."""
    notes = write_notes(home.parent / "notes", {"piano.md": NOTE})
    do_there(home, "import", {"path": str(notes), "tier": None})
    do_there(home, "prices set", {"written": PRICES})
    do_there(home, "wallet give", {"did": key("ann").did, "amount": "1.00"})


def _has(client: httpx.Client, micros: int) -> bool:
    return wallet_of(client) == (micros, 0)


def verified(home: Path) -> bool:
    return command(home, "ledger", "verify", **PHRASE).returncode == 0


def test_a_node_that_is_killed_under_an_answer_gives_back_what_was_set_aside(tmp_path: Path) -> None:
    home, clock = tmp_path / "home", MovedClock(tmp_path / "clock")
    assert command(home, "init", **PHRASE).returncode == 0
    with writing(Imitation([Reply((event(content="["),), ending="silent")])) as writer:
        settings = {**PHRASE, "PRESENCE_MODELS__URL": writer.url}
        with serving(home, **settings) as node, node.client() as client:
            furnish(home, node)
            come_in(client, node.address, clock.now())
            opened = client.post("/api/questions", json=ASKED).json()
            assert writer.silent.wait(30)
            assert wallet_of(client) == (98 * CENT, PRICE)
            cookies = client.cookies
            node.kill()
    with serving(home, **PHRASE) as node, node.client() as client:
        client.cookies = cookies
        assert ended(client, opened["id"])["outcome"] == "failed"
        assert wallet_of(client) == (100 * CENT, 0)
        assert answer_to(client, SEVERAL[1])["outcome"] == "answered"
        assert wallet_of(client) == (98 * CENT, 0)
    assert verified(home)


def test_a_clock_that_jumps_ahead_and_back_charges_nobody_twice_and_holds_nothing_for_ever(tmp_path: Path) -> None:
    home, clock = tmp_path / "home", MovedClock(tmp_path / "clock")
    assert command(home, "init", **PHRASE).returncode == 0
    with serving(home, **PHRASE, **clock.environment, PRESENCE_BILLING__PUBLISH_SECONDS="1") as node:
        furnish(home, node)
        for number, step in enumerate((0, 26 * HOUR, -25 * HOUR)):
            clock.move(step)
            with node.client() as client:
                come_in(client, node.address, clock.now())
                answer = answer_to(client, SEVERAL[number])
                assert (answer["outcome"], answer["receipt"]["micros"]) == ("answered", PRICE)
                left = (98 - 2 * number) * CENT
                eventually(partial(_has, client, left))
    assert verified(home)
