"""What was not understood is mended where it stands, and nothing else of the note changes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import operator_of

FERRY = """---
title: Night ferry
date: 2015-06-20
kind: set
venue: Upper deck
---

[0:00:00] Zeno Obuya - Monday Dub
[0:07:30] Ada Marsh - Low Tide
?? the one with the bells
[0:15:10] Kess - Ochre
!! and this
[0:20:00] Mora Lind - Salt
[0:25:00] Mora Lind - Pepper
"""
UNDATED = (
    FERRY.replace("date: 2015-06-20\n", "").replace("?? the one with the bells\n", "").replace("!! and this\n", "")
)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home") as services:
        yield services


@pytest.fixture
def client(node: Services) -> Iterator[TestClient]:
    with client_of(node) as opened:
        operator_of(opened, node)
        opened.headers["Accept"] = "text/html"
        yield opened


def events(node: Services, tier: int = 0) -> list[tuple[str, str, int]]:
    query = "SELECT date, venue, (SELECT count(*) FROM set_items s WHERE s.event_key = e.event_key) FROM events e"
    with node.database.reader(tier) as reader:
        return [(row[0], row[1], row[2]) for row in reader.exec_driver_sql(query)]


def form_of(page: str, deed: str) -> str:
    found = re.search(rf'action="(/studio/review/[^"]+/{deed})"', page)
    assert found is not None, page
    return found[1]


def test_lines_are_mended_one_after_the_other_and_the_head_stays(
    node: Services, client: TestClient, tmp_path: Path
) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": FERRY}))
    page = client.get("/studio/review").text
    assert "2 lines not understood" in page
    assert events(node) == [("2015-06-20", "Upper deck", 5)]
    some = client.post(form_of(page, "lines"), data={"line-0": "[0:11:00] Ines - Bells", "line-1": "!! and this"})
    assert "not all of it is understood yet" in some.text
    done = client.post(form_of(some.text, "lines"), data={"line-0": ""})
    assert "Mended." in done.text
    assert "Every line of your set lists was understood." in done.text
    assert events(node) == [("2015-06-20", "Upper deck", 6)]


def test_lines_that_are_left_alone_are_not_asked_about_again(
    node: Services, client: TestClient, tmp_path: Path
) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": FERRY}))
    page = client.get("/studio/review").text
    left = client.post(form_of(page, "leave"))
    assert "Every line of your set lists was understood." in left.text
    assert events(node) == [("2015-06-20", "Upper deck", 5)]


def test_a_missing_date_is_told(node: Services, client: TestClient, tmp_path: Path) -> None:
    take_in(node, write_notes(tmp_path / "in", {"ferry.md": UNDATED}), tier=2)
    page = client.get("/studio/review").text
    assert "1 night without a date" in page
    wrong = client.post(form_of(page, "date"), data={"date": "some summer"})
    assert (wrong.status_code, 'value="some summer"' in wrong.text) == (422, True)
    done = client.post(form_of(page, "date"), data={"date": "20 June 2015"})
    assert "Every night has its date." in done.text
    assert (events(node, 1), events(node, 2)) == ([], [("2015-06-20", "Upper deck", 5)])


def test_what_is_not_here_is_nobody_s_to_mend(client: TestClient) -> None:
    assert client.post("/studio/review/nobody/date", data={"date": "2019"}).status_code == 404
    assert client.post("/studio/review/nobody/lines", data={"line-0": "x"}).status_code == 200
