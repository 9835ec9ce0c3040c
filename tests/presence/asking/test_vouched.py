"""A signed answer is checked without the node; whatever is changed in its copy, it does not hold."""

import copy as copies
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from presence.asking.vouched import checked
from presence.bootstrap import Services
from presence.errors import StatementWrong
from tests.nodes import client_of
from tests.presence.web.paying import ASKED, open_shop
from tests.trusting import Artist, key
from trustgraph import Tier, issuing

DAY_SECONDS = 24 * 3600


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home", {"acts": {}}) as opened:
        yield opened


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        yield opened


def asked(client: TestClient) -> str:
    response = client.post("/ask", data={"question": ASKED}, follow_redirects=False)
    return response.headers["location"].rpartition("/")[2]


@pytest.fixture
def copy(client: TestClient) -> dict[str, Any]:
    told: dict[str, Any] = client.get(f"/answers/{asked(client)}/signed.json").json()
    return told


def test_a_copy_holds_without_the_node(copy: dict[str, Any], node: Services) -> None:
    told = checked(json.loads(json.dumps(copy)))
    assert told["artist"] == node.trust.keys.root
    assert (told["writer"], told["outcome"]) == ("quoting", "answered")
    assert node.node_keys.presence is not None
    assert told["presence"] == node.node_keys.presence.did


@pytest.mark.parametrize("field", ["id", "question", "text", "outcome"])
def test_no_word_of_it_can_be_changed(copy: dict[str, Any], field: str) -> None:
    copy["answer"][field] += "."
    with pytest.raises(StatementWrong):
        checked(copy)


@pytest.mark.parametrize("part", ["answer", "statement", "keys", "right", "format"])
def test_nothing_of_it_can_be_left_out(copy: dict[str, Any], part: str) -> None:
    del copy[part]
    with pytest.raises(StatementWrong):
        checked(copy)


@pytest.mark.parametrize("part", ["statement", "right"])
def test_no_signature_can_be_changed(copy: dict[str, Any], part: str) -> None:
    sig = copy[part]["signatures"][0]["sig"]
    copy[part]["signatures"][0]["sig"] = ("B" if sig[0] == "A" else "A") + sig[1:]
    with pytest.raises(StatementWrong):
        checked(copy)


def forged(copy: dict[str, Any], node: Services, **changes: Any) -> dict[str, Any]:
    """Give a copy whose right to speak somebody else has written."""
    root = node.trust.keys.root or ""
    said = {"sub": checked(copy)["presence"], "role": "presence", "root": root} | changes
    signer = said.pop("by", key("thief"))
    fresh = copies.deepcopy(copy)
    nbf = int(time.time()) - 60
    fresh["right"] = issuing.delegate(signer, tier=Tier.PUBLIC, people=None, nbf=nbf, exp=nbf + DAY_SECONDS, **said)
    return fresh


def test_only_the_artist_gives_the_right_to_speak(copy: dict[str, Any], node: Services) -> None:
    with pytest.raises(StatementWrong, match="not signed by a key of the artist"):
        checked(forged(copy, node))


def test_another_artists_keys_do_not_help(copy: dict[str, Any], node: Services) -> None:
    thief = key("thief")
    first = issuing.inception(thief, next_key=key("next").did, t=1)
    fresh = forged(copy, node, by=thief, root=issuing.ident(first)) | {"keys": [first]}
    with pytest.raises(StatementWrong, match="for another artist"):
        checked(fresh)


def test_who_knows_the_artist_is_not_given_another(copy: dict[str, Any], node: Services) -> None:
    assert checked(copy, node.trust.keys.root)
    with pytest.raises(StatementWrong):
        checked(copy, "sha256:" + "0" * 64)


@pytest.mark.parametrize("copy_of_what", [None, [], "x", {}, {"format": "presence-answer", "v": 1, "statement": []}])
def test_what_is_no_copy_is_refused(copy_of_what: Any) -> None:
    with pytest.raises(StatementWrong):
        checked(copy_of_what)


def test_the_page_says_it_in_plain_words(client: TestClient) -> None:
    ident = asked(client)
    answer = BeautifulSoup(client.get(f"/answers/{ident}").text, "html.parser")
    assert answer.select(".signed a")[0]["href"] == f"/answers/{ident}/signed"
    text = BeautifulSoup(client.get(f"/answers/{ident}/signed").text, "html.parser").get_text()
    assert "word for word what was signed" in text
    assert "presence check answer.json --artist sha256:" in text


def test_a_copy_says_that_an_ai_answered(copy: dict[str, Any]) -> None:
    assert copy["ai_generated"] is True
    assert copy["digital_source_type"].endswith("/algorithmicMedia")
    assert "not Ada Marsh" in copy["disclosure"]


def test_only_who_may_read_an_answer_gets_its_copy(client: TestClient, node: Services) -> None:
    ident = asked(client)
    with client_of(node) as stranger:
        for page in ("signed", "signed.json"):
            assert stranger.get(f"/answers/{ident}/{page}").status_code == 404


def test_a_right_that_was_taken_back_bears_nothing_out(client: TestClient, node: Services) -> None:
    ident = asked(client)
    assert client.get(f"/answers/{ident}/signed.json").status_code == 200
    right = next(entry for entry in node.trust.entries() if entry.kind == "delegate")
    Artist(node.trust).revoke(right.event)
    assert client.get(f"/answers/{ident}/signed.json").status_code == 404


def test_how_many_people_there_are_is_not_told(client: TestClient, node: Services) -> None:
    ident = asked(client)
    before = client.get(f"/answers/{ident}/signed.json").content
    Artist(node.trust).grant(key("ann").did, Tier.CIRCLE)
    assert client.get(f"/answers/{ident}/signed.json").content == before
