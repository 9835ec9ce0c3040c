"""Bring in: files, texts and addresses are looked at first, mended, kept or thrown away, and undone as one."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.settings import KnowledgeSettings
from tests.nodes import client_of, open_node
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
LIST = """00:00 Zeno Obuya - Monday Dub [Lantern]
03:10 Ada Marsh - Low Tide (Long Mix) [Dock]
07:30 Kess - Ochre
?? that one with the bells
15:10 Mora Lind - Salt
"""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home") as services:
        yield services


@pytest.fixture
def client(node: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("presence.web.studio.bringing_in.WAIT_SECONDS", 60.0)  # a machine may be busy
    with client_of(node) as opened:
        operator_of(opened, node)
        opened.headers["Accept"] = "text/html"
        yield opened


def settled(node: Services, client: TestClient, page: str) -> str:
    """Give the page of what was brought in, once it is read."""
    ident = page.rsplit("/", 1)[1]
    node.bringing.wait(ident, 30)
    return client.get(page).text


def sent(node: Services, client: TestClient, path: str, **form: object) -> tuple[str, str]:
    response = client.post(path, follow_redirects=False, **form)  # type: ignore[arg-type]
    assert response.status_code == 303, response.text
    return response.headers["location"], settled(node, client, response.headers["location"])


def sets(node: Services) -> list[int]:
    return [node.library.counts(tier).sets for tier in range(5)]


def test_a_pasted_list_is_seen_mended_and_kept(node: Services, client: TestClient) -> None:
    data = {"text": LIST, "title": "2024-05-01 Dock", "tier": "follower"}
    page, shown = sent(node, client, "/studio/bring-in/text", data=data)
    assert "1 set, 4 tracks, 1 line not understood" in shown
    assert 'value="?? that one with the bells"' in shown
    assert sets(node) == [0, 0, 0, 0, 0]
    _, shown = sent(node, client, f"{page}/again", data={"line-0": "11:00 Ines - Bells", "tier": "circle"})
    assert "1 set, 5 tracks." in re.sub(r"</?b>", "", shown)
    _, shown = sent(node, client, f"{page}/confirm")
    assert "it is among your notes" in shown
    assert sets(node) == [0, 0, 0, 1, 1]


def test_what_was_mended_is_not_lost_by_keeping_it_at_once(node: Services, client: TestClient) -> None:
    page, _ = sent(node, client, "/studio/bring-in/text", data={"text": LIST, "title": "Dock", "tier": "public"})
    _, shown = sent(node, client, f"{page}/confirm", data={"line-0": "?? or this", "tier": "public"})
    assert 'value="?? or this"' in shown
    _, shown = sent(node, client, f"{page}/confirm", data={"line-0": "11:00 Ines - Bells", "tier": "follower"})
    assert "it is among your notes" in shown
    assert "5 tracks" in shown
    assert sets(node) == [0, 1, 1, 1, 1]


def test_without_a_choice_each_file_s_own_word_counts_and_the_rest_is_inner(node: Services, client: TestClient) -> None:
    files = [
        ("files", ("notes/said.md", b"---\ntier: public\n---\nThe piano had two dead keys.", "text/markdown")),
        ("files", ("notes/silent.md", b"Nobody in the house slept that week.", "text/markdown")),
    ]
    page, shown = sent(node, client, "/studio/bring-in/files", files=files)
    assert "notes, 2 files" in shown
    sent(node, client, f"{page}/confirm")
    assert [node.library.counts(tier).documents for tier in range(5)] == [1, 1, 1, 1, 2]


def test_a_script_sends_files_one_by_one_larger_than_any_other_request(node: Services, client: TestClient) -> None:
    made = client.post("/studio/bring-in/begin", data={"label": "all", "tier": "public"}).json()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("piano.md", "The piano had two dead keys. " * 20_000)
    assert len(packed.getvalue()) > node.settings.asking.body_bytes_max
    where = f"/studio/bring-in/files/{made['id']}"
    assert client.put(f"{where}?name=a/all.zip", content=packed.getvalue()).status_code == 204
    assert client.put(f"{where}?name=.DS_Store", content=b"x").status_code == 204
    _, shown = sent(node, client, f"{made['address']}/read")
    assert "a/all.zip" in shown
    assert "DS_Store" not in shown
    assert client.get(f"{made['address']}/state").json()["stage"] == "waiting"
    assert "· waits for your look" in client.get("/studio/bring-in", headers=HTML).text


def test_more_than_is_set_is_refused_before_it_is_kept(tmp_path: Path) -> None:
    chosen = KnowledgeSettings(sent_bytes_max=300_000)
    with open_node(tmp_path / "home", knowledge=chosen) as node, client_of(node) as client:
        operator_of(client, node)
        made = client.post("/studio/bring-in/begin", data={"label": "all"}).json()
        where = f"/studio/bring-in/files/{made['id']}"
        assert client.put(f"{where}?name=a.md", content=b"x" * 200_000).status_code == 204
        assert client.put(f"{where}?name=b.md", content=b"x" * 200_000).status_code == 413
        assert client.put(f"{where}?name=c.md", content=b"x" * 400_000).status_code == 413


def test_nobody_else_has_as_much_read(node: Services) -> None:
    with client_of(node) as stranger:
        body = b"x" * 1_000_000
        assert stranger.put("/studio/bring-in/files/x?name=a", content=body).status_code == 401
        assert stranger.post("/studio/bring-in/files", content=body).status_code == 401
        assert stranger.post("/studio/recordings/file", content=body).status_code == 401
        assert stranger.post("/studio/bring-in/text", content=body).status_code == 413


def test_what_cannot_be_read_is_said_in_a_sentence(node: Services, client: TestClient) -> None:
    files = [("files", ("picture.png", b"\x89PNG not a picture", "image/png"))]
    page, shown = sent(node, client, "/studio/bring-in/files", files=files)
    assert "1 file that cannot be read" in shown
    assert f"{page}/confirm" not in shown
    gone = client.post(f"{page}/throw-away")
    assert "It is thrown away" in gone.text
    assert client.get(page).status_code == 404


def test_what_was_typed_is_there_when_it_is_refused(client: TestClient) -> None:
    refused = client.post("/studio/bring-in/text", data={"text": " ", "title": "My night", "tier": "circle"})
    assert refused.status_code == 422
    assert 'value="My night"' in refused.text
    assert "Paste a text or a tracklist" in refused.text
    refused = client.post("/studio/bring-in/address", data={"address": "ftp://ada.example"})
    assert refused.status_code == 422
    assert 'value="ftp://ada.example"' in refused.text
    assert client.post("/studio/bring-in/files").status_code == 422


def test_an_address_inside_the_house_is_not_fetched(node: Services, client: TestClient) -> None:
    _, shown = sent(node, client, "/studio/bring-in/address", data={"address": "http://127.0.0.1/notes"})
    assert "inside a private network" in shown


def test_it_is_undone_as_one(node: Services, client: TestClient) -> None:
    files = [("files", (f"{name}.md", f"The {name} was red.".encode(), "text/markdown")) for name in ("piano", "organ")]
    page, _ = sent(node, client, "/studio/bring-in/files", files=files, data={"tier": "public"})
    sent(node, client, f"{page}/confirm")
    assert node.library.counts(0).documents == 2
    listed = client.get("/studio/bring-in").text
    found = re.search(r'action="(/studio/imports/[^"]+/undo)"', listed)
    assert found is not None
    assert "piano.md and 1 more" in listed
    assert "as if it had never been" in client.post(found[1]).text
    assert node.library.counts(0).documents == 0
    assert client.post(found[1]).status_code == 409


def test_names_of_files_are_written_as_text(node: Services, client: TestClient) -> None:
    name = "<img src=x onerror=1>.md"
    made = client.post("/studio/bring-in/begin", data={"label": name}).json()
    client.put(f"/studio/bring-in/files/{made['id']}", params={"name": name}, content=b"The piano was red.")
    _, shown = sent(node, client, f"{made['address']}/read")
    assert "<img src=x" not in shown
