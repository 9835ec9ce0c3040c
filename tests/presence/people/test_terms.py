"""What a tier opens holds: how many questions, how long the answers, and whether one may ask at all."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.errors import RoomClosed, TermsWrong, TooManyToday
from tests.nodes import client_of, take_in, write_notes
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

ASKED = "What happened on the night ferry?"
ANN = key("ann")


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


_again = itertools.count(1)


def ask(client: TestClient) -> int:
    """Ask in other words each time: the very same question is free, and no question of the day."""
    return client.post("/api/questions", json={"question": ASKED + "?" * next(_again)}).status_code


def test_questions_of_a_day_are_counted_and_the_next_one_is_refused(told_node: Services, client: TestClient) -> None:
    told_node.people.terms.change(Tier.PUBLIC, questions_per_day=2)
    assert [ask(client), ask(client)] == [201, 201]
    refused = client.post("/api/questions", json={"question": ASKED})
    assert refused.status_code == 429
    left = 24 * 3600 - time.time() % (24 * 3600)
    assert abs(int(refused.headers["Retry-After"]) - left) < 60


def test_each_listener_has_her_own_questions_and_each_tier_its_own_number(
    told_node: Services, client: TestClient
) -> None:
    artist = Artist(told_node.trust)
    told_node.people.terms.change(Tier.PUBLIC, questions_per_day=1)
    assert [ask(client), ask(client)] == [201, 429]
    sign_in(client, ANN)  # what she asked before is hers
    assert ask(client) == 429
    artist.grant(ANN.did, Tier.FOLLOWER)
    assert [ask(client), ask(client)] == [201, 201]


def test_of_sixteen_at_once_as_many_are_taken_as_the_day_has(told_node: Services) -> None:
    told_node.people.terms.change(Tier.PUBLIC, questions_per_day=5)

    def open_one(number: int) -> bool:
        try:  # in other words each time: a repeat is free and counts for nothing
            opened = told_node.counter.open(Question(f"{ASKED} {number}", Listener("anon:1")))
        except TooManyToday:
            return False
        assert isinstance(opened, Ticket)
        told_node.desk.start(opened).result()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(open_one, range(16))) == 5
    assert told_node.counter.places.ahead("nothing") == 0


def test_a_key_of_a_program_has_its_own_lower_number(told_node: Services) -> None:
    program = Listener("did:key:x", how="program", questions_per_day=1)
    opened = told_node.counter.open(Question(ASKED, program))
    assert isinstance(opened, Ticket)
    told_node.desk.start(opened).result()
    with pytest.raises(TooManyToday):
        told_node.counter.open(Question(f"{ASKED} Please.", program))


def test_yesterday_does_not_count(told_node: Services, client: TestClient) -> None:
    from presence.tables import questions

    told_node.people.terms.change(Tier.PUBLIC, questions_per_day=1)
    assert [ask(client), ask(client)] == [201, 429]
    earlier = questions.update().values(created_at=questions.c.created_at - 24 * 3600)
    told_node.lane.run(lambda owner: owner.execute(earlier))
    assert ask(client) == 201


def test_a_repeated_key_is_no_second_question(told_node: Services, client: TestClient) -> None:
    told_node.people.terms.change(Tier.PUBLIC, questions_per_day=1)
    body = {"question": ASKED, "idempotency_key": "k"}
    assert [client.post("/api/questions", json=body).status_code for _ in range(3)] == [201] * 3


def test_a_closed_room_takes_no_question_but_the_operator_asks_as_she_likes(
    told_node: Services, client: TestClient
) -> None:
    told_node.people.terms.change(Tier.PUBLIC, may_ask=False, questions_per_day=1)
    assert ask(client) == 403
    with pytest.raises(RoomClosed):
        told_node.counter.open(Question(ASKED, Listener("anon:1")))
    operator_of(client, told_node)
    assert [ask(client), ask(client)] == [201, 201]


@pytest.mark.parametrize("sentences", [1, 2, 6])
def test_an_answer_is_as_long_as_the_tier_opens(
    told_node: Services, client: TestClient, sentences: int, tmp_path: Path
) -> None:
    text = " ".join(f"The harbour master counted lantern number {n} twice." for n in range(9))
    take_in(
        told_node,
        write_notes(tmp_path / "more", {"lanterns.md": f"---\ntitle: Lanterns\ntier: public\n---\n{text}"}),
        tier=None,
    )
    told_node.people.terms.change(Tier.PUBLIC, sentences=sentences)
    asked = client.post(
        "/api/questions", json={"question": "What did the harbour master count of the lanterns?"}
    ).json()
    while (answer := client.get(f"/api/questions/{asked['id']}").json())["outcome"] is None:
        time.sleep(0.02)
    assert 1 <= len(answer["sentences"]) <= sentences


def test_terms_are_kept_and_the_rest_stays_as_it_was(node: Services) -> None:
    node.people.terms.change(Tier.CIRCLE, name="the crew", teaser="Half-done things.")
    changed = node.people.terms.change(Tier.CIRCLE, questions_per_day=12)
    assert (changed.name, changed.teaser, changed.questions_per_day, changed.sentences) == (
        "the crew",
        "Half-done things.",
        12,
        8,
    )
    assert node.people.terms.of(Tier.CIRCLE) == changed
    assert node.people.terms.change(Tier.CIRCLE, questions_per_day=None).questions_per_day is None
    assert node.people.terms.names() == ("open to all", "followers", "supporters", "the crew", "inner circle")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 41},
        {"sentences": 0},
        {"sentences": 13},
        {"questions_per_day": 0},
        {"teaser": "x" * 401},
        {"teaser": "a\u202eb"},
        {"price": 1},
    ],
)
def test_terms_out_of_bounds_are_refused(node: Services, wrong: dict[str, object]) -> None:
    with pytest.raises(TermsWrong):
        node.people.terms.change(Tier.CIRCLE, **wrong)


def test_the_nearest_tier_above_that_the_artist_speaks_of_is_told(told_node: Services) -> None:
    terms = told_node.people.terms
    assert terms.teased(Tier.PUBLIC) is None
    terms.change(Tier.SUPPORTER, teaser="The <diaries>.")
    terms.change(Tier.INNER, teaser="Everything.")
    assert terms.teased(Tier.PUBLIC) == (Tier.SUPPORTER, "The <diaries>.")
    assert terms.teased(Tier.SUPPORTER) == (Tier.INNER, "Everything.")
    assert terms.teased(Tier.INNER) is None
