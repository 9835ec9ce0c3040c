"""PostgreSQL is stopped, or stands still, under a node that is in the middle of an answer that costs something."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.scripted import ScriptedWriter
from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.web import health
from presence.web.questions import allowed
from tests.awaiting import awaited
from tests.faults.room import (
    PRICE,
    SEVERAL,
    answer_to,
    books_are_right,
    ended,
    eventually,
    refused_with_a_sentence,
    seen,
    wallet_of,
)
from tests.nodes import client_of
from tests.postgres import Cluster, frail_cluster, new_database
from tests.presence.web.paying import ANN, CENT, give, open_shop
from tests.trusting import sign_in

pytestmark = pytest.mark.slow

AWAY = "The database does not answer"
ASKED = {"question": SEVERAL[0], "max_price_micros": PRICE}
PAGE = {"accept": "text/html"}


class HeldWriter(ScriptedWriter):
    """Writes a pointer once it is let; later answers are quoted."""

    def __init__(self) -> None:
        self.begun, self.let = threading.Event(), threading.Event()
        super().__init__(["[1]"], self._wait)

    def _wait(self) -> None:
        self.begun.set()
        assert self.let.wait(60)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with frail_cluster(durable=True) as running:
        yield running


@pytest.fixture
def writer() -> HeldWriter:
    return HeldWriter()


@pytest.fixture
def shop(tmp_path: Path, cluster: Cluster, writer: HeldWriter) -> Iterator[Services]:
    url = new_database(cluster.address, f"away_{time.monotonic_ns()}")
    with open_shop(tmp_path / "home", database_url=url, writer=writer) as node:
        node.settling.start()
        node.bookkeeper.start()
        yield node


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    give(shop, ANN, 100)
    with client_of(shop) as made:
        sign_in(made, ANN)
        yield made


def test_a_database_that_goes_away_under_an_answer_costs_nothing_and_it_goes_on_by_itself(
    shop: Services, client: TestClient, cluster: Cluster, writer: HeldWriter
) -> None:
    asked = client.post("/api/questions", json=ASKED).json()
    assert writer.begun.wait(30)
    assert wallet_of(client) == (98 * CENT, PRICE)
    try:
        cluster.stop()
        for response in (
            client.post("/api/questions", json=ASKED),
            client.get("/readyz"),
            client.get("/", headers=PAGE),
            client.get("/studio/health", headers=PAGE),
        ):
            refused_with_a_sentence(response, AWAY)
        assert client.get("/healthz").status_code == 200
        [finding] = seen(shop, "database")
        assert (finding.state, finding.sentence.startswith(AWAY)) == ("wrong", True)
        assert "goes on by itself" in finding.do
        writer.let.set()  # the answer cannot be written down, nor its end
        eventually(lambda: shop.desk.under_way == 0)
    finally:
        cluster.start()
    assert ended(client, asked["id"])["outcome"] == "failed"
    eventually(lambda: wallet_of(client) == (100 * CENT, 0))
    assert answer_to(client, SEVERAL[1])["outcome"] == "answered"
    assert wallet_of(client) == (98 * CENT, 0)
    assert client.get("/readyz").status_code == 200
    assert [one.state for one in seen(shop, "database")] == ["ok"]
    books_are_right(shop)


def test_whoever_reads_along_reads_on_when_the_database_is_back(
    shop: Services, client: TestClient, cluster: Cluster, writer: HeldWriter
) -> None:
    asked = client.post("/api/questions", json=ASKED).json()
    assert writer.begun.wait(30)
    kinds: list[str] = []
    begun = threading.Event()

    async def read() -> None:
        async for events in allowed(shop, asked["id"], Listener(ANN.did, did=ANN.did, how="key")):
            kinds.extend(event.kind for event in events)
            if events:
                begun.set()

    reading = threading.Thread(target=awaited, args=(read(),))
    reading.start()
    assert begun.wait(30)
    try:
        cluster.stop()
        writer.let.set()
        eventually(lambda: shop.desk.under_way == 0)
    finally:
        cluster.start()
    reading.join(60)
    assert kinds[-2:] == ["failed", "done"]
    assert kinds.count("done") == 1


def test_a_database_that_stands_still_is_waited_for_and_nothing_happens_twice(
    shop: Services, client: TestClient, cluster: Cluster, writer: HeldWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "READY_SECONDS_MAX", 0.5)
    writer.let.set()
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(client.post("/api/questions", json=ASKED)))
    cluster.still()
    try:
        asking.start()
        assert client.get("/healthz").status_code == 200
        refused_with_a_sentence(client.get("/readyz"), AWAY)
        assert answers == []
    finally:
        cluster.go_on()
    asking.join(60)
    [opened] = answers
    assert opened.status_code == 201
    assert ended(client, opened.json()["id"])["outcome"] == "answered"
    assert wallet_of(client) == (98 * CENT, 0)
    books_are_right(shop)
