"""`presence check` as it is typed, on a machine without any node."""

import json
from pathlib import Path

import pytest

from tests.nodes import client_of
from tests.presence.web.paying import ASKED, open_shop
from tests.processes import command, told

pytestmark = pytest.mark.slow


def test_a_copy_is_checked_without_a_home(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home", {"acts": {}}) as node, client_of(node) as client:
        place = client.post("/ask", data={"question": ASKED}, follow_redirects=False).headers["location"]
        copy = client.get(f"{place}/signed.json").json()
        root = node.trust.keys.root or ""
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(copy), encoding="utf-8")
    (holds,) = told(command(tmp_path / "none", "check", str(file), "--artist", root, "--json"))
    assert (holds["event"], holds["artist"], holds["writer"]) == ("statement_holds", root, "quoting")
    assert "an AI" in command(tmp_path / "none", "check", str(file)).stdout
    copy["answer"]["text"] = copy["answer"]["text"].replace("Leeds", "Hull")
    file.write_text(json.dumps(copy), encoding="utf-8")
    refused = command(tmp_path / "none", "check", str(file))
    assert refused.returncode == 1
    assert "not those that were signed" in refused.stderr
    assert not (tmp_path / "none").exists()
