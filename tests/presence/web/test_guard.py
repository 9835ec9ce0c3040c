"""What every request passes."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.web.safe_headers import SAFE_HEADERS
from tests.nodes import client_of


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/room.js", "/nothing"])
def test_every_answer_carries_the_safe_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/ask", data={"question": "Where?"}, headers=headers)
    assert response.status_code == 403


@pytest.mark.parametrize("path", ["/releases/%00", "/sources/a%00b", "/nothing/%00"])
def test_nothing_is_at_an_address_that_is_no_text_whatever_the_database(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()["detail"]) == (404, "There is nothing at this address.")


def test_words_to_look_for_that_are_no_text_are_refused_whatever_the_database(client: TestClient) -> None:
    response = client.get("/search?q=%00")
    assert (response.status_code, "NUL" in response.json()["detail"]) == (422, True)


def test_our_own_forms_pass(client: TestClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/ask", data={"question": "Where is the piano?"}, headers=headers).status_code == 200


def test_a_foreign_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_the_house_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ready"


def test_a_bug_is_a_500_with_a_reference_and_no_details(
    told_node: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no such table in sqlite")

    monkeypatch.setattr(type(told_node.library), "counts", broken)
    response = client.get("/", headers={"Accept": "application/json"})
    assert response.status_code == 500
    assert response.headers["content-security-policy"] == SAFE_HEADERS["Content-Security-Policy"]
    assert (response.headers["x-content-type-options"], response.headers["cache-control"]) == ("nosniff", "no-store")
    assert "reference" in response.json()["detail"]
    assert "sqlite" not in response.text.lower()
