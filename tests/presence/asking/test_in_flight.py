"""Trust that is taken back ends what is being written and shown, whatever the writer is busy with."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models import Limits, Prompt
from models.contracts import Usage
from presence.asking import desk
from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

CHAPEL = {
    "chapel.md": """---
title: The chapel
tier: circle
---
Heronshaw was recorded in a chapel. Heronshaw has nineteen notes. Heronshaw was finished at dawn.
The chapel of Heronshaw had no roof. Rain fell on the tapes of Heronshaw.
""",
    "door.md": """---
title: The door
tier: public
---
The merch table stands beside the door.
""",
}


class StuckWriter:
    """Points at one sentence, then is busy until it is let go; does not look at `stop` meanwhile."""

    name = "stuck"

    def __init__(self) -> None:
        self.busy, self.let_go = threading.Event(), threading.Event()

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        del limits, stop, usage
        yield "[2] "
        self.busy.set()
        self.let_go.wait(30)
        yield f"It is said too. [{len(prompt.sentences)}] "

    def close(self) -> None:
        self.let_go.set()


@pytest.fixture
def writer() -> StuckWriter:
    return StuckWriter()


@pytest.fixture
def chapel(tmp_path: Path, writer: StuckWriter) -> Iterator[Services]:
    with open_node(tmp_path / "home", writer=writer) as services:
        take_in(services, write_notes(tmp_path / "notes", CHAPEL), tier=None)
        yield services


def ask(client: TestClient) -> str:
    response = client.post("/api/questions", json={"question": "Where was Heronshaw recorded?"})
    assert response.status_code == 201, response.text
    ident: str = response.json()["id"]
    return ident


def told(stream: str) -> list[tuple[str, dict[str, object]]]:
    """Give the events of a stream."""
    found = []
    for block in stream.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def until_watched(services: Services, ident: str) -> None:
    """Wait until a stream of this answer has begun."""
    ends = time.monotonic() + 20
    while ident not in services.news._watchers and time.monotonic() < ends:
        time.sleep(0.01)


def test_a_revocation_ends_a_stream_while_the_writer_is_busy(chapel: Services, writer: StuckWriter) -> None:  # row 33
    artist = Artist(chapel.trust)
    granted = artist.grant(key("ann").did, Tier.CIRCLE)
    with client_of(chapel) as client, ThreadPoolExecutor(1) as threads:
        sign_in(client, key("ann"))
        ident = ask(client)
        stream = threads.submit(client.get, f"/api/questions/{ident}/events")
        assert writer.busy.wait(20)
        until_watched(chapel, ident)
        artist.revoke(granted.entry.event)
        events = told(stream.result(20).text)  # it ends although the writer goes on
        assert not writer.let_go.is_set()
        assert events[-1] == ("done", {"outcome": "revoked"})
        assert client.get(f"/api/questions/{ident}").status_code == 403  # what it showed is hidden
        assert client.get(f"/answers/{ident}").status_code == 403
        writer.let_go.set()
    chapel.desk.close()
    asked = chapel.desk.transcripts.find(ident)
    assert asked is not None
    assert asked.outcome == "revoked"
    shown = [event for event in chapel.desk.transcripts.events(ident) if event.kind == "sentence"]
    assert len(shown) == 2  # her best line and one more: what came after the revocation was not kept


def test_a_stop_after_a_revocation_is_a_revocation(
    tmp_path: Path, writer: StuckWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LOOK_AT_TRUST_S", 3600)  # nobody looks meanwhile
    with open_node(tmp_path / "home", writer=writer) as services:
        take_in(services, write_notes(tmp_path / "notes", CHAPEL), tier=None)
        artist = Artist(services.trust)
        granted = artist.grant(key("ann").did, Tier.CIRCLE)
        with client_of(services) as client:
            sign_in(client, key("ann"))
            ident = ask(client)
            assert writer.busy.wait(20)
            artist.revoke(granted.entry.event)
            services.desk.stop(ident)
            writer.let_go.set()
            ends = time.monotonic() + 20
            while services.desk.transcripts.find(ident).outcome is None and time.monotonic() < ends:  # type: ignore[union-attr]
                time.sleep(0.01)
        asked = services.desk.transcripts.find(ident)
        assert asked is not None
        assert asked.outcome == "revoked"


def test_a_stream_that_is_opened_again_shows_nothing(chapel: Services, writer: StuckWriter) -> None:
    artist = Artist(chapel.trust)
    granted = artist.grant(key("ann").did, Tier.CIRCLE)
    with client_of(chapel) as client:
        sign_in(client, key("ann"))
        ident = ask(client)
        assert writer.busy.wait(20)
        artist.revoke(granted.entry.event)
        assert client.get(f"/api/questions/{ident}/events").status_code == 403


def test_what_rests_on_public_notes_goes_on(chapel: Services, writer: StuckWriter) -> None:
    artist = Artist(chapel.trust)
    granted = artist.grant(key("ann").did, Tier.FOLLOWER)
    writer.let_go.set()
    with client_of(chapel) as client:
        sign_in(client, key("ann"))
        response = client.post("/api/questions", json={"question": "Where does the merch table stand?"})
        ident = response.json()["id"]
        artist.revoke(granted.entry.event)
        events = told(client.get(f"/api/questions/{ident}/events").text)
        assert events[-1][1]["outcome"] in ("answered", "revoked")
        assert client.get(f"/api/questions/{ident}").status_code == 200


def test_a_grant_that_runs_out_ends_the_answer_too(tmp_path: Path, chapel: Services, writer: StuckWriter) -> None:
    del tmp_path
    artist = Artist(chapel.trust)
    ahead = [0.0]
    real = chapel.trust.now
    chapel.trust.now = lambda: real() + ahead[0]
    artist.grant(key("ann").did, Tier.CIRCLE, seconds=600)
    with client_of(chapel) as client, ThreadPoolExecutor(1) as threads:
        sign_in(client, key("ann"))
        ident = ask(client)
        stream = threads.submit(client.get, f"/api/questions/{ident}/events")
        assert writer.busy.wait(20)
        until_watched(chapel, ident)
        ahead[0] = 601.0
        assert told(stream.result(20).text)[-1] == ("done", {"outcome": "revoked"})
        writer.let_go.set()


def test_another_tier_that_still_reaches_ends_nothing(chapel: Services, writer: StuckWriter) -> None:
    artist = Artist(chapel.trust)
    artist.grant(key("ann").did, Tier.INNER)
    with client_of(chapel) as client:
        sign_in(client, key("ann"))
        ident = ask(client)
        assert writer.busy.wait(20)
        artist.grant(key("ann").did, Tier.CIRCLE)  # a renewal that is lower, and high enough for this answer
        writer.let_go.set()
        events = told(client.get(f"/api/questions/{ident}/events").text)
        assert events[-1][1]["outcome"] == "answered"


def test_connecting_words_count_as_high_as_everything_the_writer_read(tmp_path: Path) -> None:
    writer = StuckWriter()
    writer.let_go.set()
    notes = CHAPEL | {"mix.md": "---\ntitle: Mix\ntier: follower\n---\nHeronshaw was mixed in Leeds.\n"}
    with open_node(tmp_path / "home", writer=writer) as services:
        take_in(services, write_notes(tmp_path / "notes", notes), tier=None)
        artist = Artist(services.trust)
        artist.grant(key("ann").did, Tier.CIRCLE)
        with client_of(services) as client:
            sign_in(client, key("ann"))
            ident = ask(client)
            client.get(f"/api/questions/{ident}/events")
        events = services.desk.transcripts.events(ident)
        connecting = [event.tier for event in events if event.body.get("connecting")]
        assert connecting
        assert set(connecting) == {int(Tier.CIRCLE)}
