"""Several processes on one database, and processes that die: each thing is told once all the same."""

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from presence.bootstrap import Services
from presence.tables import outbox
from presence.telling.kinds import Kind
from tests.mailing import USER, Mailroom, link_in
from tests.nodes import ROOMY, client_of, open_node
from tests.postgres import drop_database, new_database
from tests.presence.processes.waiting import until
from tests.presence.telling.people import ADDRESS, ANN, ANSWER, TEAM, all_mail
from tests.processes import Serving, command, serving, told
from tests.stores import database_of
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier, issuing

pytestmark = pytest.mark.slow

LISTENERS = 12


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    name = f"telling_{time.monotonic_ns()}"
    yield new_database(postgres, name)
    drop_database(postgres, name)


def share_secret(one: Path, two: Path) -> None:
    """Let a second home know the first one's secret, as the guide says."""
    (two / "keys").mkdir(mode=0o700, parents=True)
    shutil.copy2(one / "keys" / "node.secret", two / "keys" / "node.secret")


def open_two(closing: ExitStack, tmp_path: Path, url: str, room: Mailroom, *, shared: bool) -> list[Services]:
    limits = ROOMY.model_copy(update={"mails_to_address_per_hour": 10_000, "mails_from_client_per_hour": 10_000})
    more: dict[str, Any] = {"database_url": url, "smtp_url": SecretStr(room.url), "mail_from": USER, "limits": limits}
    one = closing.enter_context(open_node(tmp_path / "one", **more))
    with client_of(one) as client:  # its secret is made when it is first needed
        Artist(one.trust)
        sign_in(client, ANN)
        all_mail(client, one, room)
    if shared:
        share_secret(tmp_path / "one", tmp_path / "two")
    two = closing.enter_context(open_node(tmp_path / "two", **more))
    root = Artist(one.trust)
    root.vouch_for_head()
    return [one, two]


def look_at_once(houses: list[Services], times: int = 5) -> int:
    """Let all of them look at the same moment, some times over; give how many letters that became."""
    barrier = threading.Barrier(len(houses))

    def look(house: Services) -> int:
        written = 0
        for _ in range(times):
            barrier.wait(30)
            written += house.telling.look()
        return written

    with ThreadPoolExecutor(len(houses)) as threads:
        return sum(threads.map(look, houses))


def test_two_that_look_at_once_tell_each_listener_once(tmp_path: Path, url: str, room: Mailroom) -> None:
    with ExitStack() as closing:
        houses = open_two(closing, tmp_path, url, room, shared=True)
        for number in range(LISTENERS - 1):
            with client_of(houses[number % 2]) as client:
                sign_in(client, key(f"fan {number}"))
                all_mail(client, houses[0], room)
        before = len(room.letters)
        with ThreadPoolExecutor(8) as threads:
            noted = sum(threads.map(lambda number: houses[number % 2].telling.arrived("tonight"), range(8)))
        assert noted == LISTENERS
        assert look_at_once(houses) == LISTENERS
        for _ in range(LISTENERS):
            room.next()
        assert sum(house.outbox.send_due() for house in houses) == 0
        came = room.letters[before:]
        assert len(came) == len({letter["Message-ID"] for letter in came}) == LISTENERS


def test_what_one_was_let_in_to_is_told_by_one_of_them(tmp_path: Path, url: str, room: Mailroom) -> None:
    with ExitStack() as closing:
        houses = open_two(closing, tmp_path, url, room, shared=True)
        for house in houses:
            house.telling.look()
        Artist(houses[0].trust).grant(ANN.did, Tier.CIRCLE)
        assert look_at_once(houses) == 1
        assert room.next()["Subject"] == "More is open to you at Ada Marsh’s presence"


def test_who_has_another_secret_leaves_it_to_who_can_read_the_address(tmp_path: Path, url: str, room: Mailroom) -> None:
    with ExitStack() as closing:
        one, two = open_two(closing, tmp_path, url, room, shared=False)
        one.telling.arrived("tonight")
        assert two.telling.look() == 0
        assert one.telling.look() == 1
        assert room.next()["To"] == ADDRESS


