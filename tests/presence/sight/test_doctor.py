"""The doctor: what is wrong is found, with what to do about it; what is well is left in peace."""

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from knowledge.memory import MemoryIndex
from presence.bootstrap import Services
from presence.home import Home
from presence.settings import BillingSettings, Settings
from presence.sight import outside
from presence.sight.checked import Checked, carried_out
from presence.sight.doctor import doctor
from presence.sight.outside import outside_checks
from tests.mailing import mailroom
from tests.nodes import client_of, open_node, take_in
from tests.presence.web.paying import ANN, give, open_shop
from tests.strict_stripe import StrictStripe
from tests.trusting import Artist, key, sign_in
from trustgraph import key_files

INSIDE = {"database", "indexes", "writer", "trust", "keys", "ledger", "receipts", "mail", "clock", "voice"}


def looked_at(services: Services) -> tuple[int, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    code = doctor(services, {}, told.append)
    return code, told


def wrong(services: Services) -> list[tuple[str, str]]:
    """What is wrong, and the exit code and the count that go with it."""
    code, told = looked_at(services)
    found = [(one["check"], one["sentence"]) for one in told if one["event"] == "finding"]
    assert code == (1 if found else 0)
    assert told[-1]["findings"] == len(found)
    return found


def write(services: Services, statement: str) -> None:
    services.lane.run(lambda owner: owner.execute(text(statement)))


def test_a_node_that_is_well_is_told_so_check_by_check(tmp_path: Path, database_url: str | None) -> None:
    with open_shop(tmp_path / "home", roles=("presence", "till", "door"), database_url=database_url) as node:
        give(node, ANN, 100)
        code, told = looked_at(node)
        assert code == 0
        assert {one["check"] for one in told[:-1]} == INSIDE
        assert {one["check"] for one in told[:-1] if one["state"] == "note"} == {"mail"}
        assert told[-1]["event"] == "checked"
        for one in told[:-1]:
            assert one["sentence"]
            assert "do" in one or one["state"] == "ok"


@pytest.mark.parametrize(
    ("statement", "check", "says"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "database", "of revision 0001"),
        ("UPDATE wallets SET posted = posted + 1", "ledger", ""),
        ("UPDATE holds SET captured = captured - 1 WHERE captured > 0", "ledger", ""),
        ("UPDATE questions SET created_at = created_at + 7200", "clock", "is over already"),
    ],
    ids=["revision", "wallet", "capture", "clock"],
)
def test_what_does_not_agree_is_found(
    tmp_path: Path, database_url: str | None, statement: str, check: str, says: str
) -> None:
    with open_shop(tmp_path / "home", database_url=database_url) as node, client_of(node) as client:
        give(node, ANN, 100)
        sign_in(client, ANN)
        opened = client.post("/api/questions", json={"question": "Where is Leeds?", "max_price_micros": 10**6}).json()
        client.get(opened["events"])
        assert wrong(node) == []
        write(node, statement)
        found = wrong(node)
        assert {name for name, _ in found} == {check}
        assert says in found[0][1]


def test_a_row_that_was_torn_off_is_found(told_node: Services) -> None:
    with sqlite3.connect(told_node.home.database) as beside:  # foreign keys are not held there
        beside.execute("INSERT INTO answer_events VALUES ('nothing', 1, 'sentence', '{}', 0)")
    assert [name for name, _ in wrong(told_node)] == ["database"]


