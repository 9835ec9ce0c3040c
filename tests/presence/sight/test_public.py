"""The doctor from outside: a front that is set up wrongly is found, and what cannot be seen is not called well."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from presence.home import Home
from presence.keeping.noted import note_backup, note_failure
from presence.node_secret import node_secret
from presence.settings import BillingSettings, KeepingSettings, Settings
from presence.sight.checked import Checked, carried_out
from presence.sight.public import Reach, front, public_checks, trusting
from presence.sight.public.kept import backup_checks
from presence.sight.public.letters import mail_checks
from presence.sight.public.records import NotAsked
from presence.sight.public.through import SEEN, look_through, metrics_check, seen_checks, webhook_check
from presence.sight.public.time_kept import clock_check
from presence.sight.seen import WINDOW_SECONDS, is_word, word
from tests.fronts import ELSEWHERE, fronted
from tests.mailing import mailroom
from tests.ports import free_port
from tests.presence.web.paying import open_shop
from tests.rig.opened import opened_at
from tests.strict_stripe import StrictStripe


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Home]]:
    """A room that takes cards, as it is open on its own port."""
    folder = tmp_path_factory.mktemp("public")
    with StrictStripe() as stripe:
        billing = BillingSettings(
            stripe_key=SecretStr(stripe.api_key),
            stripe_url=stripe.base_address,
            stripe_webhook_secret=SecretStr("whsec_not_known_to_strangers"),
        )
        with open_shop(folder / "home", billing=billing, port=free_port()) as node, opened_at(node) as address:
            node_secret(node.home)
            yield address, node.home


@pytest.fixture
def stands(room: tuple[str, Home], tmp_path: Path) -> Callable[..., Any]:
    """Put a front before the room, set up so, and give how it is reached."""

    @contextmanager
    def standing(**set_up: Any) -> Iterator[Reach]:
        with fronted(tmp_path, room[0], **set_up) as one:
            yield Reach(one.url, trusting(one.trust), one.http_port, lambda _: ["127.0.0.1"])

    return standing


def states(found: Iterator[Checked]) -> list[tuple[str, str]]:
    return [(one.check, one.state) for one in found]


def cards(*, taken: bool = True) -> Settings:
    return Settings(billing=BillingSettings(stripe_key=SecretStr("sk_test_x") if taken else None))


def test_a_front_that_is_set_up_well_is_left_in_peace(room: tuple[str, Home], stands: Any) -> None:
    with stands() as reach:
        assert states(front.certificate_check(reach)) == [("certificate", "ok")]
        assert states(front.http_check(reach)) == [("http", "ok")]
        assert states(front.headers_check(reach)) == [("headers", "ok")]
        stream, requests = seen_checks(reach, word(node_secret(room[1])))
        assert (stream.state, requests.state) == ("ok", "ok")
        assert ELSEWHERE in requests.sentence
        assert states(webhook_check(reach, cards())) == [("webhook", "ok")]
        assert states(webhook_check(reach, cards(taken=False))) == [("webhook", "note")]
        assert states(metrics_check(reach)) == [("metrics", "ok")]
        assert states(clock_check(reach, lambda: True)) == [("clock", "ok")]


@pytest.mark.parametrize(
    ("set_up", "states_found"),
    [
        ({"keeps_back": True}, ["wrong", "ok"]),
        ({"passes_forged": True}, ["ok", "wrong"]),
        ({"tells_scheme": "http"}, ["ok", "wrong"]),
        ({"host": "localhost"}, ["ok", "wrong"]),
        ({"client": "127.0.0.1"}, ["ok", "unknown"]),
        ({"answers": {SEEN: 502}}, ["unknown", "unknown"]),
    ],
    ids=str,
)
def test_how_requests_and_answers_come_through_is_found(
    room: tuple[str, Home], stands: Any, set_up: dict[str, Any], states_found: list[str]
) -> None:
    with stands(**set_up) as reach:
        found = list(seen_checks(reach, word(node_secret(room[1]))))
    assert [one.check for one in found] == ["stream", "requests"]
    assert [one.state for one in found] == states_found
    assert all(one.do for one in found if one.state != "ok")


@pytest.mark.parametrize(
    ("set_up", "said"),
    [
        ({"drops": ("Content-Security-Policy",)}, "Content-Security-Policy is lost"),
        ({"adds": {"Strict-Transport-Security": "max-age=31536000", "X-Content-Type-Options": "nosniff"}}, "X-Content"),
        ({"adds": {}}, "not told to keep to https"),
        ({"adds": {"Strict-Transport-Security": "max-age=60"}}, "not told to keep to https"),
        ({"answers": {"/healthz": 502}}, "does not answer through the front (502)"),
    ],
    ids=str,
)
def test_headers_that_do_not_arrive_are_found(stands: Any, set_up: dict[str, Any], said: str) -> None:
    with stands(**set_up) as reach:
        (one,) = front.headers_check(reach)
    assert (one.state, said in one.sentence) == ("wrong", True)


@pytest.mark.parametrize("leads_to", [None, "http://localhost/", "https://elsewhere.example/"])
def test_http_that_does_not_lead_to_the_room_is_found(stands: Any, leads_to: str | None) -> None:
    with stands(leads_to=leads_to) as reach:
        assert states(front.http_check(reach)) == [("http", "wrong")]
        assert states(front.http_check(replace(reach, http_port=free_port()))) == [("http", "note")]
        assert states(front.http_check(replace(reach, http_port=80))) == [("http", "unknown")]


def test_a_certificate_that_browsers_refuse_is_found(stands: Any) -> None:
    with stands() as reach:
        assert states(front.certificate_check(replace(reach, trust=trusting(None)))) == [("certificate", "wrong")]
        plain = replace(reach, url=f"https://localhost:{reach.http_port}")
        assert states(front.certificate_check(plain)) == [("certificate", "wrong")]


@pytest.mark.parametrize(
    ("days", "of", "state"),
    [(60, 90, "ok"), (15, 90, "note"), (5, 90, "wrong"), (4, 6, "ok"), (1.5, 6, "wrong"), (300, 365, "ok")],
)
def test_a_certificate_that_was_not_renewed_is_found_in_time(days: float, of: float, state: str) -> None:
    def written(at: float) -> str:
        return time.strftime("%b %d %H:%M:%S %Y GMT", time.gmtime(at))

    ends = time.time() + days * front.DAY_SECONDS
    assert front.lasting(written(ends - of * front.DAY_SECONDS), written(ends), "TLSv1.3").state == state


@pytest.mark.parametrize(
    ("set_up", "state"),
    [
        ({"answers": {"/stripe/webhook": 200}}, "wrong"),
        ({"answers": {"/stripe/webhook": 404}}, "wrong"),
        ({"answers": {"/stripe/webhook": 308}}, "wrong"),
    ],
    ids=str,
)
def test_a_webhook_that_is_not_reached_or_takes_anything_is_found(
    stands: Any, set_up: dict[str, Any], state: str
) -> None:
    with stands(**set_up) as reach:
        assert states(webhook_check(reach, cards())) == [("webhook", state)]


@pytest.mark.parametrize(("status", "state"), [(200, "wrong"), (403, "unknown")])
def test_figures_that_are_open_are_found(stands: Any, status: int, state: str) -> None:
    with stands(answers={"/metrics": status}) as reach:
        assert states(metrics_check(reach)) == [("metrics", state)]


def test_what_the_room_sees_is_told_to_its_own_doctor_alone(room: tuple[str, Home], stands: Any) -> None:
    secret = node_secret(room[1])
    with stands() as reach:
        assert look_through(reach, word(b"another secret")) == 404
        assert look_through(reach, word(secret, time.time() - 3 * WINDOW_SECONDS)) == 404
        with reach.client() as client:
            assert client.get(SEEN).status_code == 404
            assert client.post(SEEN, headers={"Authorization": f"Bearer {word(secret)}"}).status_code == 404


def test_the_word_holds_for_a_few_minutes() -> None:
    said = word(b"secret", 10 * WINDOW_SECONDS)
    assert is_word(b"secret", said, 11 * WINDOW_SECONDS)
    assert not is_word(b"secret", said, 12 * WINDOW_SECONDS)
    assert not is_word(b"secret", said, 9 * WINDOW_SECONDS)


# The name, and the way past the front.


def test_a_name_that_leads_nowhere_or_nearby_only_is_found(stands: Any) -> None:
    def nowhere(_: str) -> list[str]:
        raise socket.gaierror(-2, "unknown")

    with stands() as reach:
        assert states(front.name_check(replace(reach, addresses_of=nowhere))) == [("domain", "wrong")]
        for nearby in ("127.0.0.1", "192.168.1.4", "fd00::1", "fe80::1%eth0"):
            at_home = replace(reach, addresses_of=lambda _, one=nearby: [one])
            assert states(front.name_check(at_home)) == [("domain", "wrong")]


def test_an_address_where_nothing_answers_is_found(stands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "_is_public", lambda _: True)  # of this machine, there is no other to try it with
    with stands() as reach:
        assert states(front.name_check(reach)) == [("domain", "ok")]
    assert states(front.name_check(reach)) == [("domain", "wrong")]


def test_a_room_that_is_open_past_the_front_is_found(
    room: tuple[str, Home], stands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(room[0].rpartition(":")[2])
    with stands() as reach:
        assert states(front.past_check(reach, port)) == [("past", "unknown")]
        monkeypatch.setattr(front, "_is_public", lambda _: True)
        assert states(front.past_check(reach, port)) == [("past", "wrong")]
        assert states(front.past_check(reach, free_port())) == [("past", "ok")]


@pytest.mark.parametrize("url", ["", "http://ada.example", "https://localhost:8443", "https://198.51.100.7"])
def test_an_address_that_is_none_is_found_before_anything_is_tried(tmp_path: Path, url: str) -> None:
    checks = public_checks(Settings(), Home(tmp_path), Reach(url, trusting(None)))
    found = [one for one in carried_out(checks) if one.check not in ("mail", "backup")]
    assert states(iter(found)) == [("domain", "wrong")]


@pytest.fixture
def names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no name be known, and nobody outside be asked for one."""
    known = socket.getaddrinfo

    def looked_up(host: Any, *more: Any, **named: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return known(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.mark.usefixtures("names_nobody")
def test_what_is_not_reached_is_unknown_and_not_well(tmp_path: Path) -> None:
    Home(tmp_path).prepare()
    node_secret(Home(tmp_path))
    reach = Reach(f"https://nobody.invalid:{free_port()}", trusting(None), addresses_of=lambda _: [])
    settings = Settings(billing=BillingSettings(stripe_key=SecretStr("sk_test_x")))
    found = [one for one in carried_out(public_checks(settings, Home(tmp_path), reach)) if one.check != "backup"]
    assert {one.check for one in found} >= {"certificate", "http", "headers", "stream", "past", "webhook", "metrics"}
    assert {one.state for one in found if one.check != "mail"} == {"unknown"}


# Clock, mail, backups.


def test_a_clock_that_nobody_keeps_is_not_called_well(stands: Any) -> None:
    with stands() as reach:
        assert states(clock_check(reach, lambda: None)) == [("clock", "unknown")]
        assert states(clock_check(reach, lambda: False)) == [("clock", "unknown")]
    with stands(adds={"Date": "Mon, 01 Jan 2035 00:00:00 GMT"}, drops=("Date",)) as reach:
        assert states(clock_check(reach, lambda: True)) == [("clock", "wrong")]


GOOD = {"example.org": ["v=spf1 include:mail.example.net -all"], "_dmarc.example.org": ["v=DMARC1; p=none"]}


@pytest.mark.parametrize(
    ("records", "found"),
    [
        (GOOD, ["ok", "ok"]),
        ({}, ["wrong", "wrong"]),
        (GOOD | {"example.org": ["v=spf1 +all"]}, ["wrong", "ok"]),
        (GOOD | {"example.org": ["v=spf1 -all", "v=spf1 ~all"]}, ["wrong", "ok"]),
        (GOOD | {"example.org": ["v=spf10 -all"]}, ["wrong", "ok"]),
        (None, ["unknown", "unknown"]),
    ],
)
def test_what_the_senders_domain_says_is_read(records: dict[str, list[str]] | None, found: list[str]) -> None:
    def asked(name: str) -> list[str]:
        if records is None:
            raise NotAsked("no resolver")
        return records.get(name, [])

    with mailroom() as post:
        told = list(mail_checks(Settings(smtp_url=SecretStr(post.url)), asked))
    assert [one.state for one in told if one.check == "mail"] == ["ok", "ok"]
    assert [one.state for one in told if one.check == "sender"] == found


@pytest.mark.usefixtures("names_nobody")
def test_mail_that_goes_unsealed_or_is_not_taken_is_found() -> None:
    settings = Settings(smtp_url=SecretStr("smtp://mail.invalid"), mail_from="ada@example.org")
    assert [one.state for one in mail_checks(settings, lambda _: [])][:2] == ["wrong", "wrong"]
    assert states(mail_checks(Settings())) == [("mail", "note")]


def test_backups_are_well_only_where_they_are_made_and_can_be_read(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), tmp_path / "one.presence-backup"
    home.prepare()
    file.write_bytes(b"sealed")
    planned = Settings(keeping=KeepingSettings(every_hours=24, passphrase=SecretStr("twelve or more of them")))

    def found(settings: Settings = planned) -> list[str]:
        return [one.state for one in backup_checks(settings, home)]

    assert found(Settings()) == ["wrong", "wrong"]
    note_backup(home, file, 6, time.time())
    assert found() == ["ok", "ok", "note"]
    file.write_bytes(b"cut")
    assert found() == ["ok", "ok", "wrong"]
    file.unlink()
    assert found() == ["ok", "ok", "unknown"]
    note_failure(home, "the disk is full")
    assert found() == ["ok", "wrong", "ok", "unknown"]
    note_backup(home, file, 6, time.time() - 3 * front.DAY_SECONDS)
    assert found() == ["ok", "wrong", "unknown"]
    home.backed_up.write_bytes(b"")
    assert found() == ["ok", "ok", "unknown"]
