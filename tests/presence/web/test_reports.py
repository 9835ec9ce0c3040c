"""Reporting an answer: by one press, by who may read it, and with what came of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, inspect, select

from presence.app import create_app
from presence.asking.reports import REASONS, WORDS_CHARS_MAX
from presence.bootstrap import Services
from presence.local.deeds import DEEDS
from presence.settings import LimitsSettings
from presence.tables import answer_events, citations, questions, reports
from tests.nodes import client_of, open_node, take_in
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

ASKED = "Where did you write Pilot Ladder?"
PAGE = {"Accept": "text/html"}
WORDS = "It was Bradford & not <Leeds>."
ANN = key("ann")


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        yield opened


def ask(client: TestClient, question: str = ASKED) -> str:
    opened = client.post("/api/questions", json={"question": question}).json()
    client.get(opened["events"])
    ident: str = opened["id"]
    return ident


def operator(services: Services) -> TestClient:
    opened = TestClient(create_app(services), base_url="http://localhost", raise_server_exceptions=False)
    operator_of(opened, services)
    return opened


def test_one_press_on_the_page_reports_and_the_page_says_so(told_node: Services, client: TestClient) -> None:
    ident = ask(client)
    page = client.get(f"/answers/{ident}", headers=PAGE).text
    assert f'<form method="post" action="/answers/{ident}/report">' in page
    for name in REASONS:
        assert f'<option value="{name}"' in page
    done = client.post(f"/answers/{ident}/report", follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"/answers/{ident}#report-{ident}")
    assert f'id="report-{ident}"' in client.get(f"/answers/{ident}", headers=PAGE).text
    page = client.get(f"/answers/{ident}", headers=PAGE).text
    assert "You reported this answer." in page
    assert f'action="/answers/{ident}/report"' not in page
    assert told_node.reports.open_count() == 1


def test_of_several_answers_on_a_page_each_has_names_of_its_own(told_node: Services, client: TestClient) -> None:
    """The room puts one fragment below the other; a label leads to the field of its own answer."""
    answers = [ask(client), ask(client, "What did the ferry cost in 1911?")]
    assert client.post(f"/answers/{answers[1]}/forward").status_code == 200
    page = "".join(client.get(f"/answers/{ident}/fragment").text for ident in answers)
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) >= 4
    assert len(names) == len(set(names)), sorted(names)


def test_the_artist_reads_it_and_what_she_says_stands_on_the_answer(told_node: Services, client: TestClient) -> None:
    ident = ask(client)
    client.post(f"/answers/{ident}/report", data={"reason": "wrong", "words": WORDS})
    with operator(told_node) as artist:
        page = artist.get("/studio/reports", headers=PAGE).text
        for shown in (ASKED, "it is wrong", "It was Bradford &amp; not &lt;Leeds&gt;.", "rented piano"):
            assert shown in page
        closed = artist.post(
            f"/studio/reports/{ident}/close", data={"because": "It was <b>Leeds</b>"}, follow_redirects=False
        )
        assert (closed.status_code, closed.headers["location"]) == (303, "/studio/reports")
        page = artist.get("/studio/reports", headers=PAGE).text
        assert "Nothing waits." in page
        assert "You said: “It was &lt;b&gt;Leeds&lt;/b&gt;”" in page
    page = client.get(f"/answers/{ident}", headers=PAGE).text
    assert "It was &lt;b&gt;Leeds&lt;/b&gt;" in page
    told = client.get(f"/api/questions/{ident}").json()["reported"]
    assert told == {"state": "closed", "reason": "wrong", "closed_because": "It was <b>Leeds</b>"}


def test_by_the_api_a_second_time_says_it_in_other_words_until_it_is_closed(
    told_node: Services, client: TestClient
) -> None:
    ident = ask(client)
    path = f"/api/questions/{ident}/report"
    first = client.post(path, json={"reason": "wrong", "words": "first"})
    assert (first.status_code, first.json()) == (201, {"id": ident, "reported": {"state": "open", "reason": "wrong"}})
    assert client.post(path, json={"reason": "private", "words": "second"}).status_code == 200
    assert client.post(path, json={}).json()["reported"]["reason"] == "private"  # an empty one takes nothing away
    assert [(one.report.reason, one.report.words) for one in told_node.reports.listed()] == [("private", "second")]
    told_node.reports.close(ident, "Thank you")
    again = client.post(path, json={"reason": "other", "words": "third"})
    assert again.json()["reported"] == {"state": "closed", "reason": "private", "closed_because": "Thank you"}
    assert told_node.reports.listed(closed=True)[0].report.words == "second"


def test_only_who_may_read_an_answer_can_report_it(told_node: Services, client: TestClient) -> None:
    artist = Artist(told_node.trust)
    let_in = artist.grant(ANN.did, Tier.CIRCLE)
    sign_in(client, ANN)
    ident = ask(client, "What is the working title of the next record?")
    with client_of(told_node) as other:
        seen = [other.post(f"/api/questions/{one}/report", json={}) for one in (ident, "nothing")]
        assert seen[0].status_code == seen[1].status_code == 404
        assert seen[0].json() == seen[1].json()
        assert other.post(f"/answers/{ident}/report").status_code == 404
    artist.revoke(let_in.entry.event)
    assert client.post(f"/api/questions/{ident}/report", json={}).status_code == 403
    assert told_node.reports.open_count() == 0


def test_only_the_operator_sees_and_closes_reports(told_node: Services, client: TestClient) -> None:
    ident = ask(client)
    client.post(f"/api/questions/{ident}/report", json={"words": "xylophonecanary"})
    Artist(told_node.trust).grant(ANN.did, Tier.INNER)
    sign_in(client, ANN)
    page = client.get("/studio/reports")
    assert page.status_code == 401
    assert "xylophonecanary" not in page.text
    assert client.post(f"/studio/reports/{ident}/close", data={"because": "no"}).status_code == 401
    assert told_node.reports.open_count() == 1


def test_a_report_keeps_the_answer_and_no_name(told_node: Services, client: TestClient) -> None:
    Artist(told_node.trust).grant(ANN.did, Tier.FOLLOWER)
    sign_in(client, ANN)
    ident = ask(client)
    client.post(f"/api/questions/{ident}/report", json={"reason": "other", "words": "mine"})
    with told_node.database.records() as records:
        row = records.execute(select(reports)).mappings().one()
        columns = {column["name"] for column in inspect(told_node.database.owner).get_columns("reports")}
    assert columns == {"question_id", "reason", "words", "reported_at", "closed_at", "closed_because"}
    assert ANN.did not in json.dumps(dict(row))


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "because"},
        {"words": "a" * (WORDS_CHARS_MAX + 1)},
        {"words": "hidden\u202eword"},
        {"words": "bell\u0007"},
        {"more": "x"},
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    told_node: Services, client: TestClient, body: dict[str, str]
) -> None:
    ident = ask(client)
    refused = client.post(f"/api/questions/{ident}/report", json=body)
    assert refused.status_code == 422
    assert len(refused.json()["detail"]) > 10
    assert told_node.reports.open_count() == 0


def test_a_report_is_not_closed_without_a_reason_nor_one_that_is_not_there(
    told_node: Services, client: TestClient
) -> None:
    ident = ask(client)
    client.post(f"/api/questions/{ident}/report", json={})
    with operator(told_node) as artist:
        assert artist.post(f"/studio/reports/{ident}/close", data={"because": "  "}).status_code == 422
        assert artist.post("/studio/reports/nothing/close", data={"because": "x"}).status_code == 404
    assert told_node.reports.open_count() == 1


def test_reports_are_limited(tmp_path: Path, material: Path) -> None:
    limits = LimitsSettings(reports_per_hour=1)
    with open_node(tmp_path / "home", limits=limits) as services, client_of(services) as client:
        take_in(services, material, tier=None)
        ident = ask(client)
        assert client.post(f"/api/questions/{ident}/report", json={}).status_code == 201
        refused = client.post(f"/answers/{ident}/report")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0


def test_a_report_goes_with_its_question(both: Services, material: Path) -> None:
    take_in(both, material, tier=None)
    with client_of(both) as client:
        ident = ask(client)
        assert client.post(f"/api/questions/{ident}/report", json={}).status_code == 201
    for table in (answer_events, citations):
        both.lane.run(lambda owner, table=table: owner.execute(delete(table)))  # type: ignore[misc]
    both.lane.run(lambda owner: owner.execute(delete(questions)))
    assert both.reports.listed() == []
    assert both.reports.open_count() == 0


def test_at_a_terminal_reports_are_listed_and_closed(told_node: Services, client: TestClient) -> None:
    ident = ask(client)
    client.post(f"/api/questions/{ident}/report", json={"reason": "wrong", "words": WORDS})
    told: list[dict[str, object]] = []
    assert DEEDS["reports list"](told_node, {}, told.append) == 0
    assert (told[0]["id"], told[0]["words"], told[0]["question"]) == (ident, WORDS, ASKED)
    DEEDS["reports close"](told_node, {"id": ident, "because": "Leeds it is"}, told.append)
    assert told[1] == {"event": "report_closed", "id": ident, "because": "Leeds it is"}
    DEEDS["reports list"](told_node, {"closed": True}, told.append)
    assert told[2]["closed_because"] == "Leeds it is"
    assert len(told) == 3
