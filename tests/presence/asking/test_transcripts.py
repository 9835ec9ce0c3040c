"""Steps of answers: committed as seldom as can be, kept for those who read along, ended once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing.plain import Plain, statement
from knowledge import FactRow, FactSentence
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.asking.saying import Said
from presence.asking.speaking import Voice
from presence.asking.steps import EndedAlready, Event, Step, add_step
from presence.asking.transcripts import _ANSWERED_BEFORE, FRESH_KEPT, Fresh, Transcripts
from presence.bootstrap import Services
from tests.awaiting import awaited
from tests.nodes import client_of, open_node, take_in, write_notes
from trustgraph import Tier

NOTES = {"ferry.md": "# The ferry\n\nThe ferry to Hoek was late. We loaded the organ in the rain."}
QUESTION = "Was the ferry to Hoek late?"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("transcripts")
    with open_node(folder / "home") as services:
        take_in(services, write_notes(folder / "notes", NOTES))
        yield services


def answered(node: Services, question: str) -> str:
    """Ask, wait for the end, and give the answer's id."""
    with client_of(node) as client:
        ident: str = client.post("/api/questions", json={"question": question}).json()["id"]
        assert "event: done" in client.get(f"/api/questions/{ident}/events").text
    return ident


def test_what_is_only_quoted_is_committed_with_its_end(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    let_out = list[str]()
    monkeypatch.setattr(Transcripts, "commit", lambda _self, ident, _steps: let_out.append(ident))
    ident = answered(node, QUESTION)
    kinds = [event.kind for event in node.desk.transcripts.events(ident)]
    assert kinds[:2] == ["status", "sentence"]
    assert kinds[-1] == "done"
    assert not let_out


def test_an_answer_ends_once(node: Services) -> None:
    ident = answered(node, f"{QUESTION} Once?")
    transcripts = node.desk.transcripts
    before = transcripts.events(ident)
    with pytest.raises(EndedAlready):
        transcripts.finish(ident, Outcome.FAILED)
    assert transcripts.events(ident) == before
    asked = transcripts.find(ident)
    assert asked is not None
    assert asked.outcome is Outcome.ANSWERED


def test_memory_has_what_the_database_has(node: Services) -> None:
    ident = answered(node, f"{QUESTION} Twice?")
    transcripts = node.desk.transcripts
    committed = transcripts.events(ident)
    assert committed
    assert transcripts.fresh(ident, 0) == committed
    assert transcripts.fresh(ident, 1) == committed[1:]
    assert transcripts.fresh(ident, len(committed)) == []


def test_what_others_add_is_read_though_memory_has_the_beginning(node: Services) -> None:
    ident = answered(node, f"{QUESTION} And who else?")
    seen = len(node.desk.transcripts.events(ident))
    node.lane.run(lambda owner: add_step(owner, ident, "human", {"text": "I was there."}, 0, is_hers=True))

    async def read() -> list[Event]:
        async for events in node.desk.events(ident, seen):
            return events
        return []

    assert [event.kind for event in awaited(read())] == ["human"]


def test_steps_that_do_not_follow_are_left_to_the_database() -> None:
    fresh = Fresh()
    fresh.add("one", [Event(1, "status", {}), Event(2, "sentence", {})])
    fresh.add("one", [Event(4, "done", {})])
    assert fresh.after("one", 0) == []
    fresh.add("other", [Event(2, "done", {})])
    assert fresh.after("other", 0) == []


def test_only_the_last_answers_are_kept() -> None:
    fresh = Fresh()
    for number in range(FRESH_KEPT + 1):
        fresh.add(str(number), [Event(1, "status", {})])
    assert fresh.after("0", 0) == []
    assert fresh.after(str(FRESH_KEPT), 0) == [Event(1, "status", {})]


def test_what_was_not_let_out_goes_with_an_answer_that_fails(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the writer broke")

    monkeypatch.setattr(type(node.writer), "write", broken)
    with client_of(node) as client:
        ident = client.post("/api/questions", json={"question": "What was loaded in the rain?"}).json()["id"]
        assert "event: failed" in client.get(f"/api/questions/{ident}/events").text
    assert [event.kind for event in node.desk.transcripts.events(ident)] == ["failed", "done"]


def opened(node: Services, question: str) -> Ticket:
    ticket = node.counter.open(Question(question, Listener("anon:somebody who asks")))
    assert isinstance(ticket, Ticket)
    return ticket


def test_nothing_is_added_to_what_has_ended(node: Services) -> None:
    ident = answered(node, f"{QUESTION} Thrice?")
    with pytest.raises(EndedAlready):
        node.desk.transcripts.commit(ident, [Step("sentence", {"text": "Too late.", "citations": []})])
    assert node.desk.transcripts.events(ident)[-1].kind == "done"


def test_who_stops_before_anything_is_shown_is_shown_nothing(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = opened(node, f"{QUESTION} Stop!")

    def stops(*_: object, **__: object) -> Iterator[str]:
        ticket.stop.set()
        return iter(())

    monkeypatch.setattr(type(node.writer), "write", stops)
    assert node.desk.start(ticket).result(20) is Outcome.STOPPED
    assert [event.kind for event in node.desk.transcripts.events(ticket.ident)] == ["done"]


def test_who_is_shut_out_at_the_last_moment_is_shown_and_charged_nothing(
    node: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = opened(node, f"{QUESTION} Still?")
    monkeypatch.setattr(Voice, "__call__", lambda *_: ticket.revoke())
    assert node.desk.start(ticket).result(20) is Outcome.REVOKED
    assert [event.body["outcome"] for event in node.desk.transcripts.events(ticket.ident)] == ["revoked"]


def test_what_was_counted_has_the_tier_that_it_was_asked_at(node: Services) -> None:
    """Few of the rows are cited; all that stood open were counted."""
    ticket = opened(node, f"{QUESTION} How often?")
    row = FactRow("r" * 16, "event", "d" * 16, "A night", "2019-07-14", "Ada Marsh", "night.md", 1, "", "A night", 0)
    Said(ticket, node.desk._answering).told(FactSentence("It was played at eight shows.", (row,)), int(Tier.CIRCLE))
    assert [step.tier for step in ticket.pending] == [int(Tier.CIRCLE)]
    node.desk.start(ticket).result(20)  # gives its place back


def test_the_mark_of_a_question_is_looked_up_and_not_searched_for_among_all_she_ever_asked(node: Services) -> None:
    with node.database.records() as records:
        if records.dialect.name != "sqlite":
            pytest.skip("plans are told otherwise there")
        plan = Plain(records).rows(
            statement(f"EXPLAIN QUERY PLAN {_ANSWERED_BEFORE.sqlite}"), listener="anybody", mark="of a question"
        )
    assert "questions_repeated" in str(plan)


def test_documents_of_before_are_told_the_newest_first(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as node:
        known = list[str]()
        for day in ("Monday", "Tuesday", "Wednesday"):
            words = {"ferry.md": f"# The ferry\n\nOn {day} it was late.", "quay.md": "# The quay\n\nIt rained."}
            take_in(node, write_notes(tmp_path / "notes", words))
            with node.database.records() as records:
                rows = Plain(records).rows(statement("SELECT id FROM documents WHERE file_name LIKE '%ferry.md'"))
            known += [ident for (ident,) in rows if ident not in known]
        transcripts = node.desk.transcripts
        assert transcripts.earlier_versions([known[2]]) == {known[2]: (known[1], known[0])}
        assert transcripts.earlier_versions(known) == {known[2]: (known[1], known[0]), known[1]: (known[0],)}
        assert transcripts.earlier_versions([]) == transcripts.earlier_versions(["none"]) == {}
