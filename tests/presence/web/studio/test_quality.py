"""The artist's list of questions over HTTP: read, asked whole, and the last run kept."""

import threading
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from knowledge.evaluation import Judged
from presence.asking.quality import QUESTIONS_MAX, Came, Quality, Result, Run, wishes
from presence.bootstrap import Services
from presence.errors import ListWrong
from tests.nodes import client_of
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
LIST = """Where did you write Pilot Ladder? => The rented piano
Where did you write Pilot Ladder? => ferry.md
Which football team do you support? => -

How often did you play Low Tide?\tNight ferry
What is the working title of the next record? | friends
"""


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        operator_of(opened, told_node)
        yield opened


def test_a_list_is_asked_whole_and_the_last_run_is_kept(told_node: Services, client: TestClient) -> None:
    done = client.post("/studio/quality/list", data={"text": LIST.replace("\n", "\r\n")}, headers=HTML)
    assert "The list is kept." in done.text
    client.post("/studio/quality/run", data={"tier": "public"}, headers=HTML)
    assert told_node.quality.wait(60)
    run = told_node.quality.last
    assert run is not None
    assert [one.is_right for one in run.results] == [True, False, True, True, False]
    assert [one.came for one in run.results] == [Came.ANSWERED] * 2 + [
        Came.NOT_IN_NOTES,
        Came.ANSWERED,
        Came.NOT_IN_NOTES,
    ]
    page = client.get("/studio/quality", headers=HTML).text
    assert "<b>3</b> of 5 as they should be" in page
    assert "should be ferry.md" in page
    assert page.count('href="/studio/why?question=') == 5
    client.post("/studio/quality/run", data={"tier": "circle"}, headers=HTML)
    assert told_node.quality.wait(60)
    again = told_node.quality.last
    assert again is not None
    assert (again.tier, again.results[4].sources[0], again.right) == (3, "What I told my friends", 4)


def test_a_run_that_ends_while_its_page_is_made_is_on_it(
    told_node: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Callable[[Quality], Run | None] = vars(Quality)["last"].fget
    told_node.quality.keep(LIST)
    monkeypatch.setattr(told_node.quality, "_asked", _held(told_node.quality, held := threading.Event()))

    def ends_behind(quality: Quality) -> Run | None:
        """What was kept, read just before the run ends."""
        found = read(quality)
        held.set()
        assert quality.wait(60)
        return found

    monkeypatch.setattr(Quality, "last", property(ends_behind))
    told_node.quality.start(0)
    assert 'http-equiv="refresh"' in client.get("/studio/quality", headers=HTML).text
    assert "The last time" in client.get("/studio/quality", headers=HTML).text


def _held(quality: Quality, held: threading.Event) -> Callable[[Judged, int], Result]:
    asked = quality._asked

    def wait(one: Judged, tier: int) -> Result:
        assert held.wait(60)
        return asked(one, tier)

    return wait


def test_a_run_that_breaks_off_is_told_until_the_next(
    told_node: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_node.quality.keep(LIST)
    with monkeypatch.context() as broken:
        broken.setattr(told_node.quality, "_asked", lambda one, tier: 1 / 0)
        client.post("/studio/quality/run", data={"tier": "public"}, headers=HTML)
        assert told_node.quality.wait(60)
    assert "could not be asked to its end" in client.get("/studio/quality", headers=HTML).text
    client.post("/studio/quality/run", data={"tier": "public"}, headers=HTML)
    assert told_node.quality.wait(60)
    assert "could not be asked to its end" not in client.get("/studio/quality", headers=HTML).text


def test_a_list_comes_as_a_file_of_either_kind(told_node: Services, client: TestClient) -> None:
    told = b'\xef\xbb\xbf{"question": "Where?", "relevant": ["piano.md#6"], "answerable": true}\nWho? => -\n'
    client.post("/studio/quality/list", data={"text": "old"}, files={"file": ("list.jsonl", told)})
    first, second = wishes(told_node.quality.listed)
    assert (first.question, first.relevant, second.answerable) == ("Where?", frozenset({"piano.md#6"}), False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Who?\n=> The piano\n", "Line 2"),
        ('Who?\n{"no": 1}', "Line 2"),
        ("Who?\n" * (QUESTIONS_MAX + 1), "500"),
        ("a" * 100_001, "100,000"),
    ],
)
def test_a_list_that_cannot_be_read_is_not_lost(client: TestClient, text: str, why: str) -> None:
    refused = client.post("/studio/quality/list", data={"text": text}, headers=HTML)
    assert refused.status_code == 422
    assert why in refused.text
    assert text.splitlines()[0] in refused.text
    with pytest.raises(ListWrong, match=why):
        wishes(text)


def test_no_list_is_asked_and_no_text_is_refused(told_node: Services, client: TestClient) -> None:
    assert client.post("/studio/quality/run", data={"tier": "public"}, headers=HTML).status_code == 422
    assert (
        client.post("/studio/quality/list", files={"file": ("x.txt", b"\xff\xfe\x00")}, headers=HTML).status_code == 422
    )
    assert told_node.quality.last is None
