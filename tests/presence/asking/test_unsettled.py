"""Answers that lost their writer end by themselves, each for itself: one that cannot keeps no other waiting."""

import logging
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from presence import logs
from presence.asking.contracts import Listener, Outcome
from presence.asking.one_by_one import OneByOne
from presence.asking.question import Question
from presence.asking.unsettled import PATIENCE_S, Unsettled
from presence.bootstrap import Services
from tests.nodes import open_node

STUCK, FREE = "stuck", "free"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home") as services:
        yield services


@pytest.fixture
def told() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged as an error while the test runs."""
    logs.configure("json", level=logging.ERROR)
    with capture_logs() as lines:
        yield lines
    logs.configure("json", level=logging.CRITICAL)


def begun(services: Services, ident: str) -> None:
    """Keep a question as if somebody had begun to answer it."""
    question = Question("What?", Listener("ann"))
    keep = services.desk.transcripts.keeping(ident, question, tier=0, price_micros=0, writer="w")
    services.desk.transcripts.open(ident, keep)


def outcome(services: Services, ident: str) -> Outcome | None:
    asked = services.desk.transcripts.find(ident)
    assert asked is not None
    return asked.outcome


def test_an_answer_that_cannot_be_ended_keeps_no_other_waiting(
    node: Services, told: list[MutableMapping[str, Any]]
) -> None:
    refuse = "BEFORE UPDATE ON questions WHEN NEW.id = 'stuck' BEGIN SELECT RAISE(ABORT, 'no'); END"
    node.lane.run(lambda owner: owner.exec_driver_sql(f"CREATE TRIGGER refused {refuse}"))
    now = [0.0]
    unsettled = Unsettled(node.lane, node.desk.transcripts, node.paying.holds.abandon, lambda: now[0])
    for ident in (STUCK, FREE):
        begun(node, ident)
        unsettled.leave(ident)
    now[0] += PATIENCE_S
    assert unsettled.settle() == 1
    assert unsettled.settle() == 0
    assert (outcome(node, STUCK), outcome(node, FREE)) == (None, Outcome.FAILED)
    assert [line["question"] for line in told if line["event"] == "answer_not_ended"] == [STUCK]  # once
    node.lane.run(lambda owner: owner.exec_driver_sql("DROP TRIGGER refused"))
    assert unsettled.settle() == 1
    assert outcome(node, STUCK) is Outcome.FAILED


def test_what_fails_again_after_it_went_well_is_told_again(told: list[MutableMapping[str, Any]]) -> None:
    each, fails = OneByOne(), [True]

    def end(_ident: str) -> bool:
        if fails[0]:
            raise IntegrityError("", {}, Exception())
        return True

    for failing in (True, True, False, True):
        fails[0] = failing
        each.end(["a"], end)
    assert len(told) == 2


def test_a_database_that_is_away_is_asked_once() -> None:
    tried = []

    def end(ident: str) -> bool:
        tried.append(ident)
        raise OperationalError("", {}, psycopg.OperationalError("the line is dead"))

    with pytest.raises(OperationalError):
        OneByOne().end(["a", "b"], end)
    assert tried == ["a"]
