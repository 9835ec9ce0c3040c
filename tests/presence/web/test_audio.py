"""Recordings as players ask for them: whole, in stretches, and never above the tier."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from knowledge import Recording, Wish
from presence.bootstrap import Services
from tests.knowledge.recordings.sounds import wav
from tests.nodes import client_of
from tests.presence.web.test_recordings import sign_in

DATA = wav()


def keep(services: Services, folder: Path, tier: int = 0) -> Recording:
    path = folder / "one.wav"
    path.write_bytes(DATA)
    return services.recordings.add(path, Wish(len(DATA), tier, "One"), lambda _done, _whole: None)


@pytest.fixture
def made(node: Services, tmp_path: Path) -> Recording:
    return keep(node, tmp_path)


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        yield opened


def test_a_recording_is_given_whole(client: TestClient, made: Recording) -> None:
    response = client.get(f"/audio/{made.ident}")
    assert (response.status_code, response.content) == (200, DATA)
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["content-length"] == str(len(DATA))
    assert "content-disposition" not in response.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), ("bytes=30000-", 30_000, len(DATA) - 1),
     ("bytes=-44", len(DATA) - 44, len(DATA) - 1), ("bytes=10-9999999", 10, len(DATA) - 1)],
)  # fmt: skip
def test_a_stretch_is_given_as_it_was_asked_for(
    client: TestClient, made: Recording, asked: str, first: int, last: int
) -> None:
    response = client.get(f"/audio/{made.ident}", headers={"Range": asked})
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert response.content == DATA[first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=9999999-", "bytes=200-100"])
def test_a_stretch_that_is_not_there_is_told(client: TestClient, made: Recording, asked: str) -> None:
    response = client.get(f"/audio/{made.ident}", headers={"Range": asked})
    assert response.status_code in (400, 416)
    if response.status_code == 416:
        assert response.headers["content-range"] == f"bytes */{len(DATA)}"


def test_a_head_tells_everything_and_gives_nothing(client: TestClient, made: Recording) -> None:
    whole = client.get(f"/audio/{made.ident}")
    head = client.head(f"/audio/{made.ident}")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "accept-ranges", "cache-control"):
        assert head.headers[name] == whole.headers[name]


def test_what_a_player_has_is_not_sent_again(client: TestClient, made: Recording) -> None:
    tag = client.get(f"/audio/{made.ident}").headers["etag"]
    again = client.get(f"/audio/{made.ident}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    stretch = {"Range": "bytes=0-9", "If-Range": tag}
    assert client.get(f"/audio/{made.ident}", headers=stretch).status_code == 206
    assert client.get(f"/audio/{made.ident}", headers={**stretch, "If-Range": '"another"'}).status_code == 200


def test_above_the_tier_there_is_nothing(node: Services, client: TestClient, tmp_path: Path) -> None:
    secret = keep(node, tmp_path, tier=3)
    unknown = client.get("/audio/nothing").json()
    for address in (f"/audio/{secret.ident}", f"/audio/{secret.ident}/peaks"):
        response = client.get(address, headers={"Range": "bytes=0-9"})
        assert (response.status_code, response.json()) == (404, unknown)
        assert client.head(address.removesuffix("/peaks")).status_code == 404
    sign_in(node, client)
    assert client.get(f"/audio/{secret.ident}").status_code == 404
    client.post("/operator/preview", data={"tier": "circle"})
    assert client.get(f"/audio/{secret.ident}").content == DATA
    client.post("/operator/preview", data={"tier": "supporter"})
    assert client.get(f"/audio/{secret.ident}").status_code == 404


def test_bytes_that_are_gone_are_a_404_without_a_path(node: Services, client: TestClient, made: Recording) -> None:
    path = node.recordings.path(made.ident)
    assert path is not None
    path.unlink()
    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=nonsense"}):
        response = client.get(f"/audio/{made.ident}", headers=headers)
        assert response.status_code == 404
        assert path.name not in response.text
        assert str(node.home.folder) not in response.text


def test_what_was_removed_is_gone(node: Services, client: TestClient, made: Recording) -> None:
    node.recordings.remove(made.ident)
    assert client.get(f"/audio/{made.ident}").status_code == 404


def test_the_picture_is_given_as_numbers(client: TestClient, made: Recording) -> None:
    told = client.get(f"/audio/{made.ident}/peaks").json()
    assert told["duration_ms"] == 2_000
    assert len(told["peaks"]) == 1_000
    assert all(-127 <= low <= high <= 127 for low, high in told["peaks"])


def test_pages_may_play_what_is_here_and_nothing_else(client: TestClient) -> None:
    assert "media-src 'self';" in client.get("/").headers["content-security-policy"]
