"""Collaborators cosign the public log: each with one key, after her own program saw that the log only grew."""

import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from billing import Offer, Sale
from billing.errors import WitnessRefused
from billing.receipt_log import COSIGNATURE, LogProofWrong, VerifierKey, cosign, cosigned_at, write_verifier_key
from billing.splits import Party
from presence.bootstrap import Services
from presence.errors import NodeUnreachable, TextUnreadable
from presence.paying import cosigning
from presence.paying.signatures import is_signed_by_key
from tests.nodes import client_of
from tests.presence.web.paying import ANN, CENT, give, open_shop
from tests.processes import command, serving, told
from tests.trusting import key
from trustgraph import key_files

ZENO, OTHER = key("zeno"), key("somebody else")
HTML = {"Accept": "text/html"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Services]:
    with open_shop(tmp_path / "home") as opened:
        give(opened, ANN, 100)
        pay(opened)
        yield opened


def pay(shop: Services, times: int = 1) -> None:
    """Let receipts come in, and publish them."""
    holds = shop.paying.holds
    for _ in range(times):
        hold = holds.place(secrets.token_hex(8), ANN.did, Offer(CENT, CENT, "1"))
        holds.capture(hold, CENT, Sale("ask", "What?"), beside=lambda *_: None)
    shop.paying.keep_books()


@pytest.fixture
def named(shop: Services) -> tuple[Party, str]:
    party, word = shop.paying.splits.add_party("Zeno Obuya")
    shop.paying.splits.propose("node", {"artist": 6_667, party.ident: 3_333})
    return party, word


@pytest.fixture
def client(shop: Services) -> Iterator[TestClient]:
    with client_of(shop) as opened:
        yield opened


@pytest.fixture
def registered(client: TestClient, named: tuple[Party, str]) -> str:
    word = named[1]
    client.post(f"/splits/{word}/accept", data={"version": 1})
    assert client.post(f"/splits/{word}/witness", data={"key": ZENO.did}, headers=HTML).status_code == 200
    return word


def note_of(client: TestClient) -> str:
    return client.get("/log/checkpoint").text


def is_cosigned(client: TestClient, by: str = ZENO.did) -> bool:
    return f"\n\u2014 {by} " in note_of(client)


def line_by(client: TestClient, who: object = ZENO, at: float | None = None) -> str:
    name, public_key = who.did, who.public_key  # type: ignore[attr-defined]
    return cosign(note_of(client), name, public_key, who.sign, int(time.time() if at is None else at))  # type: ignore[attr-defined]


def refused(client: TestClient, line: str) -> str:
    before = note_of(client)
    answer = client.post("/log/cosignatures", json={"line": line})
    assert answer.status_code == 422
    assert note_of(client) == before
    return str(answer.json()["detail"])


def test_only_who_agreed_to_share_names_a_key(client: TestClient, named: tuple[Party, str]) -> None:
    word = named[1]
    assert "See to it that nothing is taken back" not in client.get(f"/splits/{word}").text
    early = client.post(f"/splits/{word}/witness", data={"key": ZENO.did})
    assert (early.status_code, "Agree first" in early.json()["detail"]) == (422, True)
    assert client.post("/splits/nobody/witness", data={"key": ZENO.did}).status_code == 404
    client.post(f"/splits/{word}/accept", data={"version": 1})
    line = write_verifier_key(VerifierKey("zeno.example/witness", ZENO.public_key, COSIGNATURE))
    shown = client.post(f"/splits/{word}/witness", data={"key": line}, headers=HTML).text
    assert "You sign by the key <code>zeno.example/witness</code>" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "did:key:zNobody",
        "a key",
        write_verifier_key(VerifierKey("zeno.example", ZENO.public_key)),
        write_verifier_key(VerifierKey("z" * 200, ZENO.public_key, COSIGNATURE)),
    ],
)
def test_what_is_no_key_for_cosigning_is_refused(client: TestClient, registered: str, wrong: str) -> None:
    answer = client.post(f"/splits/{registered}/witness", data={"key": wrong})
    assert answer.status_code == 422
    assert ZENO.did in client.get(f"/splits/{registered}").text


def test_two_do_not_cosign_under_one_name(client: TestClient, shop: Services, registered: str) -> None:
    other, word = shop.paying.splits.add_party("Another")
    shop.paying.splits.propose("node", {"artist": 5_000, other.ident: 5_000})
    client.post(f"/splits/{word}/accept", data={"version": 2})
    answer = client.post(f"/splits/{word}/witness", data={"key": ZENO.did})
    assert (answer.status_code, "Somebody else" in answer.json()["detail"]) == (422, True)


def test_a_cosignature_stands_under_the_checkpoint_once(client: TestClient, registered: str) -> None:
    for _ in range(2):
        answer = client.post("/log/cosignatures", json={"line": line_by(client)})
        assert answer.status_code == 200
        assert answer.text == note_of(client)
    assert note_of(client).count(ZENO.did) == 1
    assert abs(cosigned_at(note_of(client), ZENO.did, ZENO.public_key, is_signed_by_key) - time.time()) < 60


def test_a_wrong_cosignature_is_refused_and_stored_nowhere(client: TestClient, shop: Services, registered: str) -> None:
    good = line_by(client)
    assert "Nobody cosigns here" in refused(client, line_by(client, OTHER))
    assert "Nobody cosigns here" in refused(client, "")
    flipped = good[:-10] + ("A" if good[-10] != "A" else "B") + good[-9:]
    for line in (flipped, good.rstrip("\n"), good + good, good.replace("\n", " \n")):
        refused(client, line)
    for off in (-3_600, 3_600):
        assert "not now" in refused(client, line_by(client, at=time.time() + off))
    stranger = cosign(note_of(client), ZENO.did, OTHER.public_key, OTHER.sign, int(time.time()))
    assert "Fetch it again" in refused(client, stranger)
    pay(shop)
    assert "Fetch it again" in refused(client, good)  # it was of the checkpoint before
    assert client.post("/log/cosignatures", json={"line": "x" * 2_000}).status_code == 422


