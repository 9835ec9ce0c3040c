"""Recordings in the studio: sent whole without scripts, pinned to a night, on their way, taken out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from knowledge import Wish
from presence.bootstrap import Services
from tests.knowledge.recordings.sounds import wav
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import operator_of

FERRY = """---
title: Night ferry
date: 2015-06-20
kind: set
---

[0:00:00] Zeno Obuya - Monday Dub
[0:07:30] Ada Marsh - Low Tide
"""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home") as services:
        yield services


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        operator_of(opened, node)
        opened.headers["Accept"] = "text/html"
        yield opened


def sent(client: TestClient, **data: str) -> str:
    files = {"file": ("ferry live.wav", wav(), "audio/wav")}
    return client.post("/studio/recordings/file", data=data, files=files).text


def test_a_recording_is_sent_whole_pinned_heard_and_taken_out(
    node: Services, client: TestClient, tmp_path: Path
) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": FERRY}), tier=1)
    assert '<option value="2015-06-20 Night ferry">' in client.get("/studio/recordings").text
    page = sent(client, set="2015-06-20 Night ferry", tier="follower")
    assert "The recording is here." in page
    [made] = node.recordings.every(4)
    assert (made.title, made.tier, made.of_kind) == ("ferry live", 1, "event")
    assert list(node.home.folder.glob("sent-*")) == []
    found = re.search(r'action="(/studio/recordings/[^"]+/remove)"', page)
    assert found is not None
    assert "its bytes are deleted" in client.post(found[1]).text
    assert node.recordings.every(4) == []


def test_one_without_a_tier_is_hers_alone(node: Services, client: TestClient) -> None:
    sent(client)
    assert [made.tier for made in node.recordings.every(4)] == [4]


def test_what_was_typed_is_kept_when_it_is_refused(node: Services, client: TestClient, tmp_path: Path) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": FERRY}), tier=3)
    refused = sent(client, title="My take", set="2015-06-20 Night ferry", tier="public")
    assert 'value="My take"' in refused
    assert "is known from circle on" in refused
    assert "Nothing among your notes is called “Nowhere”" in sent(client, set="Nowhere")
    assert "Choose a recording first." in client.post("/studio/recordings/file", data={"title": "x"}).text
    text = client.post("/studio/recordings/file", files={"file": ("no.wav", b"no sound", "audio/wav")}).text
    assert "There is no sound in this file." in text
    assert node.recordings.every(4) == []
    assert node.recordings.uploads.names() == []


def test_what_was_broken_off_is_named_and_can_be_thrown_away(node: Services, client: TestClient) -> None:
    name = node.recordings.begin(Wish(2_000_000, 4, "Half a night"))
    with node.recordings.uploads.piece(name, 0) as piece:
        piece.write(b"x" * 500_000)
    page = client.get("/studio/recordings").text
    assert "Half a night" in page
    assert "0.5 of 2.0 MB" in page
    gone = client.post(f"/studio/recordings/uploads/{name}/throw-away").text
    assert "Half a night" not in gone
    assert client.post(f"/studio/recordings/uploads/{name}/throw-away").status_code == 404
