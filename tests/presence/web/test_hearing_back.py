"""Hearing back without being known: a question handed on, an address, a link, and a mail when there is an answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from pydantic import SecretStr

from presence.bootstrap import Services
from tests.mailing import USER, Mailroom, link_in, mailroom
from tests.nodes import client_of, open_node, take_in
from tests.presence.telling.people import ADDRESS

HTML = {"Accept": "text/html"}
UNKNOWN = "Which football team do you support?"


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def mailing(tmp_path: Path, room: Mailroom, material: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home", smtp_url=SecretStr(room.url), mail_from=USER) as services:
        take_in(services, material, tier=None)
        yield services


@pytest.fixture
def client(mailing: Services) -> Iterator[TestClient]:
    with client_of(mailing) as opened:
        yield opened


def handed_on(client: TestClient) -> str:
    """Ask what no note tells, and give it to the artist; gives the page."""
    asked = client.post("/ask", data={"question": UNKNOWN}, headers=HTML)
    path = asked.url.path
    client.post(f"{path}/forward", data={"without_name": "true"}, headers=HTML)
    return path


def words(client: TestClient, path: str) -> str:
    page = BeautifulSoup(client.get(path, headers=HTML).text, "html.parser")
    return " ".join(part.get_text(" ", strip=True) for part in page.select(".hear"))


def leave(client: TestClient, path: str, email: str = ADDRESS) -> int:
    return client.post(f"{path}/hear", data={"email": email}, headers=HTML).status_code


def open_link(client: TestClient, link: str) -> None:
    token = re.search(r"token=([\w-]+)", link)
    assert token
    assert client.post("/telling/confirm", data={"token": token[1]}).status_code == 200


def answer(services: Services) -> int:
    """Answer what waits, and give how many letters it became."""
    [group] = services.inbox.groups()
    services.inbox.answer(group.ident, "I support the Skerrow lifeboat.", name="answer.md", tier=0)
    return services.telling.look()


def test_an_address_is_confirmed_and_hears_when_there_is_an_answer(
    client: TestClient, mailing: Services, room: Mailroom
) -> None:
    path = handed_on(client)
    assert "Your e-mail address, to hear back" in words(client, path)
    assert leave(client, path) == 200
    assert f"A mail is on its way to {ADDRESS}" in words(client, path)
    open_link(client, link_in(room.next()))
    assert f"You will hear back at {ADDRESS} ." in words(client, path)
    assert answer(mailing) == 1
    letter = room.next()
    assert link_in(letter).endswith(path)
    assert "where you are signed in" not in letter.get_content()
    with client_of(mailing) as elsewhere:  # on the machine on which she reads her mail
        shown = elsewhere.get(path, headers=HTML)
        assert shown.url.path.startswith("/sources/")
        assert "Skerrow lifeboat" in shown.text


def test_nothing_is_sent_to_an_address_that_nobody_confirmed(
    client: TestClient, mailing: Services, room: Mailroom
) -> None:
    leave(client, handed_on(client))
    link_in(room.next())
    assert answer(mailing) == 0


def test_what_is_no_address_is_said_at_its_field_and_kept(client: TestClient, mailing: Services) -> None:
    path = handed_on(client)
    told = client.post(f"{path}/hear", data={"email": "ann at example"}, headers=HTML)
    field = BeautifulSoup(told.text, "html.parser").select_one("input[name=email]")
    assert told.status_code == 422
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == ("ann at example", "true")
    assert "This is no e-mail address" in told.text


def test_a_question_of_somebody_else_or_one_that_was_not_handed_on_takes_no_address(
    client: TestClient, mailing: Services
) -> None:
    path = handed_on(client)
    asked = client.post("/ask", data={"question": UNKNOWN + " And why?"}, headers=HTML).url.path
    assert leave(client, asked) == 409
    with client_of(mailing) as somebody:
        assert leave(somebody, path) == 404
        assert somebody.get(path, headers=HTML).status_code == 404  # not answered: nothing is said of it


def test_who_makes_a_key_afterwards_hears_all_the_same(client: TestClient, mailing: Services, room: Mailroom) -> None:
    path = handed_on(client)
    leave(client, path)
    open_link(client, link_in(room.next()))
    client.post("/sign-in", data={"email": "other@example.org"})
    token = re.search(r"token=([\w-]+)", link_in(room.next()))
    assert token
    client.post("/sign-in/link", data={"token": token[1]})
    assert answer(mailing) == 1
    assert link_in(room.next()).endswith(path)


def test_a_house_that_sends_no_mail_asks_for_no_address(told_node: Services) -> None:
    with client_of(told_node) as client:
        path = handed_on(client)
        assert "Come back to this page" in words(client, path)
        assert leave(client, path) == 409
