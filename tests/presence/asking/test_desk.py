"""A question is opened where its answer is written, as long as somebody is free to write it."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from models import ScriptedWriter
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.asking.steps import Event
from presence.asking.walk import Walk
from presence.bootstrap import Services
from presence.errors import Busy
from tests.nodes import open_node, take_in
from tests.presence.processes.waiting import until

STRANGER = Listener("anon:stranger")
WHERE = "Where did you write Pilot Ladder?"
Start = Callable[[Ticket], object]


def opens(services: Services, question: str, threads: list[str]) -> Callable[[Start], str]:
    """Open a question on whichever thread it is, and note which that was."""

    def on_this_thread(start: Start) -> str:
        threads.append(threading.current_thread().name)
        ticket = services.counter.open(Question(question, STRANGER))
        assert isinstance(ticket, Ticket)
        start(ticket)
        return ticket.ident

    return on_this_thread


def outcome_of(services: Services, ident: str) -> Outcome | None:
    asked = services.counter.transcripts.find(ident)
    return asked.outcome if asked is not None else None


def test_who_is_free_opens_it_and_writes_it(tmp_path: Path, material: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, wrote = list[str](), list[str]()
    began = Walk.began

    def noted(walk: Walk) -> None:
        wrote.append(threading.current_thread().name)
        began(walk)

    monkeypatch.setattr(Walk, "began", noted)
    with open_node(tmp_path / "home") as services:
        take_in(services, material, tier=None)
        ident = asyncio.run(services.desk.opened(opens(services, WHERE, opened), asyncio.to_thread))
        until(lambda: outcome_of(services, ident) is Outcome.ANSWERED)
    assert opened == wrote
    assert opened[0].startswith("answer")


def test_where_all_write_it_is_opened_beside_them_and_waits(tmp_path: Path, material: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        go_on.wait(20)

    writer = ScriptedWriter(["[2] "], before_each=wait)
    with open_node(tmp_path / "home", writer=writer, asking={"answers_at_once": 1}) as services:
        take_in(services, material, tier=None)
        threads: list[str] = []
        first = asyncio.run(services.desk.opened(opens(services, WHERE, threads), asyncio.to_thread))
        assert reached.wait(10)
        second = asyncio.run(services.desk.opened(opens(services, "Who rented the piano?", threads), asyncio.to_thread))
        assert [name.startswith("answer") for name in threads] == [True, False]
        assert (outcome_of(services, first), outcome_of(services, second)) == (None, None)
        go_on.set()
        until(lambda: outcome_of(services, second) is not None)
        third = asyncio.run(
            services.desk.opened(opens(services, "Where was Heronshaw recorded?", threads), asyncio.to_thread)
        )
        until(lambda: outcome_of(services, third) is not None)
        assert threads[2].startswith("answer")  # whoever wrote is free again


def test_a_refusal_reaches_who_asks_and_leaves_everybody_free(tmp_path: Path, material: Path) -> None:
    def refuses(_start: Start) -> str:
        threads.append(threading.current_thread().name)
        raise Busy

    with open_node(tmp_path / "home", asking={"answers_at_once": 1}) as services:
        take_in(services, material, tier=None)
        threads: list[str] = []
        for _ in range(3):
            with pytest.raises(Busy):
                asyncio.run(services.desk.opened(refuses, asyncio.to_thread))
            until(lambda: services.desk._free == 1)
        assert all(name.startswith("answer") for name in threads)


def test_a_question_that_was_deleted_elsewhere_keeps_nobody_listening(tmp_path: Path) -> None:
    async def listen() -> list[Event]:
        async with asyncio.timeout(20):
            return [event async for events in services.desk.events("never-asked-or-gone-by-now") for event in events]

    with open_node(tmp_path / "home") as services:
        assert asyncio.run(listen()) == []


def test_what_she_asked_is_answered_though_she_left_at_once(tmp_path: Path, material: Path) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slowly(start: Start) -> str:
        began.set()
        go_on.wait(20)
        idents.append(opens(services, WHERE, [])(start))
        return idents[0]

    async def leave() -> None:
        asking = asyncio.create_task(services.desk.opened(slowly, asyncio.to_thread))
        await asyncio.to_thread(began.wait, 20)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    with open_node(tmp_path / "home") as services:
        take_in(services, material, tier=None)
        idents: list[str] = []
        asyncio.run(leave())
        go_on.set()
        until(lambda: idents and outcome_of(services, idents[0]) is Outcome.ANSWERED)
