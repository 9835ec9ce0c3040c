"""What somebody else wrote is text on every page, never markup: notes, names, words of tiers, and what a model writes.

tests/browser/test_injection.py opens the same node in a real browser.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.nodes import client_of
from tests.presence.web.paying import ANN, CENT
from tests.rig.crawling import HTML, crawl, plain_addresses
from tests.rig.poisoned import EVIL, MARKS, QUESTIONS, SHORT, SITE, Poisoned, open_poisoned
from tests.trusting import operator_of, sign_in

# Attributes that fetch, lead elsewhere or run.
LEADING = ("href", "src", "action", "formaction", "data", "srcset", "poster", "background", "xlink:href", "ping")
READ_ONLY = {"script", "style", "iframe", "object", "embed", "base", "math", "template", "link", "meta"}


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    with open_poisoned(tmp_path_factory.mktemp("poisoned") / "home") as opened:
        yield opened


@pytest.fixture
def ann(poisoned: Poisoned) -> Iterator[TestClient]:
    with client_of(poisoned.services) as client:
        sign_in(client, ANN)
        yield client


def is_theirs(tag: Tag) -> bool:
    """Whether an element is one of the attacker's, or does what only hers would do."""
    if "data-evil" in tag.attrs or tag.has_attr("srcdoc") or tag.has_attr("style"):
        return True
    if any(name.lower().startswith("on") for name in tag.attrs):
        return True
    if tag.name == "script":
        return not tag.has_attr("src") and tag.get("type") != "application/ld+json"
    return tag.name in READ_ONLY - {"script", "link", "meta"} or (tag.name == "style" and tag.string is not None)


def leads_away(tag: Tag) -> bool:
    for name in LEADING:
        value = str(tag.get(name) or "")
        parts = urlsplit(re.sub(r"[\s\x00-\x1f]", "", value))
        if parts.scheme not in ("", "http", "https") or EVIL in parts.netloc:
            return True
    # Other metas only tell: what is shared of a page is its title.
    return tag.name == "meta" and tag.has_attr("http-equiv") and EVIL in str(tag.get("content"))


def looked_through(html: str) -> list[str]:
    """Give what should not be in a page."""
    soup = BeautifulSoup(html, "html.parser")
    wrong = [str(tag)[:200] for tag in soup.find_all(True) if is_theirs(tag) or leads_away(tag)]
    return wrong + ["evil49"] * ("evil49" in html)


def asked(client: TestClient) -> list[str]:
    """Ask everything in both ways, and give the addresses of the answers and of their receipts."""
    led = []
    for question in (*QUESTIONS, *MARKS[:3]):
        page = client.post("/ask", data={"question": question, "max_price_micros": CENT * 5}, follow_redirects=False)
        assert page.status_code == 303, page.text
        led += [page.headers["location"], f"{page.headers['location']}/fragment"]
        ident = page.headers["location"].rsplit("/", 1)[1]
        led += [f"/api/questions/{ident}", f"/api/questions/{ident}/events"]
    return led


def all_pages(client: TestClient, poisoned: Poisoned) -> dict[str, Any]:
    begin = [*asked(client), f"/invite/{poisoned.invite}", f"/splits/{poisoned.split}"]
    with client_of(poisoned.services) as operator:
        operator_of(operator, poisoned.services)
        seen = crawl(operator, plain_addresses(app_of(operator)))
    return seen | crawl(client, [*begin, *plain_addresses(app_of(client))]) | {"/studio/people": seen["/studio/people"]}


def app_of(client: TestClient) -> FastAPI:
    assert isinstance(client.app, FastAPI)
    return client.app


def test_no_page_holds_markup_of_somebody_elses(ann: TestClient, poisoned: Poisoned) -> None:
    pages = all_pages(ann, poisoned)
    wrong = {}
    for address, response in pages.items():
        kind = response.headers.get("content-type", "")
        assert response.headers.get("x-content-type-options") == "nosniff", address
        assert response.status_code < 500, address
        if kind.startswith("text/html"):
            if found := looked_through(response.text):
                wrong[address] = found[:3]
        else:
            assert not kind.startswith(("application/xhtml", "text/xml", "application/xml")), address
    assert wrong == {}
    # The poison reached every kind of page, or nothing was shown by this.
    for kind in ("/answers/", "/sources/", "/rows/", "/receipts/", "/invite/", "/splits/", "/studio/people", "/tiers"):
        assert any("data-evil" in page.text for at, page in pages.items() if at.startswith(kind)), kind


