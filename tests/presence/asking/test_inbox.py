"""What the notes could not answer goes to the artist when the listener says so, and her answer becomes a note."""

from pathlib import Path

import pytest

from knowledge.errors import ImportRefused
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.errors import NothingToForward, UnknownGroup, UnknownQuestion
from tests.knowledge.notes import note, tell, texts
from trustgraph import Tier

ADA, BOB = Listener("anon:ada"), Listener("anon:bob")
TEAM = "Which football team do you follow?"


@pytest.fixture
def desk(both: Services, tmp_path: Path) -> Services:
    ferry, bell = note("We played on the upper deck.", title="Ferry"), note("The bell rang twice.", title="Bell")
    tell(both, tmp_path / "notes", a=note("I wrote Pilot Ladder on a rented piano in Leeds."), b=ferry, c=bell)
    return both


def asked(services: Services, question: str, listener: Listener = ADA) -> str:
    ticket = services.counter.open(Question(question, listener))
    assert isinstance(ticket, Ticket)
    services.desk.start(ticket).result(10)
    return ticket.ident


def forwarded(services: Services, question: str = TEAM, listener: Listener = ADA, *, with_name: bool = False) -> str:
    ident = asked(services, question, listener)
    services.inbox.forward(ident, listener, with_name=with_name)
    return ident


def test_only_the_askers_own_unanswered_question_can_be_handed_on(desk: Services) -> None:
    answered = asked(desk, "Where did you write Pilot Ladder?")
    with pytest.raises(NothingToForward):
        desk.inbox.forward(answered, ADA, with_name=True)
    unanswered = asked(desk, TEAM)
    with pytest.raises(UnknownQuestion):
        desk.inbox.forward(unanswered, BOB, with_name=True)
    with pytest.raises(UnknownQuestion):
        desk.inbox.forward("nothing", ADA, with_name=True)
    assert desk.inbox.groups() == []


def test_a_question_that_was_asked_back_can_be_handed_on(desk: Services) -> None:
    ident = asked(desk, "What about it?")
    asked_back = desk.counter.transcripts.find(ident)
    assert asked_back is not None
    assert asked_back.outcome is Outcome.ASK_BACK
    desk.inbox.forward(ident, ADA, with_name=False)
    assert [group.question for group in desk.inbox.groups()] == ["What about it?"]


def test_handing_on_twice_is_handing_on_once_and_the_first_choice_holds(desk: Services) -> None:
    ident = asked(desk, TEAM)
    assert desk.inbox.forward(ident, ADA, with_name=False) is False
    assert desk.inbox.forward(ident, ADA, with_name=True) is False
    (group,) = desk.inbox.groups()
    assert (len(group.questions), group.names) == (1, ())


def test_a_name_goes_only_when_it_was_given(desk: Services) -> None:
    forwarded(desk, listener=ADA, with_name=True)
    forwarded(desk, listener=BOB)
    (group,) = desk.inbox.groups()
    assert (len(group.questions), group.names) == (2, (ADA.ident,))


def test_like_questions_lie_together_with_counts_and_tiers(desk: Services) -> None:
    forwarded(desk)
    forwarded(desk, TEAM.lower(), BOB)
    forwarded(desk, "Do your knees hurt on stairs?", desk.local.listener_as(Tier.CIRCLE))
    first, second = desk.inbox.groups()
    assert (first.question, len(first.questions), first.tiers) == (TEAM, 2, {0: 2})
    assert (second.question, second.tiers) == ("Do your knees hurt on stairs?", {3: 1})


def test_a_group_keeps_its_name_while_others_join(desk: Services) -> None:
    forwarded(desk)
    (before,) = desk.inbox.groups()
    forwarded(desk, listener=BOB)
    (after,) = desk.inbox.groups()
    assert after.ident == before.ident


def test_an_answer_becomes_a_note_and_is_quoted_and_whoever_asked_is_told(desk: Services) -> None:
    ident = forwarded(desk)
    (group,) = desk.inbox.groups()
    desk.inbox.answer(group.ident, "I follow Grimsby Town, and always will.", name="answer.md", tier=0)
    assert desk.inbox.groups() == []
    again = desk.answers.read(asked(desk, TEAM), ADA)
    assert again["outcome"] == "answered"
    assert again["citations"][0]["title"] == TEAM
    assert "Grimsby Town" in again["text"]
    told = desk.answers.read(ident, ADA)["forwarded"]
    assert told["state"] == "answered"
    assert told["url"].startswith("/sources/")
    with pytest.raises(UnknownGroup):
        desk.inbox.answer(group.ident, "Twice.", name="answer.md", tier=0)


def test_who_may_not_read_the_answer_is_not_told_of_it(desk: Services) -> None:
    ident = forwarded(desk)
    (group,) = desk.inbox.groups()
    desk.inbox.answer(group.ident, "I follow Grimsby Town.", name="answer.md", tier=3)
    assert desk.answers.read(ident, ADA)["forwarded"] == {"state": "waiting"}
    assert "I follow Grimsby Town." not in texts(desk, 2)
    assert "I follow Grimsby Town." in texts(desk, 3)


def test_an_answer_can_be_undone_like_any_import(desk: Services) -> None:
    forwarded(desk)
    (group,) = desk.inbox.groups()
    _, report = desk.inbox.answer(group.ident, "I follow Grimsby Town.", name="answer.txt", tier=0)
    desk.library.shelf.undo(report.import_id)
    assert asked_outcome(desk, TEAM) == "not_in_notes"


def asked_outcome(services: Services, question: str) -> str:
    return str(services.answers.read(asked(services, question), ADA)["outcome"])


def test_an_answer_without_a_sentence_is_refused_and_the_group_stays(desk: Services) -> None:
    forwarded(desk)
    (group,) = desk.inbox.groups()
    with pytest.raises(ImportRefused):
        desk.inbox.answer(group.ident, "\n", name="answer.md", tier=0)
    assert len(desk.inbox.groups()) == 1
    assert desk.library.check() == []


def test_what_is_dismissed_is_gone_and_the_asker_sees_no_difference(desk: Services) -> None:
    ident = forwarded(desk)
    (group,) = desk.inbox.groups()
    desk.inbox.dismiss(group.ident)
    assert desk.inbox.groups() == []
    assert desk.answers.read(ident, ADA)["forwarded"] == {"state": "waiting"}
    with pytest.raises(UnknownGroup):
        desk.inbox.dismiss(group.ident)


def test_an_answer_leaves_no_example_question_of_its_own(desk: Services) -> None:
    forwarded(desk)
    (group,) = desk.inbox.groups()
    desk.inbox.answer(group.ident, "I follow Grimsby Town.", name="answer.md", tier=0)
    assert not any(TEAM in example for example in desk.library.examples(0, limit=20))