# --- her side ---


def test_she_signs_what_has_only_grown(client: TestClient, shop: Services, registered: str, tmp_path: Path) -> None:
    memory = tmp_path / "signed.json"
    first = cosigning.cosign(client, ZENO, memory)
    assert is_cosigned(client)
    pay(shop, 3)
    assert not is_cosigned(client)
    second = cosigning.cosign(client, ZENO, memory)
    assert is_cosigned(client)
    assert (first["before"], second["before"]) == (0, first["size"])
    assert second["size"] > first["size"]
    assert cosigning.cosign(client, ZENO, memory)["before"] == second["size"]


def changed(memory: Path, note: str) -> None:
    told = json.loads(memory.read_text())
    memory.write_text(json.dumps({**told, "note": note}))


def test_a_log_that_was_changed_is_signed_by_nobody_and_the_evidence_is_kept(
    client: TestClient, shop: Services, registered: str, tmp_path: Path
) -> None:
    from billing.receipt_log import checkpoint_body, read_verifier_key, sign_note

    memory = tmp_path / "signed.json"
    cosigning.cosign(client, ZENO, memory)
    log = read_verifier_key(client.get("/log/key").text.strip())
    presence = key("presence")
    size = int(note_of(client).split("\n")[1])
    pay(shop)
    for claimed in (size, size + 100):  # she was shown another log of that size, or a larger one
        body = checkpoint_body(log.name, claimed, b"x" * 32)
        changed(memory, sign_note(body, log.name, log.public_key, presence.sign))
        with pytest.raises(LogProofWrong, match=r"not what they were|set back"):
            cosigning.cosign(client, ZENO, memory)
        assert not is_cosigned(client)
        assert (tmp_path / "signed.json.refused").read_text() == note_of(client)


def test_a_log_under_another_key_or_with_wrong_files_is_not_signed(
    client: TestClient, shop: Services, registered: str, tmp_path: Path
) -> None:
    other = write_verifier_key(VerifierKey("another", OTHER.public_key))
    with pytest.raises(LogProofWrong, match="another key"):
        cosigning.cosign(client, ZENO, tmp_path / "a.json", log_key=other)
    cosigning.cosign(client, ZENO, tmp_path / "b.json")
    with pytest.raises(LogProofWrong, match="another log"):
        cosigning.cosign(client, ZENO, tmp_path / "b.json", log_key=other)
    pay(shop)
    for tile in (shop.home.log / "tile").rglob("*"):
        if tile.is_file():
            tile.write_bytes(bytes(len(tile.read_bytes())))
    with pytest.raises(LogProofWrong, match="do not lead to the root"):
        cosigning.cosign(client, ZENO, tmp_path / "b.json")
    assert not is_cosigned(client)


def test_who_is_not_registered_is_told_so(client: TestClient, registered: str, tmp_path: Path) -> None:
    with pytest.raises(WitnessRefused, match="Name your key on the page of your link"):
        cosigning.cosign(client, OTHER, tmp_path / "c.json")


def test_a_memory_that_cannot_be_read_is_not_taken_for_none(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text("{")
    with pytest.raises(TextUnreadable):
        cosigning.cosign(client, ZENO, tmp_path / "d.json")


def test_a_checkpoint_that_is_replaced_meanwhile_is_looked_at_and_signed_again(
    client: TestClient, shop: Services, registered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember, once = cosigning._remember, [True]

    def paid_meanwhile(memory: Path, seen: cosigning.Seen) -> None:
        remember(memory, seen)
        if once.pop() if once else False:
            pay(shop)

    monkeypatch.setattr(cosigning, "_remember", paid_meanwhile)
    signed = cosigning.cosign(client, ZENO, tmp_path / "e.json")
    assert is_cosigned(client)
    assert signed["before"] > 0


def test_an_empty_log_has_nothing_to_sign(tmp_path: Path) -> None:
    with open_shop(tmp_path / "home") as opened, client_of(opened) as client, pytest.raises(NodeUnreachable):
        cosigning.cosign(client, ZENO, tmp_path / "f.json")


@pytest.mark.slow
def test_the_command_signs_what_a_real_node_serves(tmp_path: Path) -> None:
    home, mine = tmp_path / "home", tmp_path / "zeno.txt"
    with open_shop(home) as opened:
        give(opened, ANN, 100)
        pay(opened, 3)
        party, word = opened.paying.splits.add_party("Zeno Obuya")
        opened.paying.splits.propose("node", {"artist": 6_667, party.ident: 3_333})
        opened.paying.splits.accept(party.ident, 1)
    mine.write_text(key_files.recovery_code(ZENO), encoding="utf-8")
    with serving(home) as node, node.client() as browser:
        asked = ("receipt", "cosign", node.address, "--key", str(mine), "--json")
        early = command(tmp_path / "nobody", *asked)
        assert (early.returncode, "Name your key on the page of your link" in early.stderr) == (1, True)
        assert browser.post(f"/splits/{word}/witness", data={"key": ZENO.did}).status_code == 303
        for before in (3, 3):
            done = command(tmp_path / "nobody", *asked)
            assert done.returncode == 0, done.stderr
            (signed,) = told(done)
            assert (signed["size"], signed["before"]) == (3, before)
        assert ZENO.did in browser.get("/log/checkpoint").text
        assert not (tmp_path / "nobody").exists()
