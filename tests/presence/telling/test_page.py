"""“What I am told”, as forms: no script is needed, and no session for the links in mails."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from pydantic import SecretStr

from presence.bootstrap import Services
from presence.settings import LimitsSettings
from presence.telling.kinds import Choice, Kind
from tests.mailing import USER, Mailroom, link_in
from tests.nodes import client_of, open_node
from tests.presence.telling.people import ADDRESS, ANN, HTML, Clock, all_mail, asked, choose, confirm, stop_links
from tests.trusting import Artist, key, sign_in


def page(client: TestClient) -> BeautifulSoup:
    response = client.get("/telling", headers=HTML)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return BeautifulSoup(response.text, "html.parser")


def form_of(soup: BeautifulSoup, action: str) -> dict[str, str]:
    """Give what a form would send as it stands."""
    form = soup.find("form", action=action)
    assert isinstance(form, Tag)
    sent = {}
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True) or select.find("option")
        assert isinstance(chosen, Tag)
        sent[str(select["name"])] = str(chosen["value"])
    return sent


def test_nothing_is_chosen_at_first_and_the_form_keeps_what_was(client: TestClient, house: Services) -> None:
    sent = form_of(page(client), "/telling")
    assert {sent[kind] for kind in Kind} == {"nothing"}
    assert "she_is_here_when" not in sent
    sent |= {"let_in": "both", "let_in_when": "daily", "question_answered": "mail"}
    assert client.post("/telling", data=sent).url.path == "/telling"
    assert house.telling.choices.of(ANN.did) == {
        **dict.fromkeys(Kind, Choice()),
        Kind.LET_IN: Choice(mail=True, push=True, daily=True),
        Kind.QUESTION_ANSWERED: Choice(mail=True),
    }
    assert form_of(page(client), "/telling") == sent


@pytest.mark.parametrize(
    "sent", [{"let_in": "always"}, {"let_in": "mail", "let_in_when": "hourly"}, {"else": "mail"}], ids=str
)
def test_what_is_no_choice_is_refused(client: TestClient, house: Services, sent: dict[str, str]) -> None:
    choose(client, "let_in", push=True)
    assert client.post("/telling", data=sent).status_code == 422
    assert house.telling.choices.of(ANN.did)[Kind.LET_IN] == Choice(push=True)


def test_an_address_is_given_confirmed_shown_and_forgotten(client: TestClient, house: Services, room: Mailroom) -> None:
    assert "No mail comes to you" in page(client).get_text()
    client.post("/telling/address", data={"email": ADDRESS})
    assert f"A mail is on its way to {ADDRESS}" in page(client).get_text()
    link = link_in(room.next()).partition("8765")[2]
    with client_of(house) as elsewhere:
        soup = BeautifulSoup(elsewhere.get(link, headers=HTML).text, "html.parser")
        form = soup.find("form", action="/telling/confirm")
        assert isinstance(form, Tag)
        fields = {str(one["name"]): str(one["value"]) for one in form.find_all("input")}
        assert "is confirmed" in elsewhere.post("/telling/confirm", data=fields, headers=HTML).text
    assert f"Mail comes to {ADDRESS}" in page(client).get_text()
    choose(client, *Kind, mail=True, push=True)
    client.post("/telling/address/forget")
    assert ADDRESS not in page(client).get_text()
    assert set(house.telling.choices.of(ANN.did).values()) == {Choice(push=True)}


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "ann@example.org\nBcc: bob@example.org"])
def test_what_is_no_address_is_refused(client: TestClient, room: Mailroom, address: str) -> None:
    assert client.post("/telling/address", data={"email": address}).status_code == 422
    assert room.letters == []


def test_one_mailbox_is_not_flooded(tmp_path: Path, room: Mailroom) -> None:
    limits = LimitsSettings(mails_to_address_per_hour=2, mails_from_client_per_hour=100)
    more: dict[str, Any] = {"smtp_url": SecretStr(room.url), "mail_from": USER, "limits": limits}
    with open_node(tmp_path / "small", **more) as small:
        Artist(small.trust)
        with client_of(small) as ann:
            sign_in(ann, ANN)
            statuses = [ann.post("/api/telling/address", json={"address": ADDRESS}).status_code for _ in range(3)]
    assert statuses == [202, 202, 429]


def test_stop_everything_forgets_everything(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    client.post("/telling/nothing")
    shown = client.get("/api/telling").json()
    assert (shown["address"], shown["browsers"], shown["lately"]) == (None, 0, [])
    assert not [one for one in shown["choices"].values() if one["mail"] or one["push"]]


def test_the_page_behind_a_link_says_what_it_stops_and_asks_for_one_press(
    client: TestClient, house: Services, room: Mailroom
) -> None:
    choose(client, "she_is_here", mail=True)
    confirm(client, house, room)
    house.telling.arrived()
    house.telling.look()
    room.next()
    link = stop_links(room)[0]
    with client_of(house) as elsewhere:
        soup = BeautifulSoup(elsewhere.get(link, headers=HTML).text, "html.parser")
        assert "no more mails about Ada Marsh being here" in " ".join(soup.get_text().split())
        forms = [form for form in soup.find_all("form") if form.get("action") is None]
        assert [form["method"] for form in forms] == ["post"]
        assert "It is stopped" in elsewhere.post(link, headers=HTML).text
    assert house.telling.choices.of(ANN.did)[Kind.SHE_IS_HERE] == Choice()


def test_who_is_not_known_is_told_how_to_be(house: Services, artist: Artist) -> None:
    with client_of(house) as stranger:
        shown = page(stranger)
        assert shown.find("a", href="/sign-in?next=%2Ftelling")
        assert stranger.get("/api/telling").status_code == 401
        for path in ("", "/address", "/address/forget", "/nothing"):
            data = {"email": ADDRESS} if path == "/address" else {}
            assert stranger.post(f"/telling{path}", data=data).status_code == 401
        assert stranger.post("/telling/confirm", data={"token": "a" * 43}).status_code == 410
        assert stranger.post("/telling/confirm", data={"token": "short"}).status_code == 410


def test_what_one_chose_is_nobody_elses(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    with client_of(house) as other:
        sign_in(other, key("bob"))
        told = other.get("/api/telling").json()
    assert told["address"] is None
    assert not [one for one in told["choices"].values() if one["mail"]]


def test_without_a_mail_server_none_is_offered(tmp_path: Path) -> None:
    with open_node(tmp_path / "quiet") as quiet:
        Artist(quiet.trust)
        with client_of(quiet) as ann:
            sign_in(ann, ANN)
            shown = page(ann)
            assert not shown.find("form", action="/telling/address")
            assert {way["value"] for way in shown.select("#question_answered option")} == {"nothing", "push"}
            assert ann.post("/telling/address", data={"email": ADDRESS}).status_code == 409


def test_a_form_from_another_site_changes_nothing(client: TestClient, house: Services) -> None:
    elsewhere = {"Origin": "https://evil.example"}
    assert client.post("/telling", data={"let_in": "mail"}, headers=elsewhere).status_code == 403
    assert house.telling.choices.of(ANN.did)[Kind.LET_IN] == Choice()


def test_the_worker_is_for_all_pages_and_never_kept(client: TestClient) -> None:
    worker = client.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["service-worker-allowed"] == "/"
    assert worker.headers["cache-control"] == "no-cache"
    assert "showNotification" in worker.text


def test_the_page_is_found_where_there_is_something_to_hear_of(client: TestClient, clock: Clock) -> None:
    ident = asked(client)
    for path in (f"/answers/{ident}", "/wallet", "/key"):
        assert 'href="/telling"' in client.get(path, headers=HTML).text
