"""She steps in: only where she may, nothing is paid for it, and no machine speaks where she does."""

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, update

from presence.asking import herself
from presence.asking.contracts import Outcome
from presence.bootstrap import Services
from presence.cli.serve import settle
from presence.database import Database
from presence.errors import HeldByAnother, NotHeld, NotShown, ShutOut
from presence.people.names import code_of
from presence.stepping_in.consent import May
from presence.stepping_in.tables import held
from tests.nodes import client_of
from tests.presence.stepping_in.stage import (
    OTHER_STUDIO,
    QUESTION,
    STUDIO,
    Standing,
    ask,
    ended,
    open_stage,
    purse,
    until,
)
from tests.presence.web.paying import ANN, BOB, CENT
from tests.trusting import Artist, sign_in
from trustgraph import Tier

ALL = (10 * CENT, 0)


@pytest.fixture
def writer() -> Standing:
    return Standing()


@pytest.fixture
def node(tmp_path: Path, writer: Standing, database_url: str | None) -> Iterator[Services]:
    with open_stage(tmp_path / "home", writer, database_url=database_url) as services:
        yield services


@pytest.fixture
def ann(node: Services) -> Iterator[TestClient]:
    with client_of(node) as client:
        sign_in(client, ANN)
        yield client


def texts(node: Services, ident: str, kind: str) -> list[str]:
    return [event.body["text"] for event in node.desk.transcripts.events(ident) if event.kind == kind]


def agree(node: Services, conversation: str | None = None) -> None:
    node.stepping_in.choose(ANN.did, May.HERE if conversation else May.EVERYWHERE, conversation)


def asked_and_answered(client: TestClient, node: Services, writer: Standing, **more: str) -> str:
    """Give a conversation with one answer in it."""
    writer.go.set()
    ident: str = ask(client, **more)["id"]
    assert ended(node, ident) is Outcome.ANSWERED
    return ident


def test_nothing_is_seen_of_who_did_not_agree(node: Services, ann: TestClient, writer: Standing) -> None:
    conversation = asked_and_answered(ann, node, writer)
    assert node.stepping_in.watched() == []
    with pytest.raises(NotShown):
        node.stepping_in.take(conversation, STUDIO)
    with pytest.raises(NotShown):
        node.stepping_in.one(conversation)


def test_who_agrees_to_all_shows_what_she_asks_from_then_on(node: Services, ann: TestClient, writer: Standing) -> None:
    before = asked_and_answered(ann, node, writer)
    agree(node)
    assert node.stepping_in.watched() == []
    after = ask(ann, before, "Was Pilot Ladder slow?")["id"]
    (seen,) = node.stepping_in.watched()
    assert [turn.ident for turn in seen.turns] == [after]
    ended(node, after)


def test_who_agrees_in_one_conversation_shows_that_one_whole(node: Services, ann: TestClient, writer: Standing) -> None:
    one = asked_and_answered(ann, node, writer)
    asked_and_answered(ann, node, writer, question="Was Pilot Ladder slow?")
    agree(node, one)
    (seen,) = node.stepping_in.watched()
    assert (seen.ident, [turn.question for turn in seen.turns]) == (one, [QUESTION])
    assert all(not line.is_hers for line in seen.turns[0].lines)


