"""Answers end in one way each, cost nothing when they fail, and let go of what they took."""

import threading
from pathlib import Path

import pytest

from models import ScriptedWriter, WriterBusy
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.asking.rendered import answer_json
from presence.bootstrap import Services
from tests.nodes import open_node, take_in
from trustgraph import Tier

STRANGER = Listener("anon:stranger")


def opened(services: Services, text: str, listener: Listener = STRANGER, key: str | None = None) -> Ticket:
    ticket = services.counter.open(Question(text, listener, idempotency_key=key))
    assert isinstance(ticket, Ticket)
    return ticket


def ended(services: Services, text: str, listener: Listener = STRANGER) -> tuple[Outcome, dict[str, object]]:
    ticket = opened(services, text, listener)
    outcome = services.desk.start(ticket).result(10)
    asked = services.counter.transcripts.find(ticket.ident)
    assert asked is not None
    assert asked.outcome == outcome
    return outcome, answer_json(asked, services.counter.transcripts.events(ticket.ident))


def free_again(services: Services) -> bool:
    """Every place has been given back."""
    places = [services.counter.places.take(f"probe-{n}") for n in range(services.settings.models.places_max)]
    for place in places:
        services.counter.places.give_back(place)
    return True


def test_an_answer_quotes_and_cites(told_node: Services) -> None:
    outcome, answer = ended(told_node, "Where did you write Pilot Ladder?")
    assert outcome is Outcome.ANSWERED
    assert str(answer["text"]).startswith("I wrote Pilot Ladder on a rented piano in Leeds.")
    assert free_again(told_node)


def test_what_is_not_in_the_notes_is_said_to_be_so(told_node: Services) -> None:
    outcome, answer = ended(told_node, "Which football team do you follow?")
    assert outcome is Outcome.NOT_IN_NOTES
    assert answer["sentences"] == []
    assert answer["nearest"]


def test_a_question_about_nothing_is_asked_back(told_node: Services) -> None:
    outcome, answer = ended(told_node, "What about it?")
    assert outcome is Outcome.ASK_BACK
    assert isinstance(answer["choices"], list)
    assert 2 <= len(answer["choices"]) <= 4


def test_a_writer_that_breaks_costs_nothing_and_keeps_nothing(tmp_path: Path, material: Path) -> None:
    def broken() -> None:
        raise OSError("the writer is gone")

    with open_node(tmp_path / "home", writer=ScriptedWriter(["[1]"], before_each=broken)) as services:
        take_in(services, material, tier=None)
        outcome, answer = ended(services, "Where did you write Pilot Ladder?")
        assert outcome is Outcome.FAILED
        assert answer["receipt"] is None
        assert free_again(services)


def test_stopping_keeps_what_was_shown(tmp_path: Path, material: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        go_on.wait(5)

    with open_node(tmp_path / "home", writer=ScriptedWriter(["[2] ", "[3]"], before_each=wait)) as services:
        take_in(services, material, tier=None)
        ticket = opened(services, "Where did you write Pilot Ladder?")
        writing = services.desk.start(ticket)
        assert reached.wait(5)
        services.desk.stop(ticket.ident)
        go_on.set()
        assert writing.result(5) is Outcome.STOPPED
        events = services.counter.transcripts.events(ticket.ident)
        assert [event.kind for event in events] == ["status", "sentence", "done"]
        assert events[1].body["best_line"] is True


def test_a_tier_that_falls_in_mid_answer_ends_it(tmp_path: Path, material: Path) -> None:
    session: list[str | None] = []
    with open_node(
        tmp_path / "home",
        writer=ScriptedWriter(["[2]"], before_each=lambda: services.operator.look_as(session[0], Tier.PUBLIC)),
    ) as services:
        take_in(services, material, tier=None)
        session.append(services.operator.session(services.operator.sign_in(services.operator.new_token())))
        services.operator.look_as(session[0], Tier.CIRCLE)
        listener = Listener("anon:op", session[0])
        outcome, answer = ended(services, "Where was Heronshaw recorded?", listener)
        assert outcome is Outcome.REVOKED
        assert len(answer["sentences"]) == 1  # type: ignore[arg-type]


def test_a_full_queue_refuses_before_anything_is_promised(tmp_path: Path, material: Path) -> None:
    with open_node(tmp_path / "home", models={"places_max": 2}) as services:
        take_in(services, material, tier=None)
        first = opened(services, "One piano?")
        opened(services, "Two pianos?")
        with pytest.raises(WriterBusy):
            services.counter.open(Question("Three pianos?", STRANGER))
        services.desk.start(first).result(5)
        opened(services, "Three pianos?")


def test_a_repeated_key_gives_the_same_ticket(told_node: Services) -> None:
    question = Question("Where was the piano?", STRANGER, idempotency_key="k1")
    first = told_node.counter.open(question)
    again = told_node.counter.open(question)
    assert isinstance(first, Ticket)
    assert not isinstance(again, Ticket)
    assert again.ident == first.ident


def test_keys_of_two_listeners_do_not_meet(told_node: Services) -> None:
    first = opened(told_node, "Where was the piano?", key="k1")
    second = opened(told_node, "Where was the piano?", Listener("anon:other"), key="k1")
    assert first.ident != second.ident


def test_a_crash_in_mid_answer_is_settled_as_failed_and_free(tmp_path: Path, material: Path) -> None:
    with open_node(tmp_path / "home") as services:
        take_in(services, material, tier=None)
        ident = opened(services, "Where was the piano?").ident  # and never written
    with open_node(tmp_path / "home") as services:
        assert services.counter.transcripts.settle_unfinished() == 1
        asked = services.counter.transcripts.find(ident)
        assert asked is not None
        assert asked.outcome is Outcome.FAILED
        kinds = [event.kind for event in services.counter.transcripts.events(ident)]
        assert kinds == ["failed", "done"]
        assert services.counter.transcripts.settle_unfinished() == 0


def test_words_by_others_are_named_and_few(tmp_path: Path) -> None:
    (tmp_path / "letter.md").write_text(
        "---\ntitle: Letter\nspeaker: Winnie Marsh\n---\n"
        + " ".join(f"The tide book number {n} lay in the pantry." for n in range(6))
    )
    with open_node(tmp_path / "home") as services:
        take_in(services, tmp_path / "letter.md")
        _, answer = ended(services, "Where did the tide book lie?")
        citations = answer["citations"]
        assert isinstance(citations, list)
        assert {cited["speaker"] for cited in citations} == {"Winnie Marsh"}
        assert len(citations) <= 2
