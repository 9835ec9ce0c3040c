"""The presence signs what it said; anybody can check it against the question and the text."""

import hashlib
import time
from pathlib import Path

import pytest

from presence.asking.speaking import Voice
from presence.bootstrap import Services
from presence.home import Home
from presence.identity import found
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import Artist, key
from trustgraph import GrantLog, read
from trustgraph.documents import Statement


def asked(services: Services, question: str) -> dict[str, object]:
    with client_of(services) as client:
        ident = client.post("/api/questions", json={"question": question}).json()["id"]
        client.get(f"/api/questions/{ident}/events")
        answer: dict[str, object] = client.get(f"/api/questions/{ident}").json()
    return answer


def sha256(text: object) -> str:
    return "sha256:" + hashlib.sha256(str(text).encode()).hexdigest()


def test_a_node_whose_delegations_ran_out_opens_and_signs_nothing(tmp_path: Path, material: Path) -> None:
    found(Home(tmp_path / "home"), 1_700_000_000, passphrase="a phrase")
    with open_node(tmp_path / "home") as services:
        take_in(services, material, tier=None)
        assert services.node_keys.presence is not None
        answer = asked(services, "Who wrote Pilot Ladder?")
        assert answer["outcome"] == "answered"
        assert "statement" not in answer


def test_what_is_signed_is_what_was_shown(tmp_path: Path) -> None:
    found(Home(tmp_path / "home"), int(time.time()), passphrase="a phrase")
    with open_node(tmp_path / "home") as services:
        notes = {"piano.md": "---\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"}
        take_in(services, write_notes(tmp_path / "notes", notes), tier=None)
        answer = asked(services, "Where was Pilot Ladder written?")
        envelope = answer["statement"]
        assert isinstance(envelope, dict)
        statement, _ = read(envelope, "statement")
        assert isinstance(statement, Statement)
        assert statement.root == services.trust.keys.root
        assert services.trust.delegated("presence", statement.iss) is not None
        assert statement.answer == answer["id"]
        assert statement.question_sha256 == sha256("Where was Pilot Ladder written?")
        assert statement.text_sha256 == sha256(answer["text"])


def test_a_node_without_the_right_to_speak_signs_nothing(node: Services) -> None:
    artist = Artist(node.trust)
    said = ("id", "question", "text", "answered")
    assert Voice(node.trust, None, lambda: "quoting")(*said) is None
    stranger = key("presence")
    assert Voice(node.trust, stranger, lambda: "quoting")(*said) is None
    artist.delegate("presence")
    assert Voice(node.trust, stranger, lambda: "quoting")(*said) is not None
    _take_back(node.trust, artist)
    assert Voice(node.trust, stranger, lambda: "quoting")(*said) is None


def test_the_root_is_known_as_soon_as_the_log_has_begun(node: Services) -> None:
    assert node.trust.root is None
    assert Artist(node.trust).root == node.trust.root == node.trust.keys.root


def test_a_right_that_was_found_ends_when_it_runs_out(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = Artist(node.trust).delegate("presence")
    right = node.trust.delegated("presence", voice.did)
    assert right is not None
    moments = ((right.exp - 1, right), (right.exp, None), (right.nbf - 3_600, None), (right.nbf, right))
    for now, found_then in moments:
        monkeypatch.setattr(node.trust, "now", lambda now=now: now)
        assert node.trust.delegated("presence", voice.did) == found_then


def _take_back(log: GrantLog, artist: Artist) -> None:
    delegate = next(entry for entry in log.entries() if entry.kind == "delegate")
    artist.revoke(delegate.event)
