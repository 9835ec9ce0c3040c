"""Pushes to browsers, through a strict push service that opens what it gets."""

import json

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from presence.bootstrap import Services
from presence.errors import BrowserWrong, PushUndelivered
from presence.telling import tables
from presence.telling.browsers import BROWSERS_MAX
from presence.telling.kinds import Kind
from presence.telling.push_door import PushDoor
from presence.telling.vapid import Vapid, unb64
from presence.telling.waiting import FIRST_WAIT_SECONDS
from tests.mailing import Mailroom
from tests.nodes import client_of
from tests.presence.telling.people import ANN, BOB, Clock, answer_all, asked, choose, confirm, subscribed
from tests.push_service import PushService, b64
from tests.trusting import sign_in
from trustgraph.sealing import Seal


def pushed(house: Services) -> int:
    """Look, and give how many pushes were taken."""
    house.telling.look()
    return house.telling.pushes.send_due()


def kept(house: Services) -> int:
    with house.database.records() as records:
        return len(records.execute(select(tables.browsers)).all())


def test_a_push_has_a_title_and_a_link_and_nothing_else(
    client: TestClient, house: Services, service: PushService
) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    ident = asked(client)
    answer_all(house)
    assert pushed(house) == 1
    title = "Ada Marsh has answered your question"
    assert browser.opened == [{"title": title, "link": f"/answers/{ident}"}]
    assert service.faults == []
    assert browser.heads[0]["urgency"] == "normal"
    assert 20 * 3600 < int(browser.heads[0]["ttl"]) <= 24 * 3600
    assert not [name for name in ("cookie", "referer") if name in browser.heads[0]]
    assert pushed(house) == 0


def test_that_she_is_here_is_urgent_and_short_lived(client: TestClient, house: Services, service: PushService) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    house.telling.arrived()
    assert pushed(house) == 1
    assert browser.heads[0]["urgency"] == "high"
    assert int(browser.heads[0]["ttl"]) <= 3600


def test_every_kind_of_push_looks_the_same_from_outside(
    client: TestClient, house: Services, service: PushService
) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    asked(client)
    answer_all(house)
    house.telling.arrived()
    assert pushed(house) == 2
    assert len({len(body) for body in browser.bodies}) == 1


def test_all_of_her_browsers_are_told_and_nobody_elses(
    client: TestClient, house: Services, service: PushService
) -> None:
    choose(client, *Kind, push=True)
    browsers = [subscribed(client, service) for _ in range(2)]
    with client_of(house) as other:
        sign_in(other, BOB)
        choose(other, *Kind, push=True)
        hers = subscribed(other, service)
    asked(client)
    answer_all(house)
    assert pushed(house) == 2
    assert [len(browser.opened) for browser in browsers] == [1, 1]
    assert hers.opened == []


def test_both_is_one_mail_and_one_push(
    client: TestClient, house: Services, service: PushService, room: Mailroom
) -> None:
    choose(client, "she_is_here", mail=True, push=True)
    confirm(client, house, room)
    browser = subscribed(client, service)
    house.telling.arrived()
    assert pushed(house) == 1
    assert room.next()["Subject"] == browser.opened[0]["title"] == "Ada Marsh is here now"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_no_more_is_forgotten(
    client: TestClient, house: Services, service: PushService, status: int
) -> None:
    choose(client, *Kind, push=True)
    subscribed(client, service)
    service.says = [(status, {})]
    house.telling.arrived("one")
    pushed(house)
    assert kept(house) == 0
    house.telling.arrived("two")
    assert pushed(house) == 0
    assert service.asked == 1


def test_a_push_service_that_is_busy_is_asked_again_when_it_says(
    client: TestClient, house: Services, service: PushService, clock: Clock
) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    service.says = [(503, {}), (429, {"retry-after": "600"})]
    asked(client)
    answer_all(house)
    assert pushed(house) == 0
    clock.ahead += FIRST_WAIT_SECONDS
    assert pushed(house) == 0
    clock.ahead += 500
    assert (pushed(house), service.asked) == (0, 2)
    clock.ahead += 100
    assert pushed(house) == 1
    assert len(browser.opened) == 1


def test_what_is_turned_off_is_not_pushed_though_it_waited(
    client: TestClient, house: Services, service: PushService
) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    house.telling.arrived()
    house.telling.look()
    done = client.request("DELETE", "/api/telling/browsers", json={"endpoint": browser.endpoint})
    assert done.status_code == 204
    house.telling.pushes.send_due()
    assert (service.asked, kept(house)) == (0, 0)


def test_a_browser_belongs_to_who_turned_it_on_last(client: TestClient, house: Services, service: PushService) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    with client_of(house) as other:
        sign_in(other, BOB)
        assert other.post("/api/telling/browsers", json=browser.subscription).json() == {"browsers": 1}
    assert client.get("/api/telling").json()["browsers"] == 0
    house.telling.arrived()
    assert pushed(house) == 0


