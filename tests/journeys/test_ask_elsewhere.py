"""A listener's terminal: she sees the price, asks with her own key, pays, keeps the receipt, and checks it offline.

When her money is spent she pays in by card, and goes on.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_paid_questions import signed_in
from tests.journeys.test_programs import pay_in
from tests.nodes import write_notes
from tests.presence.web.paying import ANN, ASKED, NOTE
from tests.processes import Serving, command, serving
from tests.strict_stripe import Manners, StrictStripe
from trustgraph import key_files

pytestmark = pytest.mark.slow

PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}
SECRET = "---\ntitle: The chapel\ntier: circle\n---\nHeronshaw was recorded in a chapel.\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def stripe() -> Iterator[StrictStripe]:
    with StrictStripe(manners=Manners(held=True)) as running:
        yield running


@pytest.fixture
def server(home: Path, tmp_path: Path, stripe: StrictStripe) -> Iterator[Serving]:
    """A presence with a price, a public note and one for the circle, which takes cards; ANN has four cents."""
    assert command(home, "init", **PHRASE).returncode == 0
    (tmp_path / "prices.toml").write_text('[acts.ask]\nprice = "0.02"\n')
    (tmp_path / "ann.code").write_text(key_files.recovery_code(ANN))
    notes = write_notes(tmp_path / "notes", {"piano.md": NOTE, "chapel.md": SECRET})
    cards = {"PRESENCE_BILLING__STRIPE_KEY": stripe.api_key, "PRESENCE_BILLING__STRIPE_URL": stripe.base_address}
    with serving(home, **cards) as running:
        assert command(home, "import", str(notes), "--yes").returncode == 0
        assert command(home, "prices", "set", str(tmp_path / "prices.toml")).returncode == 0
        assert command(home, "wallet", "give", ANN.did, "0.04").returncode == 0
        yield running


def test_asking_from_a_terminal(server: Serving, stripe: StrictStripe, home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another-home"
    there = ["--at", server.address, "--code-file", str(tmp_path / "ann.code"), "--json"]

    def ask(question: str, *more: str) -> tuple[int, list[dict[str, object]], str]:
        done = command(elsewhere, "ask", question, *there, *more)
        told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, told, done.stderr

    code, told, error = ask(ASKED)
    assert (code, told) == (1, [])
    assert "Nothing was asked" in error

    code, told, _ = ask(ASKED, "--most", "0.02", "--receipt", str(tmp_path / "receipt.json"))
    assert code == 0
    kinds = [one["event"] for one in told]
    assert kinds[:2] == ["status", "sentence"]
    assert kinds[-3:] == ["done", "answer", "kept"]
    answer = told[-2]
    assert "rented piano" in str(answer["text"])
    assert answer["receipt"]
    signer = key_files.read_bare(home / "keys" / "presence.json").did
    checked = command(elsewhere, "receipt", "verify", str(tmp_path / "receipt.json"), "--key", signer)
    assert checked.returncode == 0, checked.stderr

    code, told, _ = ask(ASKED)  # the very same is free
    assert (code, told[-1]["id"]) == (0, answer["id"])

    code, told, _ = ask("And the piano?", "--most", "0.02", "--conversation", str(answer["conversation"]))
    assert (code, told[-1]["conversation"]) == (0, answer["conversation"])

    code, told, _ = ask("Where was Heronshaw recorded?", "--most", "0.02")
    assert (code, told[-1]["outcome"]) == (0, "not_in_notes") if code == 0 else (1, told)
    assert "chapel" not in json.dumps(told)

    code, told, error = ask("Was the piano of Pilot Ladder rented?", "--most", "0.02")
    assert (code, told) == (1, [])
    assert "wallet" in error
    assert server.address in error or "/wallet" in error or "pay" in error.lower()

    with contextlib.closing(signed_in(server, ANN)) as owner:
        pay_in(owner, stripe, "0.50")
        code, told, error = ask("Was the piano of Pilot Ladder rented?", "--most", "0.02")
        assert (code, told[-1]["outcome"]) == (0, "answered"), error
        assert owner.get("/api/wallet").json()["available_micros"] == 480_000


def test_an_address_that_is_no_presence_is_a_sentence(tmp_path: Path) -> None:
    done = command(tmp_path / "home", "ask", "Who?", "--at", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "does not answer as a presence does" in done.stderr
