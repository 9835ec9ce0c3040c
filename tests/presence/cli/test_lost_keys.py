"""A key that was lost, or whose passphrase was forgotten, is mended by what is on paper."""

import re
from pathlib import Path

import pytest

from tests.moved_clock import MovedClock
from tests.processes import command, told
from tests.trusting import key
from trustgraph import key_files

pytestmark = pytest.mark.slow

ANN, FRIEND, OTHER = key("ann"), key("friend"), key("other")
PHRASE, FRESH = ({"PRESENCE_TRUST__PASSPHRASE": words} for words in ("the phrase of before", "a phrase that is new"))
CODES = re.compile(r"(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}")
DAY = 86_400


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = command(tmp_path / "home", "init", "--recovery", FRIEND.did, "--recovery", OTHER.did, **PHRASE)
    assert made.returncode == 0, made.stderr
    (tmp_path / "next.code").write_text(CODES.findall(made.stdout)[0])
    for name, one in (("friend", FRIEND), ("other", OTHER)):
        (tmp_path / f"{name}.code").write_text(key_files.recovery_code(one))
    return tmp_path / "home"


def lets_in(home: Path, **environment: str) -> bool:
    """Whether her key signs here; says what refused otherwise."""
    done = command(home, "tier", "grant", ANN.did, "--tier", "circle", **environment)
    return done.returncode == 0


def test_a_forgotten_passphrase_is_mended_by_the_next_key(home: Path, tmp_path: Path) -> None:
    assert not lets_in(home, **FRESH)
    done = command(home, "keys", "rotate", "--next-code-file", str(tmp_path / "next.code"), **FRESH)
    assert done.returncode == 0, done.stderr
    assert lets_in(home, **FRESH)


def test_a_lost_file_is_mended_by_the_next_key(home: Path, tmp_path: Path) -> None:
    (home / "keys" / "artist.json").unlink()
    done = command(home, "keys", "rotate", "--next-code-file", str(tmp_path / "next.code"), **FRESH)
    assert done.returncode == 0, done.stderr
    assert lets_in(home, **FRESH)
    (home / "keys" / "artist.json").unlink()
    again = command(home, "keys", "from-code", "--code-file", str(tmp_path / "next.code"), **PHRASE)
    assert again.returncode == 0, again.stderr
    assert lets_in(home, **PHRASE)


def test_two_friends_bring_a_new_key_when_all_else_is_lost(home: Path, tmp_path: Path) -> None:
    assert lets_in(home, **PHRASE)
    (home / "keys" / "artist.json").unlink()
    clock = MovedClock(tmp_path / "clock")
    first = command(home, "keys", "recover", "--code-file", str(tmp_path / "friend.code"), **clock.environment)
    assert first.returncode == 0, first.stderr
    (tmp_path / "new.code").write_text(CODES.findall(first.stdout)[0])
    (names,) = re.findall(r"--new-key \S+ --next-key \S+", first.stdout)
    assert "not before a second key asks" in first.stdout
    second = command(
        home, "keys", "recover", *names.split(), "--code-file", str(tmp_path / "other.code"), **clock.environment
    )
    assert second.returncode == 0, second.stderr
    assert not CODES.findall(second.stdout)
    restored = ("keys", "from-code", "--code-file", str(tmp_path / "new.code"))
    clock.move(3 * DAY - 600)
    early = command(home, *restored, **FRESH, **clock.environment)
    assert early.returncode == 1
    assert "your key is" in early.stderr
    assert not (home / "keys" / "artist.json").exists()
    clock.move(1_200)
    done = command(home, *restored, **FRESH, **clock.environment)
    assert done.returncode == 0, done.stderr
    assert lets_in(home, **FRESH, **clock.environment)
    shown = command(home, "tier", "list", "--json", **clock.environment)
    assert [one["tier"] for one in told(shown)] == ["circle"]


@pytest.mark.parametrize("given", [["the code of a key"], [FRIEND.did, FRIEND.did], ["did:key:z6MkNobody"]])
def test_a_home_is_not_begun_with_what_is_no_name_of_a_key(tmp_path: Path, given: list[str]) -> None:
    options = [word for name in given for word in ("--recovery", name)]
    refused = command(tmp_path / "home", "init", *options)
    assert refused.returncode == 1
    assert "never a code" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_a_name_alone_is_not_enough_to_ask_for_the_same(home: Path, tmp_path: Path) -> None:
    code = str(tmp_path / "friend.code")
    refused = command(home, "keys", "recover", "--new-key", ANN.did, "--code-file", code)
    assert refused.returncode == 1
    assert "or neither" in refused.stderr