def test_nobody_turns_off_the_browser_of_another(client: TestClient, house: Services, service: PushService) -> None:
    browser = subscribed(client, service)
    with client_of(house) as other:
        sign_in(other, BOB)
        other.request("DELETE", "/api/telling/browsers", json={"endpoint": browser.endpoint})
    assert kept(house) == 1


def test_the_eleventh_browser_takes_the_place_of_the_oldest(
    client: TestClient, house: Services, service: PushService, clock: Clock
) -> None:
    choose(client, *Kind, push=True)
    browsers = []
    for _ in range(BROWSERS_MAX + 1):
        clock.ahead += 1
        browsers.append(subscribed(client, service))
    house.telling.arrived()
    assert pushed(house) == BROWSERS_MAX
    assert [len(browser.opened) for browser in browsers] == [0] + [1] * BROWSERS_MAX


def test_where_a_browser_is_reached_lies_sealed(client: TestClient, house: Services, service: PushService) -> None:
    choose(client, *Kind, push=True)
    browser = subscribed(client, service)
    house.telling.arrived()
    house.telling.look()
    with house.database.records() as records:
        rows = [str(row) for table in (tables.browsers, tables.pushes) for row in records.execute(select(table))]
    assert len(rows) == 2
    secret = [browser.endpoint, browser.endpoint[-16:], b64(browser.auth), b64(browser.point), "is here now"]
    assert not [word for word in secret for row in rows if word in row]


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example:1/x"},
        {"endpoint": "https://user@push.example/x"},
        {"endpoint": "https://push.example:22/x"},
        {"endpoint": "ftp://push.example/x"},
        {"endpoint": "/x"},
        {"endpoint": ""},
        {"keys": {"p256dh": b64(b"\4" + b"\1" * 64), "auth": b64(b"a" * 16)}},
        {"keys": {"p256dh": "!", "auth": b64(b"a" * 16)}},
        {"keys": {"p256dh": "ä" * 87, "auth": b64(b"a" * 16)}},
    ],
)
def test_a_subscription_that_cannot_be_is_refused(
    client: TestClient, house: Services, service: PushService, change: dict[str, object]
) -> None:
    whole = service.subscribe("").subscription
    refused = client.post("/api/telling/browsers", json=whole | change)
    assert refused.status_code == 422
    assert kept(house) == 0


def test_a_secret_of_another_length_is_refused(client: TestClient, service: PushService) -> None:
    whole = service.subscribe("").subscription
    whole["keys"]["auth"] = b64(b"a" * 15)
    assert client.post("/api/telling/browsers", json=whole).status_code == 422


INSIDE = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
          "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1%eth0"]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_push_goes_into_a_private_network(address: str) -> None:
    door = PushDoor(lambda _host, _port: ["93.184.216.34", address])
    with pytest.raises(BrowserWrong):
        door.checked("https://push.example/x")
    with pytest.raises(BrowserWrong):
        door.post("https://push.example/x", {}, b"")


def test_a_name_that_points_elsewhere_the_second_time_is_refused_then(
    client: TestClient, house: Services, service: PushService
) -> None:
    choose(client, *Kind, push=True)
    subscribed(client, service)
    house.telling.door.networks = ()
    house.telling.arrived()
    assert pushed(house) == 1  # settled: nothing was sent, and the browser is forgotten
    assert (service.asked, kept(house)) == (0, 0)


def test_a_push_service_whose_certificate_nobody_knows_gets_nothing(
    client: TestClient, house: Services, service: PushService
) -> None:
    choose(client, *Kind, push=True)
    subscribed(client, service)
    house.telling.door.trusted = True
    house.telling.arrived()
    assert pushed(house) == 0
    assert service.asked == 0


def test_a_name_that_is_not_to_be_found_is_tried_later() -> None:
    def lost(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(PushUndelivered):
        PushDoor(lost).post("https://push.example/x", {}, b"")


def test_the_key_stays_the_same_and_is_another_for_another_secret() -> None:
    one, again, other = (Vapid(Seal(lambda s=secret: s * 32), "https://a.example") for secret in (b"a", b"a", b"b"))  # type: ignore[misc]
    assert one.public() == again.public() != other.public()
    assert len(unb64(one.public())) == 65


def test_a_push_service_is_told_who_sends_and_nothing_of_the_browser() -> None:
    vapid = Vapid(Seal(lambda: b"s" * 32), "mailto:ada@example.org", lambda: 1_800_000_000.0)
    told = vapid.authorization("https://push.example/secret-path").split(".")[1]
    assert json.loads(unb64(told)) == {
        "aud": "https://push.example",
        "exp": 1_800_000_000 + 12 * 3600,
        "sub": "mailto:ada@example.org",
    }


def test_a_program_key_does_not_say_where_its_owner_is_told(client: TestClient, house: Services) -> None:
    made = client.post("/api/keys", json={"label": "player", "days": 1}).json()
    with client_of(house) as program:
        program.headers["Authorization"] = f"Bearer {made['secret']}"
        assert program.get("/api/telling").status_code == 401
        assert program.put("/api/telling/choices", json={}).status_code == 401
    assert house.telling.browsers.count(ANN.did) == 0
