"""What listeners are told by mail: only what they chose, only where they confirmed it, each thing once."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import MetaData, select

from presence.bootstrap import Services
from presence.tables import outbox
from presence.telling import tables
from presence.telling.events import DAY_SECONDS, DIGEST_HOUR, next_digest
from presence.telling.kinds import Kind
from tests.mailing import USER, Mailroom, link_in, text_of
from tests.nodes import client_of, open_node
from tests.presence.telling.people import (
    ADDRESS,
    ANN,
    ANSWER,
    BOB,
    HTML,
    Clock,
    all_mail,
    answer_all,
    asked,
    choose,
    confirm,
    stop_links,
)
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier

HOUR = 3600


def told(house: Services) -> int:
    """Look, and give how many letters that became."""
    return house.telling.look()


def test_consent_an_answer_one_mail_one_press_and_no_more(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    ident = asked(client)
    answer_all(house)
    assert told(house) == 1
    letter = room.next()
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "Ada Marsh has answered your question"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert f"http://localhost:8765/answers/{ident}\n" in text_of(letter)
    assert "has answered this since" in client.get(f"/answers/{ident}", headers=HTML).text
    assert told(house) == 0

    first, *_ = stop_links(room)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with client_of(house) as mail_program:
        looked = mail_program.get(first, headers=HTML)
        assert looked.status_code == 200
        assert client.get("/api/telling").json()["choices"]["question_answered"]["mail"] is True
        done = mail_program.post(first, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    choices = client.get("/api/telling").json()["choices"]
    assert [kind for kind in choices if not choices[kind]["mail"]] == ["question_answered"]
    asked(client, "Do your knees hurt on stairs?")
    answer_all(house)
    assert told(house) == 0
    assert len(room.letters) == 2  # the first confirmed the address


def test_without_a_choice_nothing_is_told_nor_kept(client: TestClient, house: Services, room: Mailroom) -> None:
    confirm(client, house, room)
    asked(client)
    answer_all(house)
    house.telling.arrived()
    assert house.telling.tell(ANN.did, Kind.LET_IN, "something") is False
    assert told(house) == 0
    with house.database.records() as records:
        assert records.execute(select(tables.events)).all() == []


def test_an_address_is_written_to_only_after_its_owner_confirmed_it(
    client: TestClient, house: Services, room: Mailroom
) -> None:
    choose(client, *Kind)
    assert client.post("/api/telling/address", json={"address": "Ann@Example.org "}).status_code == 202
    link = link_in(room.next())
    assert client.get("/api/telling").json()["address_waiting"] == ADDRESS
    house.telling.arrived("one")
    assert told(house) == 0
    token = link.partition("token=")[2]
    with client_of(house) as elsewhere:
        assert elsewhere.get(f"/telling/confirm?token={token}", headers=HTML).status_code == 200  # a look is no press
        assert client.get("/api/telling").json()["address"] is None
        assert elsewhere.post("/telling/confirm", data={"token": token}).status_code == 200
        assert elsewhere.post("/telling/confirm", data={"token": token}).status_code == 410
    assert client.get("/api/telling").json()["address"] == ADDRESS
    assert told(house) == 0  # what came before is not told afterwards
    house.telling.arrived("two")
    assert told(house) == 1
    assert room.next()["Subject"] == "Ada Marsh is here now"


def test_a_later_address_takes_the_place_only_when_it_is_confirmed(
    client: TestClient, house: Services, room: Mailroom, clock: Clock
) -> None:
    all_mail(client, house, room)
    client.post("/api/telling/address", json={"address": "other@example.org"})
    first = link_in(room.next()).partition("token=")[2]
    client.post("/api/telling/address", json={"address": "third@example.org"})
    second = link_in(room.next()).partition("token=")[2]
    assert client.post("/telling/confirm", data={"token": first}).status_code == 410
    assert client.get("/api/telling").json()["address"] == ADDRESS
    clock.ahead += DAY_SECONDS + 1
    with client_of(house) as later:
        assert later.post("/telling/confirm", data={"token": second}).status_code == 410


def test_no_address_lies_open_in_the_database(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    client.post("/api/telling/address", json={"address": "other@example.org"})
    room.next()
    answer_all(house)
    house.telling.arrived()
    house.telling.look()
    room.next()
    every = MetaData()
    every.reflect(house.database.owner)
    with house.database.records() as records:
        rows = [str(row) for table in every.tables.values() for row in records.execute(select(table))]
    assert len(rows) > 10
    assert not [row for row in rows if "example.org" in row]


def test_a_letter_never_holds_what_was_answered_or_asked(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    asked(client)
    answer_all(house)
    told(house)
    whole = room.next().as_string()
    for word in ("football", "Heronshaw", ANSWER, ANN.did, ANN.did[-12:]):
        assert word not in whole
    assert not re.search(r"<img|text/html|\?utm|open\.", whole)


@pytest.mark.parametrize("tier", [Tier.FOLLOWER, Tier.INNER])
def test_of_an_answer_above_her_nothing_is_told_until_it_is_hers(
    client: TestClient, house: Services, room: Mailroom, artist: Artist, clock: Clock, tier: Tier
) -> None:
    choose(client, "question_answered", mail=True)
    confirm(client, house, room)
    asked(client)
    answer_all(house, int(tier))
    assert told(house) == 0
    assert client.get("/api/telling").json()["lately"] == []
    artist.grant(ANN.did, tier)
    clock.ahead += HOUR
    assert told(house) == 1
    assert room.next()["Subject"] == "Ada Marsh has answered your question"


def test_only_who_asked_is_told(client: TestClient, house: Services, room: Mailroom) -> None:
    with client_of(house) as other:
        sign_in(other, BOB)
        choose(other, *Kind)
        confirm(other, house, room, "bob@example.org")
    all_mail(client, house, room)
    asked(client)
    answer_all(house)
    assert told(house) == 1
    assert room.next()["To"] == ADDRESS


def test_whoever_asked_before_she_signed_in_is_told_too(house: Services, room: Mailroom, artist: Artist) -> None:
    with client_of(house) as visitor:
        asked(visitor)
        sign_in(visitor, ANN)
        all_mail(visitor, house, room)
        answer_all(house)
        assert told(house) == 1


def test_two_answers_at_once_are_one_letter_with_two_links(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    idents = [asked(client), asked(client, "Do your knees hurt on stairs?")]
    answer_all(house)
    assert told(house) == 1
    letter = text_of(room.next())
    assert all(f"/answers/{ident}\n" in letter for ident in idents)


def test_a_digest_comes_once_a_day_with_everything_and_stops_all_that_it_holds(
    client: TestClient, house: Services, room: Mailroom, artist: Artist, clock: Clock
) -> None:
    choose(client, *Kind, mail=True, daily=True)
    confirm(client, house, room)
    if next_digest(clock()) - clock() < 300:
        clock.ahead += 300  # so that its hour does not strike meanwhile
    asked(client)
    answer_all(house)
    artist.grant(ANN.did, Tier.CIRCLE)
    assert told(house) == 0
    house.telling.arrived()
    assert told(house) == 1  # that she is here is no news tomorrow
    assert room.next()["Subject"] == "Ada Marsh is here now"
    clock.ahead += DAY_SECONDS
    assert told(house) == 1
    letter = room.next()
    assert letter["Subject"] == "2 news from Ada Marsh’s presence"
    assert "/answers/" in text_of(letter)
    assert "/tiers\n" in text_of(letter)
    with client_of(house) as mail_program:
        mail_program.post(stop_links(room)[0])
    choices = house.telling.choices.of(ANN.did)
    assert {kind for kind in choices if not choices[kind].mail} == {Kind.QUESTION_ANSWERED, Kind.LET_IN}


def test_the_day_of_a_digest_ends_at_its_hour() -> None:
    day = 1_800_000_000 - 1_800_000_000 % DAY_SECONDS
    at = day + DIGEST_HOUR * HOUR
    assert [next_digest(now) for now in (day, at - 1, at, at + 1)] == [at, at, at + DAY_SECONDS, at + DAY_SECONDS]


def test_what_is_said_twice_is_told_once(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    assert house.telling.tell(ANN.did, Kind.SHE_IS_HERE, "tonight") is True
    assert house.telling.tell(ANN.did, Kind.SHE_IS_HERE, "tonight") is False
    assert house.telling.arrived("later") == 1
    assert house.telling.arrived("later") == 0
    assert told(house) == 1
    assert house.telling.tell(ANN.did, Kind.SHE_IS_HERE, "tonight") is False
    assert told(house) == 0


def test_coming_in_again_within_the_hour_is_one_visit(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    assert sum(house.telling.arrived() for _ in range(5)) in (1, 2)  # the hour may strike in between


def test_being_let_in_is_told_and_a_renewal_is_not(
    client: TestClient, house: Services, room: Mailroom, artist: Artist, clock: Clock
) -> None:
    all_mail(client, house, room)
    artist.grant(BOB.did, Tier.CIRCLE)
    assert told(house) == 0
    artist.grant(ANN.did, Tier.FOLLOWER)
    assert told(house) == 1
    letter = room.next()
    assert letter["Subject"] == "More is open to you at Ada Marsh’s presence"
    assert "/tiers\n" in text_of(letter)
    artist.grant(ANN.did, Tier.FOLLOWER, seconds=2 * 365 * DAY_SECONDS)
    assert told(house) == 0
    artist.grant(ANN.did, Tier.CIRCLE)
    assert told(house) == 1
    artist.grant(ANN.did, Tier.FOLLOWER)  # in the place of the one before: less than it was
    assert told(house) == 0


def test_who_was_taken_back_and_is_let_in_anew_hears_of_it(
    client: TestClient, house: Services, room: Mailroom, artist: Artist
) -> None:
    all_mail(client, house, room)
    granted = artist.grant(ANN.did, Tier.FOLLOWER)
    assert told(house) == 1
    artist.revoke(granted.entry.event)
    assert told(house) == 0
    artist.grant(ANN.did, Tier.FOLLOWER)
    assert told(house) == 1


def test_who_chooses_to_hear_of_it_is_not_told_of_what_she_has(
    client: TestClient, house: Services, room: Mailroom, artist: Artist
) -> None:
    artist.grant(ANN.did, Tier.CIRCLE)
    all_mail(client, house, room)
    assert told(house) == 0


def test_what_ends_within_a_week_is_told_once_with_its_day(
    client: TestClient, house: Services, room: Mailroom, artist: Artist, clock: Clock
) -> None:
    artist.grant(ANN.did, Tier.CIRCLE, seconds=20 * DAY_SECONDS)
    choose(client, "tier_ends_soon", mail=True)
    confirm(client, house, room)
    assert told(house) == 0
    clock.ahead += 14 * DAY_SECONDS
    assert told(house) == 1
    assert re.fullmatch(
        r"What is open to you at Ada Marsh’s presence ends on \d{1,2} \w+ 20\d\d", room.next()["Subject"]
    )
    clock.ahead += DAY_SECONDS
    assert told(house) == 0
    artist.grant(ANN.did, Tier.CIRCLE)  # for a year
    clock.ahead += DAY_SECONDS
    assert told(house) == 0


def test_a_stopped_kind_is_not_sent_though_it_waited(client: TestClient, house: Services, room: Mailroom) -> None:
    all_mail(client, house, room)
    house.telling.arrived("one")
    choose(client, "she_is_here", mail=False)
    assert told(house) == 0
    choose(client, "she_is_here", mail=True)
    room.refuses = 1
    house.telling.arrived("two")
    told(house)
    assert room.arrived.acquire(timeout=30)  # and was turned away, so that it waits
    choose(client, "she_is_here", mail=False)
    with house.database.records() as records:
        assert records.execute(select(outbox)).all() == []


@pytest.mark.parametrize("change", ["ident", "named", "mark"])
def test_a_link_that_somebody_made_up_stops_nothing(
    client: TestClient, house: Services, room: Mailroom, change: str
) -> None:
    all_mail(client, house, room)
    house.telling.arrived()
    told(house)
    room.next()
    *_, ident, named, mark = stop_links(room)[0].split("/")
    made = {"ident": "a" * 12, "named": "all", "mark": "0" * 32}
    parts = {"ident": ident, "named": named, "mark": mark} | {change: made[change]}
    path = "/telling/stop/{ident}/{named}/{mark}".format(**parts)
    with client_of(house) as stranger:
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code == 404
    assert client.get("/api/telling").json()["choices"]["she_is_here"]["mail"] is True


def test_every_mail_has_a_link_for_its_kind_and_one_for_all(
    client: TestClient, house: Services, room: Mailroom
) -> None:
    choose(client, *Kind, mail=True, push=True)
    confirm(client, house, room)
    house.telling.arrived()
    told(house)
    room.next()
    program, kind, everything = stop_links(room)
    assert program == kind != everything
    with client_of(house) as elsewhere:
        page = elsewhere.post(everything, headers=HTML)
    assert "No more mails of every kind" in page.text
    choices = client.get("/api/telling").json()["choices"]
    assert {(choice["mail"], choice["push"]) for choice in choices.values()} == {(False, True)}


def test_who_leaves_leaves_nothing_and_old_links_still_say_that_it_is_stopped(
    client: TestClient, house: Services, room: Mailroom, artist: Artist
) -> None:
    all_mail(client, house, room)
    house.telling.arrived("one")
    told(house)
    room.next()
    link = stop_links(room)[0]
    house.telling.arrived("two")
    house.telling.forget(ANN.did)
    assert told(house) == 0
    with house.database.records() as records:
        left = [row for table in tables.metadata.tables.values() for row in records.execute(select(table))]
    assert left == []
    with client_of(house) as elsewhere:
        assert elsewhere.post(link).status_code == 200
    house.telling.forget(key("nobody").did)


def test_what_she_chose_goes_with_her_to_her_own_key(house: Services, room: Mailroom, artist: Artist) -> None:
    with client_of(house) as visitor:
        visitor.post("/sign-in", data={"email": ADDRESS})
        token = re.search(r"token=([\w-]+)", link_in(room.next()))
        assert token is not None
        assert visitor.post("/sign-in/link", data={"token": token[1]}).status_code == 200
        assert visitor.get("/api/me").json()["how"] == "mail"
        all_mail(visitor, house, room)
        ident = asked(visitor)
        house.telling.arrived()
        sign_in(visitor, ANN)
        told_now = visitor.get("/api/telling").json()
        assert (told_now["address"], told_now["choices"]["let_in"]["mail"]) == (ADDRESS, True)
        answer_all(house)
        assert told(house) == 2
        assert [room.next()["To"] for _ in range(2)] == [ADDRESS] * 2
        assert [one.link for one in house.telling.lately(ANN.did)] == [f"/answers/{ident}", "/"]


def test_a_digest_that_holds_what_is_true_no_more_leaves_it_out(
    client: TestClient, house: Services, room: Mailroom, artist: Artist, clock: Clock
) -> None:
    artist.grant(ANN.did, Tier.FOLLOWER, seconds=5 * DAY_SECONDS)
    choose(client, *Kind, mail=True, daily=True)
    confirm(client, house, room)
    assert told(house) == 0
    artist.grant(ANN.did, Tier.FOLLOWER)  # for a year, before the digest went out
    clock.ahead += DAY_SECONDS
    assert told(house) == 0
    assert len(room.letters) == 1


def test_by_a_key_that_the_node_holds_nobody_hears_of_what_it_does_not_open(
    house: Services, room: Mailroom, artist: Artist, clock: Clock
) -> None:
    with client_of(house) as visitor:
        visitor.post("/sign-in", data={"email": ADDRESS})
        token = re.search(r"token=([\w-]+)", link_in(room.next()))
        assert token is not None
        visitor.post("/sign-in/link", data={"token": token[1]})
        choose(visitor, "question_answered", mail=True)
        confirm(visitor, house, room)
        asked(visitor)
        artist.grant(visitor.get("/api/me").json()["did"], Tier.CIRCLE)
        answer_all(house, int(Tier.CIRCLE))
        assert told(house) == 0
        assert visitor.get("/api/telling").json()["lately"] == []


def test_while_the_log_of_trust_is_in_doubt_nothing_of_tiers_is_told(tmp_path: Path, room: Mailroom) -> None:
    home = tmp_path / "home"
    more: dict[str, Any] = {"smtp_url": SecretStr(room.url), "mail_from": USER}
    with open_node(home, **more) as node, client_of(node) as client:
        artist = Artist(node.trust)
        sign_in(client, ANN)
        artist.grant(ANN.did, Tier.FOLLOWER)
        choose(client, *Kind)
        confirm(client, node, room)
        asked(client)
        answer_all(node, int(Tier.FOLLOWER))
    (home / "keys" / "head.json").unlink()
    with open_node(home, **more) as node:
        assert node.trust.doubt is not None
        assert (node.telling.look(), node.telling.lately(ANN.did)) == (0, [])
        Artist(node.trust).vouch_for_head()
        assert node.trust.doubt is None
        assert [one.title for one in node.telling.lately(ANN.did)] == ["Ada Marsh has answered your question"]
        assert node.telling.look() == 0  # it is looked at again later, and nobody was let in by this