def test_what_a_model_writes_around_its_pointers_is_not_shown(ann: TestClient) -> None:
    ann.post("/ask", data={"question": QUESTIONS[1], "max_price_micros": CENT * 5})
    page = ann.post("/ask", data={"question": QUESTIONS[1], "max_price_micros": CENT * 5}, headers=HTML)
    soup = BeautifulSoup(page.text, "html.parser")
    assert soup.select(".said q")
    assert not [line for line in soup.select(".between") if "<" in line.get_text() or EVIL in line.get_text()]


@pytest.mark.parametrize("mark", [*MARKS, SHORT])
def test_a_refusal_never_gives_back_markup(ann: TestClient, poisoned: Poisoned, mark: str) -> None:
    answers = [
        ann.get(f"/answers/{mark.replace('/', '%2F').replace('?', '%3F').replace('#', '%23')}", headers=HTML),
        ann.get("/sources/x", params={"q": mark}, headers=HTML | {"Referer": f"http://localhost/{EVIL}"}),
        ann.get("/operator", params={"token": mark}, headers=HTML),
        ann.get("/sign-in", params={"next": mark}, headers=HTML),
        ann.get("/sign-in/link", params={"token": mark, "next": f"//{EVIL}"}, headers=HTML),
        ann.get("/wallet/back", params={"to": f"//{EVIL}/o", "paid": mark}, headers=HTML, follow_redirects=False),
        ann.post("/operator", data={"token": mark}, headers=HTML),
        ann.post("/people/name", data={"name": mark}, headers=HTML),
        ann.post("/follow", data={"name": mark, "words": mark}, headers=HTML),
        ann.post("/tip", data={"amount": mark, "by": mark, "once": mark}, headers=HTML),
        ann.post("/wallet/limits", data={"per_day": mark, "amount": mark}, headers=HTML),
        ann.post(f"/splits/{poisoned.split}/accept", data={"version": mark}, headers=HTML),
        ann.post("/ask", data={"question": mark, "max_price_micros": mark}, headers=HTML),
        ann.post("/api/questions", json={"question": "?", "act": mark, "thing": mark[:64]}, headers=HTML),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert EVIL not in answer.headers.get("location", "")
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert looked_through(answer.text) == []
        else:
            assert answer.headers.get("content-type", "application/json").split(";")[0].endswith("json")


def test_questions_and_reports_are_text_in_the_studio(ann: TestClient, poisoned: Poisoned) -> None:
    for mark in MARKS[:-1]:  # the last holds signs that cannot be seen, and is refused
        asked = {"question": f"What about {mark}", "max_price_micros": CENT * 5}
        address = ann.post("/ask", data=asked, follow_redirects=False).headers["location"]
        assert ann.post(f"{address}/report", data={"reason": "wrong", "words": mark}).status_code == 200
        ann.post(f"{address}/forward", data={})
        assert looked_through(ann.get(address, headers=HTML).text) == []
    with client_of(poisoned.services) as operator:
        operator_of(operator, poisoned.services)
        studio = [address for address in plain_addresses(app_of(operator)) if address.startswith("/studio")]
        told = {address: operator.get(address, headers=HTML) for address in studio}
    read = ("text/html", "image/svg+xml")
    pages = {at: one.text for at, one in told.items() if one.headers["content-type"].startswith(read)}
    assert {address: looked_through(page) for address, page in pages.items()} == {address: [] for address in pages}
    others = [one for at, one in told.items() if at not in pages]  # a browser must not take them for pages
    assert {one.headers["content-type"].split(";")[0] for one in others} <= {"text/csv", "application/json"}
    assert all(one.headers["x-content-type-options"] == "nosniff" for one in others)
    for address in ("/studio/people", "/studio/reports"):
        assert "data-evil" in pages[address], address


@pytest.mark.parametrize("mark", MARKS)
def test_the_room_on_another_site_holds_text(poisoned: Poisoned, mark: str) -> None:
    with client_of(poisoned.services) as visitor:
        room = visitor.get("/embed", params={"site": SITE, "question": mark}, headers=HTML)
        found = BeautifulSoup(room.text, "html.parser").select_one("input[name=pass]")
        assert found is not None
        told = [room, visitor.get("/embed", params={"site": f"https://{EVIL}/{mark}"}, headers=HTML)]
        asked = [{"pass": found["value"], "question": question} for question in (mark, QUESTIONS[1])]
        told += [visitor.post("/embed/ask", data=data, headers=HTML) for data in asked]
    for page in told:
        assert looked_through(page.text) == []
        assert EVIL not in page.headers["content-security-policy"]
