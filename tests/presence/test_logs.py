"""No words of a listener reach a log."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import text

from models import Limits, Prompt, Usage
from presence import logs
from presence.bootstrap import Services
from tests.mailing import mailroom
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

CANARY = "xylophonecanary"
NOTE = "quokkaharmonium"
MAIL = "wombatcanary@example.org"
BEARER = "bandicootcanary of the metrics"


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


def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    try:
        try:
            raise ConnectionRefusedError(111, CANARY)
        except OSError as error:
            raise ExceptionGroup(CANARY, [ValueError(CANARY), KeyError(CANARY)]) from error
    except ExceptionGroup:
        structlog.get_logger().exception("failed")
    printed = capsys.readouterr().err
    told = json.loads(printed)["exception"]
    assert CANARY not in printed
    for kind in ("ExceptionGroup", "builtins.ValueError", "builtins.KeyError", "ConnectionRefusedError (errno 111)"):
        assert kind in told
    assert "test_logs.py" in told


def test_errors_that_came_from_one_another_in_a_ring_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    one, other = ValueError(CANARY), KeyError(CANARY)
    one.__cause__, other.__cause__ = other, one
    structlog.get_logger().error("failed", exc_info=one)
    told = json.loads(capsys.readouterr().err)["exception"]
    assert told.count("ValueError") == told.count("KeyError") == 1


def test_other_libraries_are_heard_when_they_warn_but_not_with_what_they_fill_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("json", level=logging.DEBUG)
    logging.getLogger("elsewhere").warning("it was given %s", CANARY)
    logging.getLogger("elsewhere").info(CANARY)
    logging.getLogger("trustgraph.head").info("noted %s", "here")
    printed = capsys.readouterr().err
    assert CANARY not in printed
    assert [json.loads(line)["event"] for line in printed.splitlines()] == ["it was given %s", "noted here"]


class Failing:
    """Writes a little, and repeats in its error all that it was told."""

    name = "failing"

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        yield "[1] "
        raise ValueError(f"{prompt.system} {prompt.user}")

    def close(self) -> None:
        pass


def test_whatever_fails_no_log_repeats_what_it_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure("json", level=logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    notes = {"secret.md": f"---\ntitle: {NOTE}\ntier: inner\n---\nThe {NOTE} was green, and so was the harbour.\n"}
    canaries = [CANARY, NOTE, MAIL.partition("@")[0], BEARER]
    with (
        mailroom() as room,
        open_node(
            tmp_path / "home",
            writer=Failing(),
            smtp_url=SecretStr(room.url),
            metrics_token=SecretStr(BEARER),
            log_level="debug",
        ) as node,
        client_of(node) as client,
    ):
        take_in(node, write_notes(tmp_path / "notes", notes), tier=None)
        ann = Artist(node.trust), key("ann")
        ann[0].grant(ann[1].did, Tier.INNER)
        room.refuses = 1
        client.post("/sign-in", data={"email": MAIL})
        sign_in(client, ann[1])
        opened = client.post("/api/questions", json={"question": f"What of the {NOTE} {CANARY} in the harbour?"})
        assert '"outcome": "failed"' in client.get(opened.json()["events"]).text
        client.get("/metrics", headers={"Authorization": f"Bearer {BEARER}"})
        _, invite = node.people.invites.make(CANARY, people_max=3, seconds=600)
        canaries += [invite, ann[1].did, node.operator.new_token()]
        client.post("/operator", data={"token": canaries[-1]}, follow_redirects=False)
        tables = ("invite_takers", "answer_events", "citations", "questions", "invites", "people", "outbox")
        node.lane.run(lambda owner: [owner.execute(text(f"ALTER TABLE {one} RENAME TO gone_{one}")) for one in tables])
        broken = [
            client.post("/api/questions", json={"question": f"And what of {CANARY}?"}),
            client.post("/ask", data={"question": f"And what of {CANARY}?"}),
            client.get(f"/invite/{invite}"),
            client.post("/people/name", data={"name": CANARY}),
            client.get(f"/answers/{CANARY}"),
        ]
        assert [answer.status_code for answer in broken] == [500] * len(broken)
        assert room.arrived.acquire(timeout=30)
    printed = capsys.readouterr()
    # The mail server of the tests writes down the whole conversation.
    records = [f"{one.getMessage()} {one.exc_text}" for one in caplog.records if one.name != "mail.log"]
    logged = printed.err + printed.out + "\n".join(records)
    for event in ("answer failed", "letter_waits", '"bug"', '"answer"'):
        assert event in logged
    assert [canary for canary in canaries if canary in logged] == []
