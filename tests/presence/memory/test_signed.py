"""A copy that she signed is checked by anybody, and holds for nobody else and for nothing else."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.memory.items import ITEMS_MAX
from presence.memory.signed import checked_memory, is_memory, to_sign
from tests.presence.memory.people import ANN, BOB, agree
from tests.processes import command, told
from trustgraph import DocumentRefused

ITEM = {"id": "one", "kind": "liked", "name": "n" * 200, "words": "ü" * 400, "tier": 0, "at": 1_700_000_000}


def signed(document: dict[str, Any]) -> dict[str, Any]:
    return ANN.seal("memory", document)


def test_what_she_signed_holds(ann: TestClient, room: Services) -> None:
    agree(ann)
    ann.post("/api/memory/items", json={"name": "dub “plates” from Leeds"})
    document = ann.get("/api/memory/to-sign").json()
    assert document["iss"] == ANN.did
    copy = json.loads(json.dumps(signed(document)))
    assert is_memory(copy)
    held = checked_memory(copy)
    assert (held["listener"], held["artist"]) == (ANN.did, room.trust.keys.root)
    assert held["items"] == ann.get("/api/memory").json()["items"]


def test_the_longest_memory_can_be_signed() -> None:
    document = to_sign(ANN.did, "sha256:0", 1_700_000_000, [ITEM] * ITEMS_MAX, [])
    assert len(checked_memory(signed(document))["items"]) == ITEMS_MAX


@pytest.mark.parametrize(
    "changes",
    [{"iss": BOB.did}, {"v": 2}, {"type": "grant"}, {"at": "today"}, {"items": None}],
    ids=str,
)
def test_what_is_no_such_copy_is_refused(changes: dict[str, Any]) -> None:
    document = to_sign(ANN.did, "sha256:0", 1_700_000_000, [ITEM], [])
    checked_memory(signed(document))
    with pytest.raises(DocumentRefused):
        checked_memory(signed(document | changes))


def test_one_changed_word_is_seen() -> None:
    copy = signed(to_sign(ANN.did, "sha256:0", 1_700_000_000, [ITEM], []))
    changed = base64.b64decode(copy["payload"]).replace(b"liked", b"owned")
    with pytest.raises(DocumentRefused):
        checked_memory(copy | {"payload": base64.b64encode(changed).decode()})
    with pytest.raises(DocumentRefused):
        checked_memory(copy | {"signatures": [{**copy["signatures"][0], "keyid": BOB.did}]})


@pytest.mark.slow
def test_it_is_checked_as_it_is_typed(tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    file.write_text(json.dumps(signed(to_sign(ANN.did, "sha256:0", 1_700_000_000, [ITEM], []))), encoding="utf-8")
    (holds,) = told(command(tmp_path / "none", "check", str(file), "--json"))
    assert (holds["event"], holds["listener"]) == ("memory_holds", ANN.did)
    assert ANN.did in command(tmp_path / "none", "check", str(file)).stdout
    file.write_text(file.read_text().replace(ANN.did, BOB.did))
    assert command(tmp_path / "none", "check", str(file)).returncode == 1
