"""What listeners and the artist do in these tests, over HTTP where they would."""

import re
import time
from typing import Any

from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.telling.kinds import Kind
from tests.mailing import Mailroom, link_in, text_of
from tests.nodes import client_of
from tests.push_service import Browser, PushService
from tests.trusting import key

ANN, BOB = key("ann"), key("bob")
ADDRESS = "ann@example.org"
TEAM = "Which football team do you follow?"
ANSWER = "I never cared for football, and Heronshaw is no team."
HTML = {"Accept": "text/html"}
_real_time = time.time


class Clock:
    """The time of day, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return _real_time() + self.ahead


def choose(client: TestClient, *kinds: str, **how: Any) -> None:
    """Choose mail for these, unless it is said how."""
    how = how or {"mail": True}
    assert client.put("/api/telling/choices", json=dict.fromkeys(kinds, how)).status_code == 200


def confirm(client: TestClient, house: Services, room: Mailroom, address: str = ADDRESS) -> None:
    """Give an address and confirm it, from another device."""
    assert client.post("/api/telling/address", json={"address": address}).status_code == 202
    token = link_in(room.next()).partition("token=")[2]
    with client_of(house) as elsewhere:
        done = elsewhere.post("/telling/confirm", data={"token": token})
        assert done.status_code == 200, done.text


def all_mail(client: TestClient, house: Services, room: Mailroom) -> None:
    """Choose mail for everything, with a confirmed address."""
    choose(client, *Kind)
    confirm(client, house, room)


def asked(client: TestClient, question: str = TEAM) -> str:
    """Ask what is not in the notes, and give it to the artist."""
    ident = str(client.post("/ask", data={"question": question}).url.path).rsplit("/", 1)[1]
    assert client.post(f"/api/questions/{ident}/forward", json={"with_name": False}).status_code == 200
    return ident


def answer_all(house: Services, tier: int = 0, text: str = ANSWER) -> None:
    """Answer whatever waits."""
    for group in house.inbox.groups():
        house.inbox.answer(group.ident, text, name="answer.md", tier=tier)


def subscribed(client: TestClient, service: PushService) -> Browser:
    """Turn pushes on, as the page's script does."""
    browser = service.subscribe(client.get("/api/telling").json()["push_key"])
    done = client.post("/api/telling/browsers", json=browser.subscription)
    assert done.status_code == 201, done.text
    return browser


def stop_links(room: Mailroom) -> list[str]:
    """Give the paths of the links of the last letter that stop something, the mail program's first."""
    letter = room.letters[-1]
    links = [letter["List-Unsubscribe"].strip("<>"), *re.findall(r"https?://\S+/telling/stop/\S+", text_of(letter))]
    return [re.sub(r"^https?://[^/]+", "", link) for link in links]
