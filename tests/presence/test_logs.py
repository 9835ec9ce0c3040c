"""No words of a listener reach a log."""

import json
from pathlib import Path

import pytest
import structlog

from presence import logs
from presence.bootstrap import Services
from tests.nodes import client_of

CANARY = "xylophonecanary"


def test_forbidden_keys_are_blanked(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger().info("event", token="abc", question="id-1", text="words")
    line = json.loads(capsys.readouterr().err)
    assert line["token"] == line["text"] == "…"
    assert line["question"] == "id-1"


def test_a_question_leaves_no_words_in_the_log(
    told_node: Services, capsys: pytest.CaptureFixture[str], material: Path
) -> None:
    logs.configure("json", level=10)
    with client_of(told_node) as client:
        client.post("/ask", data={"question": f"Where is the {CANARY} piano?"})
        client.get(f"/sources/{CANARY}?q={CANARY}")
        client.post("/api/questions", json={"question": CANARY * 400})
    printed = capsys.readouterr().err
    assert '"request"' in printed
    assert CANARY not in printed
