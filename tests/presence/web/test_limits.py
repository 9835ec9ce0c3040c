"""How much is taken within a while, of whom."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from presence.app import create_app
from presence.bootstrap import Services
from presence.errors import TooMany
from presence.settings import LimitsSettings
from presence.web.clients import client_of as address_of
from presence.web.limits import NAMES_MAX, Limits
from tests.nodes import client_of, open_node
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier, issuing

ASKED = {"question": "What happened on the night ferry?"}


@contextmanager
def limited(folder: Path, **settings: int) -> Iterator[tuple[Services, TestClient]]:
    with open_node(folder / "home", limits=LimitsSettings(**settings)) as services, client_of(services) as client:
        yield services, client


def challenged(client: TestClient) -> Any:
    return client.post("/auth/challenge")


def proven(client: TestClient) -> Any:
    return client.post("/auth/session", content=b"{}")


def asked(client: TestClient) -> Any:
    return client.post("/api/questions", json=ASKED)


def priced(client: TestClient) -> Any:
    return client.post("/api/offers", json=ASKED)


def asked_by_form(client: TestClient) -> Any:
    return client.post("/ask", data=ASKED)


@pytest.mark.parametrize(
    ("setting", "send"),
    [
        ("sign_ins_per_minute", challenged),
        ("sign_ins_per_minute", proven),
        ("sign_ins_per_minute", lambda client: client.post("/sign-in/link", data={"token": "a" * 43})),
        ("questions_per_minute", asked),
        ("questions_per_minute", asked_by_form),
        ("questions_per_minute", priced),
        *(
            ("documents_per_minute", lambda client, kind=kind: client.post(f"/api/{kind}", content=b"{}"))
            for kind in ("grants", "revocations", "delegations", "rotations", "checkpoints")
        ),
        ("keys_per_hour", lambda client: client.post("/api/keys", json={"label": "x", "days": 1})),
        ("keys_per_hour", lambda client: client.post("/api/keys/embed", json={"origin": "https://blog.example"})),
    ],
    ids=range(13),
)
def test_what_is_beyond_is_refused_with_a_time(tmp_path: Path, setting: str, send: Callable[..., Any]) -> None:
    with limited(tmp_path, **{setting: 2}) as (services, client):
        Artist(services.trust)
        answers = [send(client) for _ in range(4)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True, True]
    assert 1 <= int(answers[3].headers["retry-after"]) <= (3600 if setting == "keys_per_hour" else 60)
    assert "too much" in answers[3].text


def test_as_much_is_taken_as_the_settings_say_by_default() -> None:
    said = LimitsSettings()
    assert (said.sign_ins_per_minute, said.documents_per_minute, said.keys_per_hour) == (240, 60, 20)
    assert (said.questions_per_minute, said.mails_to_address_per_hour, said.mails_from_client_per_hour) == (30, 5, 20)


def test_one_person_is_counted_on_all_her_devices_and_another_is_not(tmp_path: Path) -> None:
    with limited(tmp_path, questions_per_minute=2) as (services, _):
        Artist(services.trust)
        app = create_app(services)
        clients = [TestClient(app, base_url="http://localhost", client=(f"192.0.2.{n}", 1)) for n in range(4)]
        for client in clients[:3]:
            sign_in(client, key("ann"))
        sign_in(clients[3], key("bob"))
        assert [asked(client).status_code for client in clients] == [201, 201, 429, 201]


def test_one_client_is_counted_whoever_it_says_it_is(tmp_path: Path) -> None:
    with limited(tmp_path, questions_per_minute=2) as (services, client):
        Artist(services.trust)
        codes = []
        for name in ("ann", "bob", "eve"):
            sign_in(client, key(name))
            client.headers["X-Forwarded-For"] = f"192.0.2.{len(name)}"
            codes.append(asked(client).status_code)
    assert codes == [201, 201, 429]


def test_whoever_is_refused_a_document_is_counted_by_her_address_too(tmp_path: Path) -> None:
    with limited(tmp_path, documents_per_minute=1) as (services, client):
        artist = Artist(services.trust)
        now = artist.now
        grant = issuing.grant(artist.key, root=artist.root, sub=key("bob").did, tier=Tier.CIRCLE, nbf=now, exp=now + 60)
        assert client.post("/api/grants", json=grant).status_code == 201
        assert client.post("/api/revocations", content=b"{}").status_code == 429


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_or_a_household(host: str, client: str) -> None:
    assert address_of(Request({"type": "http", "client": (host, 1), "headers": []})) == client


def test_a_client_without_an_address_is_still_counted() -> None:
    assert address_of(Request({"type": "http", "client": None, "headers": []})) == ""


def test_nobody_is_counted_for_nobody() -> None:
    limits = Limits(LimitsSettings(questions_per_minute=1))
    for _ in range(3):
        limits.count(limits.questions, [None])
    limits.count(limits.questions, ["192.0.2.1", None])
    with pytest.raises(TooMany):
        limits.count(limits.questions, ["192.0.2.1", None])
    limits.count(limits.offers, ["192.0.2.1"])


class Clock:
    """A time that is set by hand, in seconds."""

    def __init__(self, now: float = 1_000_000_020.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@given(
    most=st.integers(1, 12),
    steps=st.lists(st.floats(0, 70, allow_nan=False), min_size=1, max_size=80),
    begins=st.floats(0, 59.9, allow_nan=False),
)
def test_whenever_they_come_no_more_than_the_limit_are_taken_in_any_minute(
    most: int, steps: list[float], begins: float
) -> None:
    clock = Clock(1_000_000_020.0 + begins)
    limits = Limits(LimitsSettings(questions_per_minute=most), clock)
    taken: list[float] = []
    for step in steps:
        clock.now += step / 10
        with suppress(TooMany):
            limits.count(limits.questions, ["192.0.2.1"])
            taken.append(clock.now)
    assert all(sum(1 for one in taken if at - 60 < one <= at) <= most for at in taken)
    assert len(taken) == len(steps) or len(taken) >= most


@given(most=st.integers(1, 50), begins=st.floats(0, 59.9, allow_nan=False), later=st.floats(0, 200, allow_nan=False))
def test_who_waits_as_long_as_she_was_told_is_taken(most: int, begins: float, later: float) -> None:
    clock = Clock(1_000_000_020.0 + begins)
    limits = Limits(LimitsSettings(questions_per_minute=most), clock)
    for _ in range(most):
        limits.count(limits.questions, ["192.0.2.1"])
    clock.now += later
    wait = refused_for(limits)
    assert (wait is None) == (later >= 60)
    if wait is not None:
        assert 1 <= wait <= 60
        clock.now += wait
        assert refused_for(limits) is None


def refused_for(limits: Limits) -> int | None:
    """Hand one more in, and give how many seconds that is refused for."""
    try:
        limits.count(limits.questions, ["192.0.2.1"])
    except TooMany as refused:
        return refused.retry_after_s
    return None


def test_a_flood_of_names_takes_no_more_than_its_share_of_memory_and_frees_nobody_who_goes_on() -> None:
    limits = Limits(LimitsSettings(questions_per_minute=2))
    limits.count(limits.questions, ["192.0.2.1", "192.0.2.1"])
    for n in range(NAMES_MAX + 5_000):
        limits.count(limits.offers, [f"2001:db8:{n:x}::/64"])
        if n % 1_000 == 0:
            with pytest.raises(TooMany):
                limits.count(limits.questions, ["192.0.2.1"])
    assert limits.names == NAMES_MAX
    with pytest.raises(TooMany):
        limits.count(limits.questions, ["192.0.2.1"])


def test_ways_in_that_are_guessed_at_are_counted(tmp_path: Path) -> None:
    with limited(tmp_path, sign_ins_per_minute=2) as (_, client):
        guesses = [
            client.post(f"/invite/{'a' * 43}"),
            client.post("/operator", data={"token": "a" * 43}),
            client.post(f"/invite/{'b' * 43}"),
        ]
    assert [answer.status_code for answer in guesses][2] == 429
    assert 429 not in [answer.status_code for answer in guesses][:2]


def test_uploads_are_counted(tmp_path: Path) -> None:
    with limited(tmp_path, uploads_per_hour=1) as (services, client):
        operator_of(client, services)
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
        codes = [client.post("/api/recordings", headers=headers).status_code for _ in range(2)]
    assert codes[1] == 429
    assert codes[0] != 429
