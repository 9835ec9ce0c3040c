"""Paid questions under fire, over HTTP: one key is one charge, and nobody spends what is not there."""

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from billing.audit import audit
from presence.database import open_database
from presence.paying.signatures import is_signed_by
from tests.nodes import write_notes
from tests.postgres import new_database
from tests.presence.web.paying import ANN, ASKED, BOB, CENT, NOTE
from tests.processes import Serving, command, serving, share_keys
from tests.stores import place_of
from trustgraph import Key, issuing

pytestmark = pytest.mark.slow

PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}
ROOMY = {
    "PRESENCE_LIMITS__QUESTIONS_PER_MINUTE": "100000",
    "PRESENCE_LIMITS__SIGN_INS_PER_MINUTE": "100000",
    "PRESENCE_MODELS__PLACES_MAX": "400",
}
TRIES_MAX = 30
PRICES = '[acts.ask]\nprice = "0.02"\n'


@pytest.fixture(params=["sqlite", "postgresql"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[list[Serving], str | None]]:
    """One server on SQLite, or two on one PostgreSQL; a note, a price, and a wallet with a dollar."""
    home, more = tmp_path / "one" / "home", {}
    url = None
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"), f"paid_{time.monotonic_ns()}")
        more["PRESENCE_DATABASE_URL"] = url
    assert command(home, "init", **PHRASE, **more).returncode == 0
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES)
    notes = write_notes(tmp_path / "notes", {"piano.md": NOTE})
    with serving(home, **ROOMY, **more) as one:
        assert command(home, "import", str(notes), "--yes", **more).returncode == 0
        assert command(home, "prices", "set", str(prices), **more).returncode == 0
        for who in (ANN, BOB):
            assert command(home, "wallet", "give", who.did, "1.00", **more).returncode == 0
        if url is None:
            yield [one], place_of(home)
            return
        two_home = tmp_path / "two" / "home"
        share_keys(home, two_home)  # one presence, on two machines
        with serving(two_home, **ROOMY, **more) as two:
            assert command(home, "keys", "sign-head", **PHRASE, **more).returncode == 0
            yield [one, two], url


def signed_in(server: Serving, who: Key) -> httpx.Client:
    client = server.client()
    asked = client.post("/auth/challenge").json()
    proof = issuing.auth(who, root=asked["root"], aud=server.address, nonce=asked["nonce"], iat=int(time.time()))
    assert client.post("/auth/session", json=proof).status_code == 201
    return client


def settled(client: httpx.Client, ident: str) -> dict[str, object]:
    for _ in range(600):
        answer: dict[str, object] = client.get(f"/api/questions/{ident}").json()
        if answer["outcome"] is not None:
            return answer
        time.sleep(0.1)
    raise TimeoutError(ident)


def nothing_is_wrong(where: str | None) -> bool:
    database = open_database(where if where and "://" in where else None, Path(where or ""))
    found = audit(database.snapshot, is_signed_by)
    database.close()
    return found.wrong == ()


def put(client: httpx.Client, body: dict[str, object]) -> httpx.Response:
    """Ask, and again as long as there are too many at once: nothing happened then."""
    for _ in range(TRIES_MAX):
        response = client.post("/api/questions", json=body)
        if response.status_code != 503:
            break
        time.sleep(int(response.headers["Retry-After"]))
    return response


def two_hundred_at_once_and_money_for_fifty(clients: list[httpx.Client]) -> None:

    def ask(number: int) -> tuple[int, str, int]:
        body = {"question": ASKED + "?" * number, "max_price_micros": 2 * CENT}  # the very same words would be free
        response = put(clients[number % len(clients)], body)
        return response.status_code, response.json().get("id", ""), number % len(clients)

    with ThreadPoolExecutor(32) as threads:
        asked = list(threads.map(ask, range(200)))
    answers = [settled(clients[at], ident) for status, ident, at in asked if status == 201]
    outcomes = Counter(str(answer["outcome"]) for answer in answers)
    paid = sum(1 for answer in answers if answer["receipt"])
    assert paid == outcomes["answered"]
    statuses = Counter(status for status, _, _ in asked)
    assert set(statuses) == {201, 402}
    assert statuses[201] >= 50
    wallet = clients[0].get("/api/wallet").json()
    assert wallet["available_micros"] == (50 - paid) * 2 * CENT
    assert (paid, statuses[402]) == (50, 150)


def one_key_fifty_times_at_once_is_one_charge(clients: list[httpx.Client]) -> None:
    body = {"question": ASKED, "max_price_micros": 2 * CENT, "idempotency_key": "the same"}

    def ask(number: int) -> httpx.Response:
        return put(clients[number % len(clients)], body)

    with ThreadPoolExecutor(32) as threads:
        responses = list(threads.map(ask, range(50)))
    told = {(one.status_code, one.json()["id"], one.json()["price_micros"]) for one in responses}
    assert len(told) == 1, told
    ident = responses[0].json()["id"]
    answer = settled(clients[0], ident)
    assert answer["receipt"]
    assert clients[0].get("/api/wallet").json()["available_micros"] == 98 * CENT
    other = clients[0].post("/api/questions", json={**body, "question": "Something else?"})
    assert other.status_code == 409


def test_nobody_is_charged_twice_or_beyond_her_wallet(servers: tuple[list[Serving], str | None]) -> None:
    nodes, where = servers
    with contextlib.ExitStack() as closing:
        hers, his = (
            [closing.enter_context(contextlib.closing(signed_in(node, who))) for node in nodes] for who in (ANN, BOB)
        )
        two_hundred_at_once_and_money_for_fifty(hers)
        one_key_fifty_times_at_once_is_one_charge(his)
    assert nothing_is_wrong(where)
