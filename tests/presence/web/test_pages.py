"""Pages without scripts: ask, read, open the place; sign in and look through other eyes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import ARTIST, client_of, take_in, write_notes

HTML = {"Accept": "text/html"}


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


def sign_in(client: TestClient, services: Services) -> None:
    token = services.operator.new_token()
    assert client.get(f"/operator?token={token}").status_code == 200
    assert client.post("/operator", data={"token": token}).status_code == 200


def test_the_first_page_says_who_this_is_and_that_it_is_an_ai(client: TestClient) -> None:
    page = client.get("/").text
    assert ARTIST in page
    assert f"AI, answering from {ARTIST}’s notes — not {ARTIST}" in page
    soup = BeautifulSoup(page, "html.parser")
    assert soup.select("label[for=question]")
    assert soup.select("[role=status]")
    assert [button["value"] for button in soup.select(".examples button")]
    assert "Free" in soup.select(".price")[0].get_text()


def test_counts_are_of_what_is_open(client: TestClient, told_node: Services) -> None:
    assert "1 note" in BeautifulSoup(client.get("/").text, "html.parser").select(".counts")[0].get_text()
    sign_in(client, told_node)
    client.post("/operator/preview", data={"tier": "inner"})
    assert "3 notes" in BeautifulSoup(client.get("/").text, "html.parser").select(".counts")[0].get_text()


def test_a_plain_form_leads_to_a_finished_page_with_sources(client: TestClient) -> None:
    response = client.post("/ask", data={"question": "Where did you write Pilot Ladder?"}, follow_redirects=False)
    assert response.status_code == 303
    soup = BeautifulSoup(client.get(response.headers["location"]).text, "html.parser")
    said = soup.select(".said q")[0].get_text()
    assert said == "I wrote Pilot Ladder on a rented piano in Leeds."
    link = soup.select(".card a")[0]["href"]
    source = BeautifulSoup(client.get(str(link), headers=HTML).text, "html.parser")
    place = str(link).split("#")[1]
    assert source.find(id=place).get_text() == said  # type: ignore[union-attr]


def test_every_example_can_be_answered(client: TestClient) -> None:
    soup = BeautifulSoup(client.get("/").text, "html.parser")
    for button in soup.select(".examples button"):
        page = client.post("/ask", data={"question": str(button["value"])}).text
        assert BeautifulSoup(page, "html.parser").select(".said q"), button["value"]


def test_what_is_not_open_is_not_there(client: TestClient, told_node: Services) -> None:
    sign_in(client, told_node)
    client.post("/operator/preview", data={"tier": "circle"})
    page = client.post("/ask", data={"question": "Where was Heronshaw recorded?"}).text
    link = str(BeautifulSoup(page, "html.parser").select(".card a")[0]["href"])
    answer = re.search(r"card-([\w-]{22})-1", page)
    assert answer is not None
    assert client.get(link, headers=HTML).status_code == 200
    client.post("/operator/preview", data={"tier": "public"})
    assert client.get(link, headers=HTML).status_code == 404
    hidden = client.get(f"/answers/{answer[1]}", headers=HTML)
    assert hidden.status_code == 403
    assert "Heronshaw" not in hidden.text
    streamed = client.get(f"/api/questions/{answer[1]}/events")
    assert streamed.status_code == 403
    assert "Heronshaw" not in streamed.text


def test_the_operators_pages_need_the_operator(client: TestClient) -> None:
    assert client.post("/operator/preview", data={"tier": "inner"}).status_code == 401
    assert client.post("/operator/sign-out").status_code == 401
    assert client.post("/operator", data={"token": "guess"}).status_code == 401


def test_signing_out_ends_the_preview(client: TestClient, told_node: Services) -> None:
    sign_in(client, told_node)
    client.post("/operator/preview", data={"tier": "inner"})
    assert client.post("/operator/sign-out").status_code == 200
    assert "1 note" in BeautifulSoup(client.get("/").text, "html.parser").select(".counts")[0].get_text()


def test_an_unknown_tier_is_refused(client: TestClient, told_node: Services) -> None:
    sign_in(client, told_node)
    assert client.post("/operator/preview", data={"tier": "vip"}).status_code == 422


def test_words_of_a_note_cannot_become_markup(node: Services, client: TestClient, tmp_path: Path) -> None:
    folder = write_notes(
        tmp_path / "hostile",
        {"x.md": "---\ntitle: <script>alert(1)</script>Cellar\n---\nThe cellar holds &lt;img&gt; jars.\n"},
    )
    take_in(node, folder)
    page = client.post("/ask", data={"question": "What does the cellar hold in jars?"}).text
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize("path", ["/nothing", "/sources/none", "/answers/none"])
def test_a_missing_page_is_a_page_for_people_and_a_problem_for_programs(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML)
    assert page.status_code == 404
    assert "<h1>Nothing is here</h1>" in page.text
    problem = client.get(path, headers={"Accept": "application/json"})
    assert problem.json()["status"] == 404


def test_the_node_says_who_writes(client: TestClient) -> None:
    node = client.get("/api/node").json()
    assert node["ai"] is True
    assert node["writer"] == "quoting"