@pytest.fixture
def mail_settings(room: Mailroom) -> dict[str, str]:
    return {"PRESENCE_SMTP_URL": room.url, "PRESENCE_MAIL_FROM": USER, "PRESENCE_ARTIST_NAME": "Ada Marsh"}


@contextmanager
def signed_in(node: Serving) -> Iterator[httpx.Client]:
    with node.client() as client:
        asked = client.post("/auth/challenge").json()
        proof = issuing.auth(ANN, root=asked["root"], aud=node.address, nonce=asked["nonce"], iat=int(time.time()))
        client.post("/auth/session", json=proof).raise_for_status()
        yield client


def consent(client: httpx.Client, room: Mailroom) -> None:
    client.put("/api/telling/choices", json={kind: {"mail": True} for kind in Kind}).raise_for_status()
    client.post("/api/telling/address", json={"address": ADDRESS}).raise_for_status()
    token = link_in(room.next()).partition("token=")[2]
    client.post("/telling/confirm", data={"token": token}).raise_for_status()


def forwarded(client: httpx.Client, question: str = TEAM) -> str:
    asked_at = client.post("/ask", data={"question": question})
    ident = asked_at.headers["location"].rpartition("/")[2]
    client.post(f"/api/questions/{ident}/forward", json={}).raise_for_status()
    return ident


def answer_by_command(home: Path, folder: Path, **more: str) -> None:
    text = folder / "answer.md"
    text.write_text(ANSWER)
    listed = command(home, "inbox", "list", "--json", **more)
    assert listed.returncode == 0, listed.stderr
    (group,) = told(listed)
    done = command(home, "inbox", "answer", group["group"], "--file", str(text), "--tier", "public", **more)
    assert done.returncode == 0, done.stderr


def test_the_artists_answer_at_a_terminal_is_one_mail_from_two_servers(
    tmp_path: Path, url: str, room: Mailroom, mail_settings: dict[str, str]
) -> None:
    homes = tmp_path / "one" / "home", tmp_path / "two" / "home"
    assert command(homes[0], "init", "--name", "Ada Marsh").returncode == 0
    with serving(homes[0], PRESENCE_DATABASE_URL=url, **mail_settings) as one, signed_in(one) as client:
        consent(client, room)
        share_secret(*homes)
        with serving(homes[1], PRESENCE_DATABASE_URL=url, **mail_settings):
            for question in (TEAM, "Do your knees hurt on stairs?"):
                ident = forwarded(client, question)
                answer_by_command(homes[0], tmp_path, PRESENCE_DATABASE_URL=url)
                # The second letter is the first one's fence: what was sent twice would be here before it.
                assert f"/answers/{ident}\n" in str(room.next().get_content()).replace("\r\n", "\n")
    assert len(room.letters) == 3  # the first of all confirmed the address


def nothing_waits(home: Path) -> bool:
    """Whether all mail is handed over and forgotten: what was only handed over is sent again after a crash."""
    with closing(database_of(home)) as database, database.records() as records:
        return records.execute(select(outbox.c.id)).all() == []


def test_what_was_answered_before_a_crash_is_told_after_it_once(
    tmp_path: Path, room: Mailroom, mail_settings: dict[str, str]
) -> None:
    home = tmp_path / "one" / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    with serving(home, **mail_settings) as node, signed_in(node) as client:
        consent(client, room)
        forwarded(client)
        until(lambda: nothing_waits(home))
        node.kill()
    answer_by_command(home, tmp_path)  # with nobody there who could mail
    for is_first in (True, False):
        with serving(home, **mail_settings) as node, signed_in(node) as client:
            assert client.get("/api/telling").json()["lately"] != []
            if is_first:
                assert room.next()["Subject"] == "Ada Marsh has answered your question"
            until(lambda: nothing_waits(home))
            node.kill()
    with serving(home, **mail_settings) as node, signed_in(node) as client:
        forwarded(client, "Do your knees hurt on stairs?")
        answer_by_command(home, tmp_path)
        room.next()
    assert len(room.letters) == 3