def test_nothing_that_has_a_connection_waits_for_a_second_one(
    node: Services, ann: TestClient, writer: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, has_one = list[str](), threading.local()
    lent = Database._lent

    @contextmanager
    def watched(database: Database, engine: Engine) -> Iterator[Connection]:
        if threading.get_ident() == node.lane._committing or getattr(has_one, "is_so", False):
            found.append(" > ".join(frame.name for frame in traceback.extract_stack()[-12:-2]))
        before, has_one.is_so = getattr(has_one, "is_so", False), True
        with lent(database, engine) as connection:
            yield connection
        has_one.is_so = before

    monkeypatch.setattr(Database, "_lent", watched)
    agree(node)
    ident = asked_and_answered(ann, node, writer)  # the first receipt of this process among it
    assert purse(node) != ALL
    assert [seen.name for seen in node.stepping_in.watched()] == [code_of(ANN.did)]
    node.stepping_in.take(ident, STUDIO)
    node.stepping_in.say(ident, STUDIO, "That is only half of it.")
    node.stepping_in.look()
    node.stepping_in.hand_back(ident, STUDIO)
    assert found == []


def test_what_is_being_written_stops_and_costs_nothing(node: Services, ann: TestClient, writer: Standing) -> None:
    agree(node)
    ident = ask(ann)["id"]
    assert writer.stands.wait(20)
    assert purse(node) == (10 * CENT, 2 * CENT)
    node.stepping_in.take(ident, STUDIO)
    until(lambda: purse(node) == ALL)
    said = texts(node, ident, "sentence")
    node.stepping_in.say(ident, STUDIO, "It was Leeds.")
    assert node.desk.transcripts.find(ident).outcome is None  # type: ignore[union-attr]
    node.stepping_in.say(ident, STUDIO, "In March.", ends=True)
    assert ended(node, ident) is Outcome.ANSWERED
    assert (texts(node, ident, "human"), texts(node, ident, "sentence")) == (["It was Leeds.", "In March."], said)
    answer = ann.get(f"/api/questions/{ident}").json()
    assert (answer["receipt"], answer.get("statement")) == (None, None)
    assert purse(node) == ALL


def test_a_writer_that_hears_nothing_adds_nothing_and_takes_nothing(tmp_path: Path, database_url: str | None) -> None:
    """As in another process: only the database knows that she has taken over."""
    writer = Standing(hears=False)
    with open_stage(tmp_path / "home", writer, database_url=database_url) as node, client_of(node) as ann:
        sign_in(ann, ANN)
        ident = ask(ann)["id"]
        assert writer.stands.wait(20)
        said = texts(node, ident, "sentence")
        assert node.lane.run(lambda owner: herself.take_over(owner, ident, "Ada Marsh", 1.0))
        writer.go.set()
        until(lambda: purse(node) == ALL)
        assert texts(node, ident, "sentence") == said
        assert node.desk.transcripts.find(ident).outcome is None  # type: ignore[union-attr]
        node.desk.stop(ident)
        assert ended(node, ident) is Outcome.STOPPED
        assert purse(node) == ALL


def test_an_answer_that_was_given_before_stays_paid(node: Services, ann: TestClient, writer: Standing) -> None:
    agree(node)
    ident = asked_and_answered(ann, node, writer)
    node.stepping_in.take(ident, STUDIO)
    assert purse(node) == (8 * CENT, 0)
    assert node.stepping_in.here(ANN.did, ident).open_turn is None
    node.stepping_in.say(ident, STUDIO, "That is only half of it.")
    turn = node.stepping_in.here(ANN.did, ident).open_turn
    assert turn is not None
    assert texts(node, turn, "human") == ["That is only half of it."]
    node.stepping_in.hand_back(ident, STUDIO)
    assert ended(node, turn) is Outcome.ANSWERED
    assert node.stepping_in.here(ANN.did, ident).is_hers is False
    assert purse(node) == (8 * CENT, 0)


def test_a_question_waits_for_her_and_is_free_whatever_the_price(
    node: Services, ann: TestClient, writer: Standing
) -> None:
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    node.stepping_in.take(conversation, STUDIO)
    told = ask(ann, conversation, "And why there?", max_price_micros=0, idempotency_key="once")
    assert (told["price_micros"], told["free_because"]) == (0, herself.FREE_BECAUSE)
    assert ask(ann, conversation, "And why there?", max_price_micros=0, idempotency_key="once")["id"] == told["id"]
    assert purse(node) == (8 * CENT, 0)
    node.stepping_in.say(conversation, STUDIO, "The rent was low.", ends=True)
    assert ended(node, told["id"]) is Outcome.ANSWERED
    assert texts(node, told["id"], "sentence") == []
    node.stepping_in.hand_back(conversation, STUDIO)
    assert ended(node, ask(ann, conversation, "Was Pilot Ladder slow?")["id"]) is Outcome.ANSWERED
    assert purse(node) == (6 * CENT, 0)


def test_who_leaves_without_a_word_leaves_a_free_end(node: Services, ann: TestClient, writer: Standing) -> None:
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    node.stepping_in.take(conversation, STUDIO)
    ident = ask(ann, conversation, "And why there?")["id"]
    node.stepping_in.hand_back(conversation, STUDIO)
    assert ended(node, ident) is Outcome.NOT_IN_NOTES
    assert "had to leave" in ann.get(f"/api/questions/{ident}").json()["message"]
    assert purse(node) == (8 * CENT, 0)


def test_consent_that_is_taken_back_shuts_her_out_at_once(node: Services, ann: TestClient, writer: Standing) -> None:
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    node.stepping_in.take(conversation, STUDIO)
    ident = ask(ann, conversation, "And why there?")["id"]
    node.stepping_in.choose(ANN.did, May.NOWHERE, None)
    assert ended(node, ident) is Outcome.NOT_IN_NOTES
    assert node.stepping_in.watched() == []
    with pytest.raises(NotShown):
        node.stepping_in.say(conversation, STUDIO, "Hello?")
    with pytest.raises(NotShown):
        node.stepping_in.take(conversation, STUDIO)
    with pytest.raises(NotHeld):
        node.stepping_in.hand_back(conversation, STUDIO)
    agree(node)
    with pytest.raises(NotHeld):
        node.stepping_in.finish(conversation, STUDIO)


def test_the_first_studio_holds(node: Services, ann: TestClient, writer: Standing) -> None:
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    node.stepping_in.take(conversation, STUDIO)
    node.stepping_in.take(conversation, STUDIO)
    deeds: list[Callable[[], None]] = [
        lambda: node.stepping_in.say(conversation, OTHER_STUDIO, "It is me."),
        lambda: node.stepping_in.hand_back(conversation, OTHER_STUDIO),
    ]
    with pytest.raises(HeldByAnother):
        node.stepping_in.take(conversation, OTHER_STUDIO)
    for deed in deeds:
        with pytest.raises(NotHeld):
            deed()
    assert node.stepping_in.one(conversation).held_by == STUDIO


def test_a_studio_that_is_not_heard_of_holds_nothing_after_a_while(
    node: Services, ann: TestClient, writer: Standing
) -> None:
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    began, node.stepping_in.now = node.stepping_in.now(), lambda: began
    node.stepping_in.take(conversation, STUDIO)
    ident = ask(ann, conversation, "And why there?")["id"]
    node.stepping_in.now = lambda: began + 170
    assert node.stepping_in.look() == 0
    node.stepping_in.keep(STUDIO)  # she is there
    node.stepping_in.now = lambda: began + 340
    assert node.stepping_in.look() == 0
    node.stepping_in.now = lambda: began + 360
    assert node.stepping_in.look() == 1
    assert ended(node, ident) is Outcome.NOT_IN_NOTES
    with pytest.raises(NotHeld):
        node.stepping_in.say(conversation, STUDIO, "I am back.")


def test_a_studio_that_comes_back_while_it_is_looked_keeps_what_it_holds(
    node: Services, ann: TestClient, writer: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    began, node.stepping_in.now = node.stepping_in.now(), lambda: began
    node.stepping_in.take(conversation, STUDIO)
    node.stepping_in.now = lambda: began + 360
    let_go = node.stepping_in._let_go

    def heard_of(conversation: str, *, held_until: float) -> None:
        node.lane.run(lambda owner: owner.execute(update(held).values(until=began + 540)))
        let_go(conversation, held_until=held_until)

    monkeypatch.setattr(node.stepping_in, "_let_go", heard_of)
    node.stepping_in.look()
    assert node.stepping_in.one(conversation).held_by == STUDIO


def test_two_conversations_at_once_are_two(node: Services, ann: TestClient, writer: Standing) -> None:
    node.stepping_in.choose(BOB.did, May.EVERYWHERE, None)
    agree(node)
    with client_of(node) as bob:
        sign_in(bob, BOB)
        hers, his = asked_and_answered(ann, node, writer), asked_and_answered(bob, node, writer)
        assert {seen.listener for seen in node.stepping_in.watched()} == {ANN.did, BOB.did}
        node.stepping_in.take(hers, STUDIO)
        node.stepping_in.take(his, STUDIO)
        to_ann, to_bob = ask(ann, hers, "And why?")["id"], ask(bob, his, "And when?")["id"]
        node.stepping_in.say(hers, STUDIO, "For the rent.", ends=True)
        node.stepping_in.say(his, STUDIO, "In March.", ends=True)
        assert (texts(node, to_ann, "human"), texts(node, to_bob, "human")) == (["For the rent."], ["In March."])
        assert bob.get(f"/api/questions/{to_ann}").status_code == 404
        node.stepping_in.hand_back(hers, STUDIO)
        assert node.stepping_in.here(BOB.did, his).is_hers


def test_who_is_shut_out_gets_no_line_and_the_artist_is_told(node: Services, ann: TestClient, writer: Standing) -> None:
    artist = Artist(node.trust)
    granted = artist.grant(ANN.did, Tier.CIRCLE)
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    node.stepping_in.take(conversation, STUDIO)
    ident = ask(ann, conversation, "What is the new one called?")["id"]
    node.stepping_in.say(conversation, STUDIO, "Heronshaw.")
    assert ann.get(f"/api/questions/{ident}").json()["human"][0]["text"] == "Heronshaw."
    artist.revoke(granted.entry.event)
    assert ann.get(f"/api/questions/{ident}").status_code == 403
    assert "Heronshaw" not in ann.get(f"/answers/{ident}").text
    with pytest.raises(ShutOut):
        node.stepping_in.say(conversation, STUDIO, "It is out in May.")
    assert texts(node, ident, "human") == ["Heronshaw."]
    steps = node.desk.transcripts.events(ident)
    assert {event.tier for event in steps if event.kind in ("taken_over", "human")} == {int(Tier.CIRCLE)}
    assert ended(node, ident) is Outcome.REVOKED
    assert node.stepping_in.here(ANN.did, conversation).is_hers is False


def test_looking_ends_what_is_not_open_any_more(node: Services, ann: TestClient, writer: Standing) -> None:
    artist = Artist(node.trust)
    granted = artist.grant(ANN.did, Tier.CIRCLE)
    agree(node)
    conversation = asked_and_answered(ann, node, writer)
    node.stepping_in.take(conversation, STUDIO)
    ident = ask(ann, conversation, "What is the new one called?")["id"]
    artist.revoke(granted.entry.event)
    assert node.stepping_in.look() == 1
    assert ended(node, ident) is Outcome.REVOKED
    with pytest.raises(ShutOut):
        node.stepping_in.take(conversation, STUDIO)


def test_the_same_asked_again_is_no_repeat_of_hers(node: Services, ann: TestClient, writer: Standing) -> None:
    agree(node)
    first = ask(ann)["id"]
    assert writer.stands.wait(20)
    node.stepping_in.take(first, STUDIO)
    node.stepping_in.say(first, STUDIO, "Leeds.", ends=True)
    node.stepping_in.hand_back(first, STUDIO)
    writer.go.set()
    again = ask(ann)["id"]
    assert again != first
    assert ended(node, again) is Outcome.ANSWERED
    assert texts(node, again, "human") == []


def test_who_wants_no_more_does_not_wait_for_her(tmp_path: Path) -> None:
    writer = Standing(hears=False)
    with open_stage(tmp_path / "home", writer) as node, client_of(node) as ann:
        sign_in(ann, ANN)
        agree(node)
        ident = ask(ann)["id"]
        assert writer.stands.wait(20)
        node.stepping_in.take(ident, STUDIO)
        assert ann.delete(f"/api/questions/{ident}").status_code == 202  # while the writer is not done yet
        assert node.desk.transcripts.find(ident).outcome is None  # type: ignore[union-attr]
        writer.go.set()
        assert ended(node, ident) is Outcome.STOPPED
        assert purse(node) == ALL


def test_a_node_that_was_broken_off_goes_on_where_she_was(tmp_path: Path) -> None:
    home, writer = tmp_path / "home", Standing()
    with open_stage(home, writer) as node, client_of(node) as ann:
        sign_in(ann, ANN)
        agree(node)
        conversation = asked_and_answered(ann, node, writer)
        node.stepping_in.take(conversation, STUDIO)
        ident = ask(ann, conversation, "And why there?")["id"]
        node.stepping_in.say(conversation, STUDIO, "The rent was low.")
        # What is left when a process dies is what is committed at this moment.
        assert settle(node) == 0
        assert node.desk.transcripts.find(ident).outcome is None  # type: ignore[union-attr]
        node.stepping_in.say(conversation, STUDIO, "And the piano was in tune, nearly.", ends=True)
        assert ended(node, ident) is Outcome.ANSWERED
        assert purse(node) == (8 * CENT, 0)
