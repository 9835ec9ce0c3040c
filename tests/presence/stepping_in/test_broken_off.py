"""A node that is killed while the artist holds a conversation: both sides find it again as it was."""

from pathlib import Path

import httpx
import pytest

from tests.nodes import write_notes
from tests.processes import command, serving

pytestmark = pytest.mark.slow

NOTE = "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"


def test_what_waits_for_her_waits_through_a_crash(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    notes = write_notes(tmp_path / "notes", {"piano.md": NOTE})
    assert command(home, "import", str(notes), "--yes").returncode == 0
    with serving(home) as node, node.client() as ann, node.client() as studio:
        studio.post("/operator", data={"token": node.token})
        first = ann.post("/api/questions", json={"question": "Where did you write Pilot Ladder?"}).json()
        ann.get(first["events"])
        ann.put("/api/looking-in", json={"may": "all"})
        ann.put("/api/looking-in", json={"may": "here", "conversation": first["id"]})
        studio.post(f"/studio/asking/{first['id']}/take")
        told = ann.post("/api/questions", json={"question": "And why?", "conversation": first["id"]}).json()
        studio.post(f"/studio/asking/{first['id']}/say", data={"text": "The rent was low.", "more": "yes"})
        node.kill()
        ann_was, studio_was = dict(ann.cookies), dict(studio.cookies)
    with serving(home) as node:
        ann = httpx.Client(base_url=node.address, cookies=ann_was, timeout=30)
        studio = httpx.Client(base_url=node.address, cookies=studio_was, timeout=30)
        waiting = ann.get(f"/api/questions/{told['id']}").json()
        assert (waiting["outcome"], [line["text"] for line in waiting["human"]]) == (None, ["The rent was low."])
        studio.post(f"/studio/asking/{first['id']}/say", data={"text": "So was the piano."})
        answer = ann.get(f"/api/questions/{told['id']}").json()
        assert (answer["outcome"], answer["receipt"]) == ("answered", None)
        assert [line["text"] for line in answer["human"]] == ["The rent was low.", "So was the piano."]
        studio.post(f"/studio/asking/{first['id']}/hand-back")
        assert ann.get(f"/api/conversations/{first['id']}").json()["is_hers"] is False
        ann.close()
        studio.close()