def test_a_log_of_trust_in_doubt_is_found_and_nothing_is_said_of_rights_then(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_shop(home):
        pass
    (home / "keys" / "head.json").unlink()
    with open_node(home) as node:
        code, told = looked_at(node)
        assert code == 1
        assert [one["check"] for one in told if one["event"] == "finding"] == ["trust"]
        assert "keys" not in {one.get("check") for one in told}


@pytest.mark.parametrize("role", ["presence", "till", "door"])
def test_a_key_without_its_right_is_found_with_what_does_not_happen(tmp_path: Path, role: str) -> None:
    home = tmp_path / "home"
    (home / "keys").mkdir(mode=0o700, parents=True)
    key_files.write_bare(home / "keys" / f"{role}.json", key(role))
    with open_node(home) as node:
        artist = Artist(node.trust)
        ((name, sentence),) = wrong(node)
        assert name == "keys"
        assert f"The key for {role} has no right any more" in sentence
        artist.delegate(role)
        assert wrong(node) == []


def test_a_right_that_ends_soon_is_a_note(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as node:
        ahead = node.trust.now() + 2 * 365 * 24 * 3600 - 10 * 24 * 3600
        node.trust.now = lambda: ahead
        _, told = looked_at(node)
        (right,) = [one for one in told if one.get("check") == "keys" and "key for presence" in one["sentence"]]
        assert (right["state"], right["do"]) == ("note", "presence keys renew")
        assert "ends in" in right["sentence"]


@pytest.mark.parametrize(("password", "found"), [(None, []), ("wrong", ["mail"])])
def test_the_mail_server_is_greeted(tmp_path: Path, password: str | None, found: list[str]) -> None:
    with mailroom() as room:
        url = room.url if password is None else room.url.replace("a%20p%40ss%2Fword", password)
        with open_node(tmp_path / "home", smtp_url=SecretStr(url)) as node:
            seen = wrong(node)
            assert [name for name, _ in seen] == found
            assert not any("ada" in sentence or "wrong" in sentence for _, sentence in seen)
        assert {name for name, _ in room.signed_in} == {b"ada@example.org"}
        assert room.letters == []


def test_a_mail_server_that_is_away_is_found(tmp_path: Path) -> None:
    url = SecretStr("smtp://ada@127.0.0.1:9")
    with open_node(tmp_path / "home", smtp_url=url, mail_from="ada@example.org") as node:
        ((name, sentence),) = wrong(node)
        assert name == "mail"
        assert "127.0.0.1" in sentence


@pytest.fixture
def stripe() -> Iterator[StrictStripe]:
    with StrictStripe() as running:
        yield running


def with_cards(tmp_path: Path, **billing: Any) -> Any:
    return open_shop(tmp_path / "home", billing=BillingSettings(**billing))


def test_the_processor_is_asked_with_our_key(tmp_path: Path, stripe: StrictStripe) -> None:
    secret = SecretStr(stripe.webhook_secret)
    good: dict[str, Any] = {"stripe_url": stripe.base_address, "stripe_webhook_secret": secret}
    with with_cards(tmp_path, stripe_key=SecretStr(stripe.api_key), **good) as node:
        code, told = looked_at(node)
        assert code == 0
        assert "Stripe answers, with test money." in [one.get("sentence") for one in told]
    with with_cards(tmp_path / "other", stripe_key=SecretStr("sk_test_of_somebody_else"), **good) as node:
        ((name, sentence),) = wrong(node)
        assert name == "cards"
        assert "somebody_else" not in sentence


def test_cards_without_the_secret_of_their_messages_are_found(tmp_path: Path, stripe: StrictStripe) -> None:
    with with_cards(tmp_path, stripe_key=SecretStr(stripe.api_key), stripe_url=stripe.base_address) as node:
        ((name, sentence),) = wrong(node)
        assert (name, "their secret is not set" in sentence) == ("cards", True)


def test_a_report_that_waits_is_a_note(told_node: Services) -> None:
    with client_of(told_node) as client:
        opened = client.post("/api/questions", json={"question": "Where did you write Pilot Ladder?"}).json()
        client.get(opened["events"])
        client.post(f"/api/questions/{opened['id']}/report", json={})
    code, told = looked_at(told_node)
    assert code == 0
    assert "1 reported answer waits." in [one.get("sentence") for one in told]


def test_a_check_that_fails_is_a_finding_and_stops_no_other(told_node: Services) -> None:
    def fails() -> Iterator[Checked]:
        yield Checked("first", "ok", "well")
        raise ZeroDivisionError("xylophonecanary")

    def works() -> Iterator[Checked]:
        yield Checked("second", "ok", "well")

    told = list(carried_out({"first": fails, "second": works}))
    assert [(one.check, one.state) for one in told] == [("first", "ok"), ("first", "wrong"), ("second", "ok")]
    assert "xylophonecanary" not in told[1].sentence


# What is seen from outside.


def seen(folder: Path, **settings: Any) -> dict[str, list[Checked]]:
    found: dict[str, list[Checked]] = {}
    for one in carried_out(outside_checks(Settings(home=folder, **settings), Home(folder))):
        found.setdefault(one.check, []).append(one)
    return found


def states(folder: Path, **settings: Any) -> dict[str, str]:
    return {name: ",".join(one.state for one in found) for name, found in seen(folder, **settings).items()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Home(tmp_path / "home").prepare()
    (tmp_path / "home" / "keys").mkdir(mode=0o700)
    return tmp_path / "home"


def test_a_home_that_is_well_is_left_in_peace(home: Path) -> None:
    (home / "backed-up").touch()
    assert set(states(home).values()) == {"ok"}


def test_no_home_is_found_and_none_is_made(tmp_path: Path) -> None:
    assert states(tmp_path / "nowhere")["home"] == "wrong"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "mode", "found"),
    [
        (".", 0o755, "chmod 700"),
        ("keys", 0o750, "chmod 700"),
        ("keys/door.json", 0o644, "chmod 600"),
        ("keys/artist.json", 0o604, "chmod 600"),
        ("keys/node.secret", 0o640, "chmod 600"),
    ],
)
def test_what_others_can_read_is_found_with_what_to_say(home: Path, name: str, mode: int, found: str) -> None:
    path = home / name
    if not path.exists():
        path.touch(mode=0o600)
    assert states(home)["permissions"] == "ok"
    path.chmod(mode)
    (one,) = seen(home)["permissions"]
    assert (one.state, one.do) == ("wrong", f"{found} {path}")


def test_settings_in_a_home_that_is_shut_are_not_open_to_others(home: Path) -> None:
    (home / "presence.toml").touch(mode=0o644)
    assert states(home)["permissions"] == "ok"
    home.chmod(0o711)
    assert [one.state for one in seen(home)["permissions"]] == ["wrong", "wrong"]


def test_a_disk_that_is_nearly_full_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "FREE_BYTES_ENOUGH", 10**18)
    assert states(home)["disk"] == "note"
    monkeypatch.setattr(outside, "FREE_BYTES_MIN", 10**18)
    assert states(home)["disk"] == "wrong"


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ({}, "ok"),
        ({"host": "0.0.0.0"}, "note"),
        ({"public_url": "https://ada.example", "allowed_hosts": ["ada.example"]}, "ok"),
        ({"public_url": "https://room.ada.example", "allowed_hosts": ["*.ada.example"]}, "ok"),
        ({"public_url": "https://ada.example"}, "wrong"),
        ({"public_url": "http://ada.example", "allowed_hosts": ["ada.example"]}, "wrong"),
        ({"public_url": "http://ada.example"}, "wrong,wrong"),
        ({"public_url": "http://localhost:8765"}, "ok"),
    ],
)
def test_an_address_at_which_nobody_could_come_in_is_found(home: Path, settings: dict[str, Any], state: str) -> None:
    assert states(home, **settings)["addresses"] == state


def test_an_old_backup_is_a_note(home: Path) -> None:
    assert states(home)["backup"] == "note"
    (home / "backed-up").touch()
    assert states(home)["backup"] == "ok"
    then = time.time() - 30 * 24 * 3600
    os.utime(home / "backed-up", (then, then))
    (one,) = seen(home)["backup"]
    assert (one.state, one.sentence) == ("note", "The last backup is 30 days old.")


def test_passages_that_an_index_lost_are_found(tmp_path: Path, material: Path) -> None:
    index = MemoryIndex()
    with open_node(tmp_path / "home", index=index) as node:
        take_in(node, material, tier=None)
        assert wrong(node) == []
        (name,) = index.spaces()
        index.space(name).delete(0, list(index.space(name).ids(0)))
        assert {name for name, _ in wrong(node)} == {"indexes"}
