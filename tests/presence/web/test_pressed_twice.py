"""A form that is sent twice from one page is one question; what failed may be asked anew from there."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from models import Limits, Prompt
from models.contracts import Usage
from presence.asking.contracts import Outcome
from presence.bootstrap import Services
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import sign_in

HTML = {"Accept": "text/html"}


class Failing:
    """Fails as often as it is told, then points at the first sentence."""

    name = "failing"

    def __init__(self) -> None:
        self.fails = 0

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        del limits, stop, usage
        if self.fails:
            self.fails -= 1
            raise ValueError("the writer is gone")
        yield f"[{prompt.sentences[0].number}] "

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def writer() -> Failing:
    return Failing()


@pytest.fixture
def shop(tmp_path: Path, writer: Failing) -> Iterator[Services]:
    with open_shop(tmp_path / "home", writer=writer) as opened:
        give(opened, ANN, 10)
        yield opened


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        sign_in(opened, ANN)
        yield opened


def form_of(client: TestClient, page: str = "/") -> dict[str, str]:
    """Give the fields of the form of a page, as a browser sends them."""
    form = BeautifulSoup(client.get(page, headers=HTML).text, "html.parser").select_one("form.asking")
    assert form is not None
    return {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}


def sent(client: TestClient, form: dict[str, str], question: str = ASKED) -> str:
    """Send a form, and give the page of the answer."""
    response = client.post("/ask", data={**form, "question": question}, headers=HTML, follow_redirects=False)
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def spent(shop: Services) -> int:
    return 10 * CENT - shop.paying.wallets.open(ANN.did).gift


def test_one_press_too_many_costs_nothing(client: TestClient, shop: Services) -> None:
    form = form_of(client)
    assert sent(client, form) == sent(client, form)
    assert spent(shop) == 2 * CENT


def test_two_presses_at_once_are_one_question(client: TestClient, shop: Services) -> None:
    form, found = form_of(client), list[str]()
    both = [threading.Thread(target=lambda: found.append(sent(client, form))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert spent(shop) == 2 * CENT


def test_another_question_from_the_same_page_is_another(client: TestClient) -> None:
    form = form_of(client)
    assert sent(client, form) != sent(client, form, "Who wrote Pilot Ladder?")


def test_the_page_of_an_answer_goes_on_once(client: TestClient) -> None:
    form = form_of(client, sent(client, form_of(client)))
    assert form["conversation"]
    assert sent(client, form, "Which piano was it?") == sent(client, form, "Which piano was it?")


def test_what_failed_is_asked_anew(client: TestClient, shop: Services, writer: Failing) -> None:
    form, writer.fails = form_of(client), 1
    failed = sent(client, form)
    asked = shop.desk.transcripts.find(failed.rsplit("/", 1)[1])
    assert asked is not None
    assert asked.outcome is Outcome.FAILED
    assert sent(client, form) != failed
    assert spent(shop) == 2 * CENT
