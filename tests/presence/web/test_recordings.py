"""Uploads over HTTP, as a tus client makes them: in pieces, interrupted, refused; and for the operator alone."""

import base64
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.knowledge.facts.curating import night, tell
from tests.knowledge.recordings.sounds import wav
from tests.nodes import client_of
from tests.processes import Serving, serving

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


def metadata(**told: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


def sign_in(services: Services, client: TestClient) -> TestClient:
    client.post("/operator", data={"token": services.operator.new_token()})
    return client


@pytest.fixture
def operator(node: Services) -> Iterator[TestClient]:
    with client_of(node) as client:
        yield sign_in(node, client)


def begin(client: TestClient | httpx.Client, length: int, **told: str) -> str:
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(**told)}
    response = client.post("/api/recordings", headers=headers)
    assert response.status_code == 201, response.text
    return response.headers["Location"]


def piece(client: TestClient | httpx.Client, at: str, offset: int, data: bytes) -> Any:
    return client.patch(at, headers={**PIECE, "Upload-Offset": str(offset)}, content=data)


def offset(client: TestClient | httpx.Client, at: str) -> int:
    response = client.head(at, headers=TUS)
    assert response.status_code == 200
    return int(response.headers["Upload-Offset"])


def test_a_recording_goes_up_in_pieces(node: Services, operator: TestClient) -> None:
    data = wav()
    at = begin(operator, len(data), filename="set.wav", tier="follower")
    assert piece(operator, at, 0, data[:7_000]).status_code == 204
    head = operator.head(at, headers=TUS)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("7000", str(len(data)))
    assert head.headers["Cache-Control"] == "no-store"
    last = piece(operator, at, 7_000, data[7_000:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(data)))
    [made] = operator.get("/api/recordings").json()
    assert last.headers["Content-Location"] == f"/audio/{made['id']}"
    assert (made["title"], made["tier"], made["type"]) == ("set.wav", "follower", "audio/wav")
    assert offset(operator, at) == len(data)


def test_a_piece_may_be_larger_than_any_other_request(node: Services, operator: TestClient) -> None:
    data = wav(60)
    assert len(data) > node.settings.asking.body_bytes_max
    at = begin(operator, len(data))
    assert piece(operator, at, 0, data).status_code == 204
    assert operator.post("/api/recordings", content=data, headers=TUS).status_code == 413


def test_a_piece_at_the_wrong_place_is_a_conflict(operator: TestClient) -> None:
    at = begin(operator, 100)
    piece(operator, at, 0, b"x" * 40)
    for wrong in (0, 39, 41):
        assert piece(operator, at, wrong, b"y").status_code == 409
    assert offset(operator, at) == 40


def test_more_than_was_announced_is_refused(operator: TestClient) -> None:
    at = begin(operator, 100)
    assert piece(operator, at, 0, b"x" * 101).status_code == 413
    assert offset(operator, at) <= 100


@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_another_version_of_the_protocol_is_told_which_one(operator: TestClient, method: str) -> None:
    at = "/api/recordings" if method == "POST" else begin(operator, 10)
    for headers in ({}, {"Tus-Resumable": "0.2.2"}):
        response = operator.request(method, at, headers={**headers, "Upload-Length": "10", "Upload-Offset": "0"})
        assert response.status_code == 412
        assert response.headers["Tus-Version"] == "1.0.0"


def test_what_is_spoken_is_told(node: Services, operator: TestClient) -> None:
    headers = operator.options("/api/recordings").headers
    assert headers["Tus-Version"] == "1.0.0"
    assert headers["Tus-Max-Size"] == str(2 * 1024**3)
    assert "creation" in headers["Tus-Extension"]


def test_a_piece_of_another_type_is_refused(operator: TestClient) -> None:
    at = begin(operator, 10)
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}
    assert operator.patch(at, headers=headers, content=b"x").status_code == 415


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422), ({"Upload-Length": "-1"}, 422), ({"Upload-Length": "0"}, 422), ({"Upload-Length": "many"}, 422),
        ({"Upload-Length": str(2 * 1024**3 + 1)}, 413), ({"Upload-Length": "9", "Upload-Metadata": "tier %%%"}, 422),
        ({"Upload-Length": "9", "Upload-Metadata": metadata(tier="emperor")}, 422),
        ({"Upload-Length": "9", "Upload-Metadata": metadata(set="1999-01-01")}, 404),
    ],
)  # fmt: skip
def test_what_cannot_become_a_recording_is_not_begun(
    node: Services, operator: TestClient, headers: dict[str, str], status: int
) -> None:
    assert operator.post("/api/recordings", headers={**TUS, **headers}).status_code == status
    assert not node.home.uploads.exists() or not list(node.home.uploads.iterdir())


