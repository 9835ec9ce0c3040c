"""Two processes on one PostgreSQL, one Chroma server and one server that writes; one is killed in the middle."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.contracts.chroma_server import chroma_server
from tests.journeys.test_paid_questions import nothing_is_wrong, settled, signed_in
from tests.models.remote.imitation import Imitation, Reply, event, said
from tests.models.remote.imitation import serving as writing
from tests.nodes import write_notes
from tests.postgres import new_database
from tests.presence.processes.waiting import until
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, NOTE
from tests.processes import Serving, command, serving, share_keys

pytestmark = pytest.mark.slow

PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}
SLOWLY = ASKED + " !!"
PRICES = '[acts.ask]\nprice = "0.02"\n'


class Writer(Imitation):
    """Writes at once; where somebody cannot wait, it begins to point, and then says nothing."""

    def completion(self, body: dict[str, Any]) -> Reply:
        """Answer by what was asked."""
        if "!!" in json.dumps(body["messages"][-1]):
            self.asked.append(body)
            return Reply((event(content="["),), ending="silent")  # a whole pointer could be all there is to say
        return super().completion(body)


@dataclass(frozen=True)
class House:
    """Two processes, and what they share."""

    one: Serving
    two: Serving
    url: str
    writer: Imitation


@pytest.fixture
def house(tmp_path: Path, postgres: str) -> Iterator[House]:
    """A note, a price, and two listeners with a dollar."""
    home, other = tmp_path / "one" / "home", tmp_path / "two" / "home"
    url = new_database(postgres, f"several_{time.monotonic_ns()}")
    (tmp_path / "prices.toml").write_text(PRICES)
    (tmp_path / "chroma").mkdir()
    notes = write_notes(tmp_path / "notes", {"piano.md": NOTE})
    with chroma_server(tmp_path / "chroma") as chroma, writing(Writer([said("[1] ")])) as writer:
        more = {
            "PRESENCE_DATABASE_URL": url,
            "PRESENCE_CHROMA_URL": chroma,
            "PRESENCE_MODELS__URL": f"{writer.url}/v1",
            "PRESENCE_BILLING__PUBLISH_SECONDS": "0.5",
            "PRESENCE_LIMITS__QUESTIONS_PER_MINUTE": "8",
        }
        assert command(home, "init", **PHRASE, **more).returncode == 0
        with serving(home, **more) as one:
            share_keys(home, other)
            with serving(other, **more) as two:
                assert command(home, "import", str(notes), "--yes", **more).returncode == 0
                assert command(home, "prices", "set", str(tmp_path / "prices.toml"), **more).returncode == 0
                for who in (ANN, BOB):
                    assert command(home, "wallet", "give", who.did, "1.00", **more).returncode == 0
                assert command(home, "keys", "sign-head", **PHRASE, **more).returncode == 0
                yield House(one, two, url, writer)


def asks(client: httpx.Client, question: str) -> httpx.Response:
    return client.post("/api/questions", json={"question": question, "max_price_micros": 2 * CENT})


@contextmanager
def streamed(client: httpx.Client, ident: str, after: int = 0) -> Iterator[Iterator[tuple[int, str, dict[str, Any]]]]:
    """Read the events of an answer as a browser does."""
    headers = {"Last-Event-ID": str(after)} if after else {}
    with client.stream("GET", f"/api/questions/{ident}/events", headers=headers, timeout=60) as response:
        yield _events(response)


def _events(response: httpx.Response) -> Iterator[tuple[int, str, dict[str, Any]]]:
    seq, kind = 0, ""
    for line in response.iter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            seq = int(value)
        elif name == "event":
            kind = value
        elif name == "data":
            yield seq, kind, json.loads(value)


def locks(url: str, what: int) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = %s AND granted", [what]
        ).fetchone()
    return int(row[0]) if row else 0


def no_minute_passes(url: str) -> None:
    """Let what was counted be of a later time, so that it counts however slowly somebody asks."""
    later = "UPDATE taken SET times = ARRAY(SELECT one + 3600 FROM unnest(times) one), until = until + 3600"
    with psycopg.connect(url) as connection:
        connection.execute(later)


def test_one_dies_in_the_middle_of_an_answer_and_the_other_goes_on(house: House) -> None:
    with closing(signed_in(house.one, ANN)) as at_one, closing(signed_in(house.two, ANN)) as at_two:
        # A paid answer of the second; the first, which leads, publishes it, and the second's files follow.
        paid = settled(at_two, asks(at_two, ASKED).json()["id"])
        assert paid["outcome"] == "answered", paid
        until(lambda: at_two.get("/log/checkpoint").text.splitlines()[1:2] == ["1"])
        assert at_one.get("/log/checkpoint").text == at_two.get("/log/checkpoint").text

        ident = asks(at_one, SLOWLY).json()["id"]
        with streamed(at_one, ident) as events:
            seen = next(seq for seq, kind, _ in events if kind == "sentence")
            assert at_two.get(f"/api/questions/{ident}").json()["outcome"] is None
            assert at_two.get("/api/wallet").json()["available_micros"] == 96 * CENT
            house.one.kill()
        with streamed(at_two, ident, seen) as events:
            rest = list(events)
        assert min(seq for seq, _, _ in rest) == seen + 1
        assert (rest[-1][1], rest[-1][2]["outcome"]) == ("done", "failed")
        assert at_two.get("/api/wallet").json()["available_micros"] == 98 * CENT  # nothing of it is kept, or set aside

        # The second leads now: what it sells is published.
        assert settled(at_two, asks(at_two, ASKED + "?").json()["id"])["outcome"] == "answered"
        until(lambda: at_two.get("/log/checkpoint").text.splitlines()[1:2] == ["2"])
    assert nothing_is_wrong(house.url)


def test_who_stops_at_the_other_process_is_heard_and_a_minute_is_one_for_both(house: House) -> None:
    with closing(signed_in(house.one, BOB)) as at_one, closing(signed_in(house.two, BOB)) as at_two:
        ident = asks(at_one, SLOWLY).json()["id"]
        with streamed(at_one, ident) as events:
            next(seq for seq, kind, _ in events if kind == "sentence")
            assert at_two.delete(f"/api/questions/{ident}").status_code == 202
            assert list(events)[-1][2]["outcome"] == "stopped"
        more = []
        for n in range(10):
            no_minute_passes(house.url)
            more.append(asks((at_one, at_two)[n % 2], ASKED + "?" * n).status_code)
        assert (more.count(201), more[7:]) == (7, [429] * 3)
