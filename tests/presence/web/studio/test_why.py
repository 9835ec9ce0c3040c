"""Looking as somebody: the answer that she would get, why it is this one, and nothing of it kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, func, select

from knowledge import Evidence
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.asking.trying import Fate
from presence.bootstrap import Services
from presence.people.names import code_of
from tests.nodes import client_of, take_in, write_notes
from tests.presence.web.studio.shop import seen
from tests.trusting import Artist, key, operator_of
from trustgraph import Tier

HTML = {"Accept": "text/html"}
ASKED = "Where did you write Pilot Ladder?"
SECRET = "What is the working title of the next record?"


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        operator_of(opened, told_node)
        yield opened


def kept(node: Services) -> dict[str, int]:
    """Count every row of every table."""
    found = MetaData()
    found.reflect(node.database.owner)
    with node.database.records() as records:
        return {
            name: int(records.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in found.tables.items()
            if not name.startswith("lexical")
        }


@pytest.mark.parametrize("question", [ASKED, SECRET, "Who are you, a robot?", "How often did you play Low Tide?"])
def test_it_is_the_answer_that_a_listener_gets(told_node: Services, question: str) -> None:
    ticket = told_node.counter.open(Question(question, Listener("anon:somebody")))
    told_node.desk.start(ticket).result(20)  # type: ignore[arg-type]
    answer = told_node.answers.read(ticket.ident, Listener("anon:somebody"))
    tried = told_node.trying.answer(question, 0)
    assert (tried.text, tried.outcome) == (answer["text"], answer["outcome"])


def test_it_leaves_nothing_behind(told_node: Services, client: TestClient) -> None:
    told_node.trying.answer(ASKED, 4)
    before, figures = kept(told_node), client.get("/metrics").text
    for asked in (ASKED, SECRET, "What about the moon?"):
        assert client.get("/studio/why", params={"question": asked, "tier": "inner"}, headers=HTML).status_code == 200
    assert kept(told_node) == before
    assert told_node.desk.transcripts.settle_unfinished() == 0
    answered = [line for line in client.get("/metrics").text.splitlines() if "answers" in line or "questions" in line]
    assert answered == [line for line in figures.splitlines() if "answers" in line or "questions" in line]


def test_why_tells_of_the_tier_alone(told_node: Services) -> None:
    tried = told_node.trying.answer(SECRET, 0)
    assert tried.outcome is Outcome.NOT_IN_NOTES
    assert {one.candidate.passage.tier for one in tried.passages} <= {0}
    assert all(one.fate is Fate.FAR for one in tried.passages)
    tried = told_node.trying.answer(SECRET, 3)
    assert "Heronshaw" in tried.text
    assert [one.candidate.passage.title for one in tried.passages if one.fate is Fate.QUOTED] == [
        "What I told my friends"
    ]
    assert any(one.is_used for one in tried.offered)
    assert tried.told is not None
    assert "Heronshaw" in tried.told.user


def test_what_was_found_and_not_read_is_said(told_node: Services, tmp_path: Path) -> None:
    notes = {f"n{n:02}.md": f"---\ntitle: Ladder {n}\n---\nA ladder of number {n} stood in Leeds." for n in range(14)}
    take_in(told_node, write_notes(tmp_path / "more", notes))
    tried = told_node.trying.answer("Which ladder stood in Leeds?", 0)
    fates = [one.fate for one in tried.passages]
    assert fates.index(Fate.BEHIND) == 8
    assert Fate.QUOTED in fates[:8]


def test_who_may_see_a_place_stands_with_it(client: TestClient) -> None:
    page = seen(client.get("/studio/why", params={"question": SECRET, "tier": "circle"}, headers=HTML).text)
    rows = page.select(".people tbody tr")
    assert rows
    for row in rows:
        assert len(row.select("th .tier")) == 1
        assert not row.select("td .tier")
    assert {one.get_text() for one in page.select(".people .tier")} > {"○ open to all"}


def test_a_place_is_cut_between_two_words_and_its_figures_are_explained(told_node: Services, tmp_path: Path) -> None:
    words = "The ladder in Leeds " + " ".join(f"stood{n:03}" for n in range(40)) + "."
    take_in(told_node, write_notes(tmp_path / "more", {"long.md": f"---\ntitle: Ladders\n---\n{words}"}))
    with client_of(told_node) as client:
        operator_of(client, told_node)
        asked = {"question": "Which ladder stood in Leeds?"}
        page = seen(client.get("/studio/why", params=asked, headers=HTML).text)
    shown = [one.get_text() for one in page.select("th .code") if one.get_text().startswith("The ladder in Leeds")]
    assert shown
    for text in shown:
        assert text.endswith(" …")
        assert len(text) <= 90
        assert words.startswith(text.removesuffix("…"))
    assert "compared with the other places alone" in page.get_text()


def test_rows_are_shown_where_it_was_counted(told_node: Services, client: TestClient) -> None:
    tried = told_node.trying.answer("How often did you play Low Tide?", 0)
    assert tried.rows
    page = client.get("/studio/why", params={"question": "How often did you play Low Tide?"}, headers=HTML).text
    assert "Counted from" in page
    assert tried.rows[0].raw.split("(")[0].strip() in page


def test_one_looks_as_a_person_by_her_code_or_name(told_node: Services, client: TestClient) -> None:
    Artist(told_node.trust).grant(key("ann").did, Tier.CIRCLE)
    told_node.people.names.set(key("ann").did, "Ann Lee")
    asked = {"question": SECRET, "tier": "public"}
    assert "Heronshaw" not in client.get("/studio/why", params=asked, headers=HTML).text
    for who in (code_of(key("ann").did), "ann lee", key("ann").did):
        page = client.get("/studio/why", params=asked | {"person": who}, headers=HTML)
        assert page.status_code == 200
        assert "Heronshaw" in page.text
        assert "What Ann Lee gets" in page.text
    nobody = client.get("/studio/why", params=asked | {"person": "zz99-zz99"}, headers=HTML)
    assert nobody.status_code == 404
    assert SECRET in nobody.text


def test_a_refused_topic_and_a_question_that_cannot_be(told_node: Services, client: TestClient) -> None:
    folder = told_node.home.persona
    folder.mkdir()
    (folder / "persona.md").write_text("# Refuse\n\n- pilot ladder – Not that one.\n")
    page = client.get("/studio/why", params={"question": ASKED}, headers=HTML).text
    assert "Not that one." in page
    assert "You set this topic aside" in page
    assert told_node.trying.found(ASKED, 0) is None
    assert isinstance(told_node.trying.found("Who kept the tide books in the pantry?", 1), Evidence)
    assert client.get("/studio/why", params={"question": "???"}, headers=HTML).status_code == 422
    assert client.get("/studio/why", params={"question": "a" * 3_000}, headers=HTML).status_code == 422
