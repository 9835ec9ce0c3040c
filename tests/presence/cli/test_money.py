"""The commands about money as they are typed; a receipt is checked where there is no home at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from presence.cli import app
from tests.nodes import client_of
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.processes import command, told
from tests.trusting import key, sign_in

PRESENCE = key("presence").did


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A published receipt's copy in a file, and the line of the log's key; the node is gone."""
    folder = Path(tmp_path_factory.mktemp("shop"))
    with open_shop(folder / "home") as shop, client_of(shop) as client:
        give(shop, ANN, 100)
        sign_in(client, ANN)
        client.post("/ask", data={"question": ASKED, "max_price_micros": 5 * CENT})
        shop.paying.keep_books()
        ident = shop.paying.receipts.of_owner(ANN.did)[0].ident
        (folder / "receipt.json").write_bytes(client.get(f"/receipts/{ident}.json").content)
        line = client.get("/log/key").text.strip()
    return folder / "receipt.json", line


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["receipt", "verify", *arguments])


def changed(copies: tuple[Path, str], tmp_path: Path, **more: Any) -> str:
    copy = json.loads(copies[0].read_text())
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({name: value for name, value in {**copy, **more}.items() if value is not None}))
    return str(file)


def test_a_receipt_holds_without_any_node(copies: tuple[Path, str]) -> None:
    done = verify(str(copies[0]), "--key", PRESENCE, "--log-key", copies[1])
    assert done.exit_code == 0, done.output
    for said in ("signed: $0.02", "the payer is", "the question is", "entry 0 of 1"):
        assert said in done.output
    (holds,) = [json.loads(line) for line in verify(str(copies[0]), "--key", PRESENCE, "--json").output.splitlines()]
    assert (holds["micros"], holds["log_size"], holds["opened"]) == (2 * CENT, 1, ["payer", "question"])


def test_a_copy_from_before_it_was_published_says_so(copies: tuple[Path, str], tmp_path: Path) -> None:
    early = changed(copies, tmp_path, log=None)
    done = verify(early, "--key", PRESENCE)
    assert done.exit_code == 0
    assert "not in the public log yet" in done.output
    assert verify(early, "--key", PRESENCE, "--log-key", copies[1]).exit_code == 1


@pytest.mark.parametrize(
    "more",
    [
        {"question_is": "Something else"},
        {"payer_is": key("bob").did},
        {"signature": "AAAA"},
        {"receipt": {}},
        {"log": {}},
        {"log": {"checkpoint": "no\n\nnote\n", "leaf": 0, "proof": []}},
    ],
)
def test_what_does_not_hold_is_refused(copies: tuple[Path, str], tmp_path: Path, more: dict[str, Any]) -> None:
    done = verify(changed(copies, tmp_path, **more), "--key", PRESENCE)
    assert done.exit_code == 1
    assert done.exception is not None


def test_another_key_signed_nothing_here(copies: tuple[Path, str], tmp_path: Path) -> None:
    assert verify(str(copies[0]), "--key", key("bob").did).exit_code == 1
    assert verify(str(copies[0]), "--key", "nobody").exit_code == 1
    assert verify(str(copies[0]), "--key", PRESENCE, "--log-key", "nothing").exit_code == 1
    assert verify(str(copies[0])).exit_code == 2
    assert verify(str(tmp_path / "none.json"), "--key", PRESENCE).exit_code == 1


@pytest.mark.slow
def test_the_commands_work_on_a_home_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    (given,) = told(command(home, "wallet", "give", ANN.did, "5.00", "--until", "2099-12-31", "--json"))
    assert (given["available"], given["gift_until"]) == ("$5.00", "2100-01-01T00:00:00Z")
    assert "CLOSED     In dispute" in command(home, "wallet", "freeze", ANN.did, "In dispute").stdout
    assert "to spend   $5.00" in command(home, "wallet", "thaw", ANN.did).stdout
    assert "gift" in command(home, "wallet", "show", ANN.did).stdout
    assert "The books are right: 1 transactions" in command(home, "ledger", "verify").stdout
    assert "operating_currency" in command(home, "ledger", "export").stdout
    assert "lines in" in command(home, "ledger", "export", str(tmp_path / "books")).stdout
    prices = tmp_path / "prices.toml"
    prices.write_text('[acts.ask]\nprice = "0.02"\n[free]\nfirst = 3\n')
    assert "everything is free" in command(home, "prices", "show").stdout
    assert "$0.02" in command(home, "prices", "set", str(prices)).stdout
    assert "/splits/" in command(home, "split", "add", "Zeno").stdout
    assert "not agreed by all yet" in command(home, "split", "propose", "node", "artist=75", "Zeno=25").stdout
    assert "artist 75 %, Zeno 25 %" in command(home, "split", "list").stdout
    assert "ended" in command(home, "split", "end", "node").stdout
    assert command(home, "ledger", "alarms").returncode == 0
    assert "/splits/" in command(home, "split", "link", "Zeno").stdout
    assert command(home, "receipt", "list").returncode == 0
    for arguments, code, said in (
        (("prices", "set", str(tmp_path / "none.toml")), 1, "none.toml"),
        (("wallet", "show", "nobody"), 1, "no wallet"),
        (("wallet", "refund", ANN.did), 1, "no cards"),
        (("wallet", "refund"), 2, "--everybody"),
        (("split", "pay", "Zeno", "by hand"), 1, "has not been earned"),
        (("wallet", "give", ANN.did, "5", "--until", "soon"), 2, "2026-12-31"),
        (("split", "propose", "node", "artist"), 2, "no share"),
        (("split", "propose", "node", "artist=70", "Zeno=25"), 1, "95.00 %"),
    ):
        done = command(home, *arguments)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


@pytest.mark.parametrize(
    ("written", "place"),
    [("[acts.ask]\nprice = 0.02\n", "acts.ask.price"), ("[acts.sing]\n", "acts"), ("price = = 2\n", "line 1")],
)
def test_a_wrong_price_list_is_refused_with_the_place(tmp_path: Path, written: str, place: str) -> None:
    (tmp_path / "prices.toml").write_text(written)
    done = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "prices", "set", str(tmp_path / "prices.toml")])
    assert done.exit_code == 1
    assert place in str(done.exception)
