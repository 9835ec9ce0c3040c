"""What a node prints while it serves, at its most talkative: one line per answer, and nobody's words."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.nodes import write_notes
from tests.presence.processes.waiting import until
from tests.processes import command, serving

pytestmark = pytest.mark.slow

CANARY = "xylophonecanary"
NOTE = "quokkaharmonium"
MAIL = "wombatcanary@example.org"
NOTES = {
    "secret.md": f"---\ntitle: {NOTE}\ntier: inner\n---\nThe {NOTE} was green.\n",
    "open.md": "---\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n",
}
STAGES = {"wait_ms", "search_ms", "first_sentence_ms", "whole_ms"}
COUNTS = {"sentences", "sources", "charged_micros", "prompt_tokens", "reused_tokens", "answer_tokens"}


def test_a_node_at_debug_level_prints_nobodys_words(tmp_path: Path) -> None:
    home, token = tmp_path / "home", "bandicootcanary of the metrics"
    more = {"PRESENCE_LOG_LEVEL": "debug", "PRESENCE_METRICS_TOKEN": token, "PRESENCE_LOGS": "json"}
    more |= {"PRESENCE_SMTP_URL": f"smtp://{CANARY}:{CANARY}@127.0.0.1:9", "PRESENCE_MAIL_FROM": "ada@example.org"}
    with (
        serving(home, **more) as node,
        node.client() as client,
    ):
        taken_in = command(home, "import", str(write_notes(tmp_path / "notes", NOTES)), "--yes")
        assert taken_in.returncode == 0, taken_in.stderr
        opened = client.post("/api/questions", json={"question": f"Where did you write Pilot Ladder, {CANARY}?"})
        client.get(opened.json()["events"])
        client.post("/ask", data={"question": f"Who is {CANARY}?"})
        client.post("/api/questions", content=b'{"question": "' + CANARY.encode() + b"\xff")
        client.post("/api/questions", json={"question": CANARY * 9_000, CANARY: CANARY})
        client.post("/sign-in", data={"email": MAIL})
        for path in (
            f"/answers/{CANARY}",
            f"/invite/{CANARY}",
            f"/{CANARY}?q={CANARY}",
            f"/operator?token={node.token}",
        ):
            client.get(path, headers={"Authorization": f"Bearer {CANARY}"} if "answers" in path else {})
        client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        client.post("/operator", data={"token": node.token})
        asked = command(home, "ask", f"What was green about the {NOTE}?", "--as", "inner")
        assert "green" in asked.stdout
        until(lambda: node.printed().count('"event": "answer"') >= 3)
    printed = node.printed()
    canaries = (CANARY, NOTE, MAIL, MAIL.partition("@")[0], token, node.token)
    assert [canary for canary in canaries if canary in printed] == []
    answers = [one for one in lines(printed) if one["event"] == "answer"]
    assert {one["client"] for one in answers} == {"cookie", "operator"}
    assert {one["tier"] for one in answers} == {0, 4}
    for one in answers:
        assert {"id", "act", "tier", "writer", "outcome", "client"} | STAGES | COUNTS <= one.keys()
    assert answers[0]["id"] == opened.json()["id"]


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
