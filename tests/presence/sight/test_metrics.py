"""Figures for Prometheus: what they count, who may read them, and what never stands in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from billing import Wanted
from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

TOKEN = "the token of a program that watches"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(tmp_path: Path, material: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home", metrics_token=SecretStr(TOKEN)) as services:
        take_in(services, material, tier=None)
        yield services


def figures(client: TestClient) -> dict[str, float]:
    """Read every figure, under its name with its labels in order."""
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200, answer.text
    read = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            read[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return read


def ask(client: TestClient, question: str, **more: object) -> str:
    opened = client.post("/api/questions", json={"question": question, **more})
    assert opened.status_code == 201, opened.text
    client.get(opened.json()["events"])  # to its end
    ident: str = opened.json()["id"]
    return ident


def settled(client: TestClient, name: str) -> dict[str, float]:
    """An answer is counted when it is settled, a moment after its last event was read."""
    while name not in (read := figures(client)):
        pass
    return read


def test_an_answer_is_counted_with_its_stages(watched: Services) -> None:
    with client_of(watched) as client:
        ask(client, "Where did you write Pilot Ladder?")
        read = settled(client, "presence_answers_total{act=ask,outcome=answered,tier=0,writer=quoting}")
    assert read["presence_answers_total{act=ask,outcome=answered,tier=0,writer=quoting}"] == 1
    assert read["presence_sentences_total{writer=quoting}"] >= 1
    for stage in ("first_sentence_seconds_count{writer=quoting}", "answer_seconds_count{writer=quoting}"):
        assert read[f"presence_{stage}"] == 1
    assert read["presence_wait_seconds_count"] == read["presence_search_seconds_count"] == 1
    assert (
        read["presence_answer_seconds_sum{writer=quoting}"]
        >= read["presence_first_sentence_seconds_sum{writer=quoting}"]
    )
    assert read["presence_requests_total{method=POST,route=/api/questions,status=201}"] == 1
    assert read["presence_queue_length"] == read["presence_holds_open"] == 0
    assert read["presence_commands_total"] >= read["presence_commit_seconds_count"] > 0
    assert "presence_write_lane_depth" in read
    assert read["process_resident_memory_bytes"] > 1_000_000


def test_what_was_charged_is_counted_in_the_currency_of_the_node(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home", metrics_token=SecretStr(TOKEN)) as node, client_of(node) as client:
        give(node, ANN, 100)
        sign_in(client, ANN)
        refused = client.post("/api/questions", json={"question": ASKED})
        assert refused.status_code == 402
        ask(client, ASKED, max_price_micros=2 * CENT)
        read = settled(client, "presence_answers_total{act=ask,outcome=answered,tier=0,writer=quoting}")
    assert read["presence_charged_micros_total{currency=usd}"] == 2 * CENT
    assert read["presence_refusals_total{kind=PriceNotAgreed}"] == 1


def test_money_that_is_set_aside_is_read_at_the_moment_of_looking(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home", metrics_token=SecretStr(TOKEN)) as node, client_of(node) as client:
        give(node, ANN, 100)
        offer = node.paying.pricing.offer(Wanted("ask", 0, "quoting", ANN.did))
        hold = node.paying.holds.place("q-1", ANN.did, offer)
        read = figures(client)
        assert (read["presence_holds_open"], read["presence_holds_open_micros"]) == (1, 2 * CENT)
        node.paying.holds.release(hold)
        assert figures(client)["presence_holds_open"] == 0


def test_signed_documents_are_counted_once_each(watched: Services) -> None:
    artist = Artist(watched.trust)
    artist.grant(key("zoe").did, Tier.FOLLOWER)
    envelope = artist.revoke(artist.grant(key("yan").did, Tier.CIRCLE).entry.event).entry.envelope
    watched.trust.accept(envelope, "revoke")  # the same again
    with client_of(watched) as client:
        read = figures(client)
    assert read["presence_trust_documents_total{kind=grant}"] == 2
    assert read["presence_trust_documents_total{kind=revoke}"] == 1


def test_the_operator_reads_them_without_a_token(watched: Services) -> None:
    with client_of(watched) as client:
        operator_of(client, watched)
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        wrong = {"Authorization": "Bearer of bad news, and longer than that"}
        assert client.get("/metrics", headers=wrong).status_code == 404  # who shows a bearer is nobody else


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("authorization", [None, "Bearer wrong", f"Basic {TOKEN}"])
def test_for_others_it_is_an_address_at_which_there_is_nothing(
    watched: Services, method: str, accept: str, authorization: str | None
) -> None:
    headers = {"Accept": accept} | ({"Authorization": authorization} if authorization else {})
    with client_of(watched) as client:
        Artist(watched.trust).grant(key("ann").did, Tier.INNER)
        sign_in(client, key("ann"))
        for slash in ("", "/"):
            seen = [
                client.request(method, f"/{name}{slash}", headers=headers, follow_redirects=False)
                for name in ("metrics", "nothing")
            ]
            assert seen[0].status_code == seen[1].status_code == 404
            assert seen[0].text.replace("metrics", "nothing") == seen[1].text
            assert seen[0].headers == seen[1].headers


def test_nobody_reads_them_where_no_token_is_set(told_node: Services) -> None:
    with client_of(told_node) as client:
        for bearer in ("None", "", TOKEN):
            assert client.get("/metrics", headers={"Authorization": f"Bearer {bearer}"}).status_code == 404


def test_labels_are_few_and_closed_and_name_nobody(watched: Services) -> None:
    artist, ann = Artist(watched.trust), key("ann")
    artist.grant(ann.did, Tier.INNER)
    with client_of(watched) as client:
        sign_in(client, ann)
        ids = [ask(client, question) for question in ("What is Heronshaw?", "Where is Heronshaw quokkaword?")]
        for path in ("/quokkapath", "/answers/quokkaid", "/api/questions/quokkaid", "/sources/quokkaid"):
            client.get(path)
        client.request("QUOKKA", "/")
        settled(client, "presence_answers_total{act=ask,outcome=answered,tier=4,writer=quoting}")
        text = client.get("/metrics", headers=BEARER).text
    for never in ("quokka", "QUOKKA", "Heronshaw", "friends", ann.did, ann.did[-12:], *ids, TOKEN):
        assert never not in text
    names = {name for labels in re.findall(r"\{([^}]*)\}", text) for name in re.findall(r"(\w+)=", labels)}
    known = {"method", "route", "status", "kind", "outcome", "tier", "act", "writer", "currency", "le"}
    assert names <= known


def test_the_guide_names_every_figure_and_no_other(watched: Services) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "watching.md").read_text(encoding="utf-8")
    with client_of(watched) as client:
        text = client.get("/metrics", headers=BEARER).text
    exported = {
        family.name + ("_total" if family.type == "counter" else "") for family in text_string_to_metric_families(text)
    }
    assert {name for name in exported if name.startswith("presence_") and not name.endswith("_created")} == set(
        re.findall(r"`(presence_\w+)`", guide)
    )
