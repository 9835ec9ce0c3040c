"""Keys and tiers at a terminal, beside a running node and without one."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.processes import command, serving, told
from tests.trusting import key
from trustgraph import key_files

ANN, BOB = key("ann"), key("bob")
PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    done = command(tmp_path / "home", "init", "--name", "Ada", **PHRASE)
    assert done.returncode == 0, done.stderr
    (tmp_path / "ann.code").write_text(key_files.recovery_code(ANN))
    (tmp_path / "next.code").write_text(re.findall(r"(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}", done.stdout)[0])
    return tmp_path / "home"


def tell(home: Path, *arguments: str) -> list[dict[str, Any]]:
    done = command(home, *arguments, "--json", **PHRASE)
    assert done.returncode == 0, done.stderr
    return told(done)


def tiers(home: Path) -> dict[str, str]:
    return {one["did"]: one["tier"] for one in tell(home, "tier", "list")}


def test_what_init_makes_opens_with_a_phrase_that_it_says_once(tmp_path: Path) -> None:
    done = command(tmp_path / "home", "init")
    phrase = re.findall(r"passphrase of your key:  (\S+)", done.stdout)[0]
    assert key_files.read_sealed(tmp_path / "home" / "keys" / "artist.json", phrase)
    for role in ("presence", "till", "door"):
        assert (tmp_path / "home" / "keys" / f"{role}.json").stat().st_mode & 0o777 == 0o600
    again = command(tmp_path / "home", "keys", "new")
    assert again.returncode == 1
    assert "never written over" in again.stderr


def test_let_in_introduce_take_back_beside_a_running_node(home: Path, tmp_path: Path) -> None:
    with serving(home) as node:
        tell(home, "tier", "grant", ANN.did, "--tier", "circle", "--introduces", "2")
        code = str(tmp_path / "ann.code")
        tell(home, "tier", "vouch", BOB.did, "--code-file", code, "--at", node.address)
        assert tiers(home) == {ANN.did: "circle", BOB.did: "follower"}
        (ann,) = [one for one in tell(home, "tier", "list") if one["did"] == ANN.did]
        tell(home, "tier", "revoke", ann["grant"], "--reason", "it was a mistake")
        assert tiers(home) == {ANN.did: "public", BOB.did: "public"}


def test_a_log_moves_to_another_machine_with_its_tiers(home: Path, tmp_path: Path) -> None:
    tell(home, "tier", "grant", ANN.did, "--tier", "supporter", "--introduces", "2")
    tell(home, "tier", "vouch", BOB.did, "--code-file", str(tmp_path / "ann.code"))
    tell(home, "tier", "export", str(tmp_path / "log.ndjson"))
    (verified,) = tell(tmp_path / "nowhere", "tier", "verify", str(tmp_path / "log.ndjson"))
    assert {one["did"]: one["tier"] for one in verified["people"]} == tiers(home)
    tell(tmp_path / "fresh", "tier", "import", str(tmp_path / "log.ndjson"))
    assert tiers(tmp_path / "fresh") == tiers(home)
    lines = (tmp_path / "log.ndjson").read_text().splitlines()
    (tmp_path / "cut.ndjson").write_text("\n".join([*lines[:3], *lines[4:]]))
    refused = command(tmp_path / "nowhere", "tier", "verify", str(tmp_path / "cut.ndjson"))
    assert refused.returncode == 1
    assert "Line 4" in refused.stderr


def test_the_next_key_takes_the_place_of_a_stolen_one(home: Path, tmp_path: Path) -> None:
    tell(home, "tier", "grant", ANN.did, "--tier", "circle")
    (state, *_) = tell(home, "keys", "show")
    tell(home, "tier", "grant", BOB.did, "--tier", "inner")
    rotated = command(
        home,
        "keys",
        "rotate",
        "--after-theft",
        str(state["seq"] + 1),
        "--next-code-file",
        str(tmp_path / "next.code"),
        **PHRASE,
    )
    assert rotated.returncode == 0, rotated.stderr
    assert tiers(home) == {ANN.did: "circle", BOB.did: "public"}
    tell(home, "tier", "grant", BOB.did, "--tier", "follower")
    assert tiers(home)[BOB.did] == "follower"


def test_her_client_signs_nothing_for_a_log_that_was_set_back(home: Path) -> None:
    tell(home, "tier", "grant", ANN.did, "--tier", "circle")
    kept = {name: (home / name).read_bytes() for name in ("presence.db", "keys/head.json")}
    (ann,) = tell(home, "tier", "list")
    tell(home, "tier", "revoke", ann["grant"])
    for name, data in kept.items():  # the whole machine, its own note of the head too
        (home / name).write_bytes(data)
    assert tiers(home)[ANN.did] == "circle"  # the node cannot know
    refused = command(home, "tier", "grant", BOB.did, "--tier", "inner", **PHRASE)
    assert refused.returncode == 1
    assert "set back" in refused.stderr
    assert command(home, "keys", "sign-head", **PHRASE).returncode == 0
    tell(home, "tier", "grant", BOB.did, "--tier", "follower")


def test_a_wrong_passphrase_signs_nothing(home: Path) -> None:
    done = command(home, "tier", "grant", ANN.did, "--tier", "circle", PRESENCE_TRUST__PASSPHRASE="another")
    assert done.returncode == 1
    assert "passphrase" in done.stderr
    missing = command(home, "tier", "grant", ANN.did, "--tier", "circle")
    assert "PRESENCE_TRUST__PASSPHRASE_FILE" in missing.stderr


def test_the_doctor_tells_of_a_log_in_doubt(home: Path) -> None:
    assert command(home, "doctor").returncode == 0
    (home / "keys" / "head.json").unlink()
    done = command(home, "doctor")
    assert done.returncode == 1
    assert "head.json" in done.stdout
    assert command(home, "keys", "sign-head", **PHRASE).returncode == 0
    assert command(home, "doctor").returncode == 0