def test_a_full_disk_is_told_and_what_is_here_stays(node: Services, operator: TestClient) -> None:
    at = begin(operator, 100)
    piece(operator, at, 0, b"x" * 40)
    node.recordings.uploads._free = lambda _folder: 0
    assert piece(operator, at, 40, b"x" * 60).status_code == 507
    response = operator.post("/api/recordings", headers={**TUS, "Upload-Length": "9"})
    assert response.status_code == 507
    assert "room" in response.json()["detail"]
    assert offset(operator, at) == 40


def test_what_is_no_sound_is_refused_and_forgotten(node: Services, operator: TestClient) -> None:
    at = begin(operator, 40)
    response = piece(operator, at, 0, b"no sound" * 5)
    assert response.status_code == 422
    assert operator.head(at, headers=TUS).status_code == 404
    assert list(node.home.uploads.iterdir()) == []


def test_an_upload_can_be_given_up(node: Services, operator: TestClient) -> None:
    at = begin(operator, 40)
    assert operator.delete(at, headers=TUS).status_code == 204
    assert operator.delete(at, headers=TUS).status_code == 404
    assert list(node.home.uploads.iterdir()) == []


def test_nobody_but_the_operator_uploads(node: Services, operator: TestClient) -> None:
    at = begin(operator, 40)
    with client_of(node) as stranger:
        answers: list[Any] = [
            stranger.post("/api/recordings", headers={**TUS, "Upload-Length": "9"}),
            stranger.get("/api/recordings"),
            stranger.head(at, headers=TUS),
            piece(stranger, at, 0, b"x"),
            stranger.delete(at, headers=TUS),
        ]
    assert {answer.status_code for answer in answers} == {401}
    assert offset(operator, at) == 0


def test_another_site_does_not_upload_with_her_cookie(operator: TestClient) -> None:
    headers = {**TUS, "Upload-Length": "9", "Origin": "https://evil.example"}
    assert operator.post("/api/recordings", headers=headers).status_code == 403


def test_two_uploads_go_up_at_once(node: Services, operator: TestClient) -> None:
    first, second = wav(1), wav(3)
    places = begin(operator, len(first)), begin(operator, len(second))
    for at in range(0, len(second), 5_000):
        for place, data in zip(places, (first, second), strict=True):
            if at < len(data):
                assert piece(operator, place, at, data[at : at + 5_000]).status_code == 204
    assert sorted(one["duration_ms"] for one in operator.get("/api/recordings").json()) == [1_000, 3_000]


def test_two_pieces_of_one_upload_at_once_never_mix(node: Services, operator: TestClient) -> None:
    at, data = begin(operator, 400_000), b"ab" * 100_000
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _number: piece(operator, at, 0, data).status_code, range(8)))
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert node.recordings.uploads.path(at.rsplit("/", 1)[1]).read_bytes() == data


def test_a_recording_names_the_night_it_is_of(node: Services, operator: TestClient, tmp_path: Path) -> None:
    tell(node, tmp_path / "notes", dock=night("One", "2019-07-14", "The Dock", "Petra - Door"))
    data = wav()
    piece(operator, begin(operator, len(data), set="2019-07-14", tier="public"), 0, data)
    [made] = operator.get("/api/recordings").json()
    assert made["of"] == {"kind": "event", "key": "2019-07-14|dock|leeds|1"}


@contextmanager
def signed_in(served: Serving) -> Iterator[httpx.Client]:
    with served.client() as client:
        client.post("/operator", data={"token": served.token})
        yield client


def test_a_line_that_breaks_keeps_what_came(tmp_path: Path) -> None:
    data = wav(30)

    def broken() -> Iterator[bytes]:
        yield data[:100_000]
        sent.set()
        raise ConnectionError

    sent = threading.Event()
    with serving(tmp_path / "home") as served, signed_in(served) as client:
        at = begin(client, len(data))
        headers = {**PIECE, "Upload-Offset": "0", "Content-Length": str(len(data))}
        with pytest.raises(ConnectionError):
            client.patch(at, headers=headers, content=broken())
        assert sent.is_set()
        stands = wait_for(client, at, 100_000)
        assert piece(client, at, stands, data[stands:]).status_code == 204
        [made] = client.get("/api/recordings").json()
        assert made["bytes"] == len(data)
    assert '"bug"' not in (tmp_path / "home.log").read_text()


def wait_for(client: httpx.Client, at: str, wanted: int) -> int:
    for _ in range(100):
        if (stands := offset(client, at)) >= wanted:
            break
        threading.Event().wait(0.05)
    return stands


def test_a_node_that_was_killed_between_two_pieces_goes_on(tmp_path: Path) -> None:
    data = wav(30)
    with serving(tmp_path / "home") as served, signed_in(served) as client:
        at = begin(client, len(data), title="Kept", tier="public")
        piece(client, at, 0, data[:200_000])
        served.kill()
    with serving(tmp_path / "home") as served, signed_in(served) as client:
        assert offset(client, at) == 200_000
        last = piece(client, at, 200_000, data[200_000:])
        assert last.status_code == 204
        heard = client.get(last.headers["Content-Location"])
        assert heard.content == data
        assert json.loads(client.get("/api/recordings").text)[0]["title"] == "Kept"
