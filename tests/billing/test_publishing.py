"""The public log: whatever breaks off, it grows without a gap, takes nothing back, and names nobody."""

import hashlib
import json
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from billing import Cited, Sale, check_receipt
from billing.chain import FIRST, follow_up, link
from billing.errors import BillingError, LogRewound, ReceiptWrong
from billing.plain import Plain, statement
from billing.publishing import CHECKPOINT, PublicLog, Published
from billing.receipt_log import (
    Tiles,
    consistency_proof,
    cosign,
    entries_of,
    leaf_hash,
    open_note,
    root_of,
    verify_consistency,
)
from billing.receipts import canonical
from billing.shares import ARTIST
from billing.splits import NODE
from presence.database import open_database
from presence.paying.signatures import is_signed_by, is_signed_by_key
from presence.write_lane import WriteLane
from tests.billing import independent
from tests.billing.conftest import ANN, BOB, CENT, Clock, Till, fixed
from tests.billing.logs import ORIGIN, files_of, public_log
from trustgraph import Key
from trustgraph.did import key_of

QUESTION = "What was the piano called?"
NAME = "Winifred Marsh"
FAULTS_MAX = 60


class BrokenOff(Exception):
    """Where the process ended, for all that anybody knows."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def log(till: Till, folder: Path) -> PublicLog:
    for owner in (ANN, BOB):
        till.top_up(owner, 10_000 * CENT)
    return public_log(till, folder)


def pay(till: Till, name: str, count: int) -> None:
    for number in range(count):
        hold = till.holds.place(f"{name}{number}", [ANN, BOB][number % 2], fixed(CENT))
        till.holds.capture(hold, CENT, Sale("ask", QUESTION, 1), beside=lambda *_: None)


def counted(till: Till, table: str) -> int:
    with till.database.snapshot() as connection:
        row = Plain(connection).row(statement(f"SELECT count(*) FROM {table}"))
    return int(row[0]) if row else 0


def checkpoints_of(till: Till) -> list[Published]:
    """Every checkpoint that was signed and kept."""
    with till.database.snapshot() as connection:
        rows = Plain(connection).rows(statement("SELECT size, root, note FROM checkpoints ORDER BY size"))
    return [Published(size, bytes.fromhex(root), note) for size, root, note in rows]


def check_whole(till: Till, log: PublicLog, *served: Published) -> Published:
    """One leaf for each receipt, without a gap; consistent with everything that was ever served or kept."""
    last = log.publish()
    assert last is not None
    assert last.size == counted(till, "receipts") == counted(till, "receipt_leaves")
    tiles = Tiles(last.size, last.root, log.read)
    entries = [tiles.entry(index) for index in range(last.size)]
    assert len(set(entries)) == last.size
    assert root_of([leaf_hash(entry) for entry in entries]) == last.root
    for one in (*served, *checkpoints_of(till)):
        proof = consistency_proof(one.size, last.size, tiles.hash_of)
        assert verify_consistency(one.size, last.size, one.root, last.root, proof)
    return last


def test_nothing_paid_nothing_published(till: Till, log: PublicLog, folder: Path) -> None:
    assert log.publish() is None
    assert files_of(folder) == {}


def test_what_was_published_is_served_until_there_is_more(till: Till, log: PublicLog, folder: Path) -> None:
    pay(till, "a", 3)
    first = log.publish()
    before = files_of(folder)
    assert log.publish() == first
    assert files_of(folder) == before
    pay(till, "b", 1)
    assert check_whole(till, log).size == 4
    assert before.keys() <= files_of(folder).keys()
    assert all(files_of(folder)[path] == data for path, data in before.items() if path != CHECKPOINT)


def break_at(when: int, deed: Callable[..., Any], count: list[int]) -> Callable[..., Any]:
    def counting(*given: Any, **more: Any) -> Any:
        count[0] += 1
        if count[0] == when:
            raise BrokenOff
        return deed(*given, **more)

    return counting


@pytest.mark.parametrize("sizes", [(3, 4), pytest.param((255, 2), marks=pytest.mark.slow)])
@pytest.mark.parametrize("what", ["a file", "a file, half", "a command before its commit", "a command after it"])
def test_wherever_publishing_breaks_off_the_next_one_is_whole(
    till: Till, log: PublicLog, folder: Path, what: str, sizes: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    if sizes[0] > 10 and (till.database.dialect == "postgresql" or what == "a file, half"):
        pytest.skip("files are the same on both")
    pay(till, "a", sizes[0])
    first = log.publish()
    assert first is not None
    served, times = [first], 0
    for when in range(1, FAULTS_MAX):
        pay(till, f"b{when}-", sizes[1])
        with monkeypatch.context() as patched:
            count = [0]
            broken = public_log(till, folder)
            if what.startswith("a file"):
                whole = broken._write

                def half(path: str, data: bytes, whole: Callable[..., None] = whole) -> None:
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    (folder / path).with_name(f".{Path(path).name}.1").write_bytes(data[: len(data) // 2])
                    whole(path, data)

                patched.setattr(broken, "_write", break_at(when, half if "half" in what else whole, count))
            else:
                run = till.lane.run
                if "before" in what:
                    patched.setattr(till.lane, "run", break_at(when, run, count))
                else:
                    patched.setattr(till.lane, "run", lambda c: (run(c), break_at(when, bool, count)())[0])  # noqa: B023
            try:
                broken.publish()
            except BrokenOff:
                times += 1
            else:
                break
        now = (folder / CHECKPOINT).read_text()
        opened = open_note(now, ORIGIN, key_of(till.key.did), is_signed_by_key)
        served.append(Published(opened.size, opened.root, now))
        check_whole(till, log, *served)
    assert times >= 2
    check_whole(till, log, *served)


def test_a_first_publication_that_breaks_off_is_made_again(
    till: Till, log: PublicLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(till, "a", 5)
    for when in range(1, 10):
        with monkeypatch.context() as patched:
            patched.setattr(log, "_write", break_at(when, log._write, [0]))
            try:
                log.publish()
            except BrokenOff:
                continue
            break
    assert check_whole(till, log).size == 5


def test_files_that_were_deleted_are_made_again_the_same(till: Till, log: PublicLog, folder: Path) -> None:
    pay(till, "a", 258)
    log.publish()
    pay(till, "b", 3)
    last = check_whole(till, log)
    before = files_of(folder)
    shutil.rmtree(folder)
    assert log.publish() == last
    after = files_of(folder)
    assert after == {path: data for path, data in before.items() if path in after}
    assert check_whole(till, log) == last


def test_one_file_that_was_deleted_or_damaged_is_made_again(till: Till, log: PublicLog, folder: Path) -> None:
    pay(till, "a", 3)
    log.publish()
    for number in range(16):
        path = sorted(files_of(folder))[number * 7 % len(files_of(folder))]
        if number % 2 or path == CHECKPOINT:
            (folder / path).unlink()
        else:
            data = (folder / path).read_bytes()
            (folder / path).write_bytes(bytes([data[0] ^ 1]) + data[1:])
        pay(till, f"b{number}", 1)
        check_whole(till, log)


@pytest.mark.parametrize("what", ["tile/0", "tile/entries", CHECKPOINT])
def test_a_proof_is_given_though_files_are_gone(till: Till, log: PublicLog, folder: Path, what: str) -> None:
    pay(till, "a", 5)
    log.publish()
    receipt = till.receipts.of_owner(ANN)[0]
    proof = log.proof_of(receipt)
    if (folder / what).is_dir():
        shutil.rmtree(folder / what)
    else:
        (folder / what).unlink()
    assert log.proof_of(receipt) == proof


def test_a_checkpoint_of_somebody_else_is_not_gone_on_from(till: Till, log: PublicLog, folder: Path) -> None:
    pay(till, "a", 3)
    log.publish()
    ours = (folder / CHECKPOINT).read_text()
    other = Till(till.database, till.lane, till.clock, Key(b"o" * 32))
    with_another_key = public_log(other, folder)
    with pytest.raises(LogRewound):
        with_another_key.publish()
    with pytest.raises(LogRewound):
        public_log(till, folder, "presence.example/other").publish()
    (folder / CHECKPOINT).write_text(ours.replace("\n3\n", "\n4\n"))
    pay(till, "b", 1)
    with pytest.raises(LogRewound):
        log.publish()
    assert counted(till, "receipt_leaves") == 3, "nothing was given a place"
    (folder / CHECKPOINT).write_text(ours)
    check_whole(till, log)


def test_a_database_that_was_set_back_signs_nothing(tmp_path: Path) -> None:
    with _till(tmp_path / "presence.db", new=True) as till:
        log = public_log(till, tmp_path / "log")
        for owner in (ANN, BOB):
            till.top_up(owner, 100 * CENT)
        pay(till, "a", 2)
        log.publish()
        pay(till, "b", 3)
    with sqlite3.connect(tmp_path / "presence.db") as now, sqlite3.connect(tmp_path / "backup.db") as kept:
        now.backup(kept)
    with _till(tmp_path / "presence.db") as till:
        served = check_whole(till, public_log(till, tmp_path / "log"))
    with _till(tmp_path / "backup.db") as till:
        log = public_log(till, tmp_path / "log")
        pay(till, "other", 4)
        with pytest.raises(LogRewound):
            log.publish()
        assert counted(till, "receipt_leaves") == 2
        assert (tmp_path / "log" / CHECKPOINT).read_text() == served.note


class _till:  # noqa: N801  # used like the fixture
    def __init__(self, file: Path, *, new: bool = False) -> None:
        from presence.migrations import upgrade

        self.database = open_database(None, file)
        if new:
            upgrade(self.database.owner)
        self.lane = WriteLane(self.database.owner)

    def __enter__(self) -> Till:
        return Till(self.database, self.lane, Clock(), Key(b"p" * 32))

    def __exit__(self, *_: object) -> None:
        self.lane.close()
        self.database.close()


def test_a_witness_and_a_publication_at_once_take_nothing_back(till: Till, log: PublicLog, folder: Path) -> None:
    witness = Key(b"w" * 32)
    pay(till, "a", 2)
    first = log.publish()
    assert first is not None
    line = cosign(first.note, "witness.example", key_of(witness.did), witness.sign, 1)
    pay(till, "b", 2)
    read, go_on = threading.Event(), threading.Event()
    published = log.published

    def slowly() -> Published | None:
        found = published()
        if threading.current_thread().name == "witness":
            read.set()
            go_on.wait(2)  # the other waits for this one, unless it takes no turns
        return found

    log.published = slowly  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: log.cosigned(line, "witness.example", key_of(witness.did)), name="witness")
    thread.start()
    assert read.wait(20)
    with ThreadPoolExecutor(1) as other:
        later = other.submit(log.publish)
        later.add_done_callback(lambda _: go_on.set())
        assert later.result(20) is not None
    thread.join()
    log.published = published  # type: ignore[method-assign]
    last = log.published()
    assert last is not None
    assert last.size == 4
    check_whole(till, log, first)


# --- what a stranger sees ---


def copy_of(till: Till, log: PublicLog, ident: str) -> dict[str, Any]:
    receipt = till.receipts.find(ident)
    assert receipt is not None
    copy: dict[str, Any] = json.loads(json.dumps({**receipt.as_json(), "log": log.proof_of(receipt)}))
    return copy


def test_every_receipt_is_proven_to_a_stranger(till: Till, log: PublicLog) -> None:
    key = key_of(till.key.did)
    pay(till, "a", 9)
    before = till.receipts.of_owner(ANN)[0]
    assert log.proof_of(before) is None, "it is not published yet"
    log.publish()
    pay(till, "b", 8)
    log.publish()
    receipts = [*till.receipts.of_owner(ANN), *till.receipts.of_owner(BOB)]
    assert len(receipts) == 17
    for receipt in receipts:
        assert independent.holds(copy_of(till, log, receipt.ident), key, ORIGIN)
    assert not independent.holds(copy_of(till, log, receipt.ident), key_of(Key(b"o" * 32).did), ORIGIN)
    assert not independent.holds(copy_of(till, log, receipt.ident), key, "presence.example/other")


def test_one_flipped_bit_anywhere_in_a_copy_fails(till: Till, log: PublicLog) -> None:
    pay(till, "a", 3)
    log.publish()
    copy = copy_of(till, log, till.receipts.of_owner(ANN)[0].ident)
    public = {name: copy[name] for name in ("receipt", "signature", "log")}
    written = json.dumps(public).encode()
    chance = random.Random(4)
    for place in chance.sample(range(len(written)), 400):
        flipped = bytearray(written)
        flipped[place] ^= 1 << chance.randrange(8)
        try:
            other = json.loads(flipped)
            if _same_bytes(other, public):
                continue
            held = independent.holds(other, key_of(till.key.did), ORIGIN)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            continue
        assert not held, bytes(flipped[max(0, place - 20) : place + 20])


def _same_bytes(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Hashes of a proof are the same in capital letters."""
    for copy in (first, second):
        copy["log"]["proof"] = [one.lower() for one in copy["log"]["proof"]]
    return first == second


def test_our_own_check_refuses_what_was_changed_and_raises_nothing_else(till: Till, log: PublicLog) -> None:
    pay(till, "a", 1)
    copy = {**till.receipts.of_owner(ANN)[0].as_json(), "payer_is": ANN, "question_is": QUESTION}
    check_receipt(copy, till.key.did, is_signed_by)
    written = json.dumps(copy).encode()
    chance = random.Random(5)
    for place in chance.sample(range(len(written)), 600):
        flipped = bytearray(written)
        flipped[place] ^= 1 << chance.randrange(7)
        try:
            other = json.loads(flipped)
        except ValueError:
            continue
        if not isinstance(other, dict) or set(other) != set(copy) or other == copy or other["leaf"] != copy["leaf"]:
            continue
        if set(other["salts"] or ()) != set(copy["salts"]):
            continue
        with pytest.raises(ReceiptWrong):
            check_receipt(other, till.key.did, is_signed_by)


def test_a_signature_is_written_in_one_way(till: Till, log: PublicLog) -> None:
    """The last letter of base64 has four bits that say nothing; a copy with others in them is another copy."""
    pay(till, "a", 1)
    copy = till.receipts.of_owner(ANN)[0].as_json()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters.index(copy["signature"][85])
    assert copy["signature"].endswith("==")
    for other in range(1, 16):
        copy["signature"] = f"{copy['signature'][:85]}{letters[last ^ other]}=="
        with pytest.raises(ReceiptWrong):
            check_receipt(copy, till.key.did, is_signed_by)


@pytest.mark.parametrize("salts", [{"payer": "x", "question": "y"}, {}, None, "none", ["payer"], {"payer": 5}])
def test_salts_that_are_none_are_refused(till: Till, log: PublicLog, salts: object) -> None:
    pay(till, "a", 1)
    copy = {**till.receipts.of_owner(ANN)[0].as_json(), "payer_is": ANN, "salts": salts}
    with pytest.raises(ReceiptWrong):
        check_receipt(copy, till.key.did, is_signed_by)


def test_what_is_signed_is_canonical_json(till: Till, log: PublicLog) -> None:
    rfc8785 = pytest.importorskip("rfc8785")
    pay(till, "a", 1)
    receipt = till.receipts.of_owner(ANN)[0]
    assert rfc8785.dumps(receipt.said) == receipt.body.encode() == canonical(receipt.said)


def test_no_name_and_no_question_is_in_any_published_file(till: Till, log: PublicLog, folder: Path) -> None:
    party, word = till.splits.add_party(NAME)
    till.splits.accept(party.ident, till.splits.propose(NODE, {ARTIST: 5_000, party.ident: 5_000}))
    hold = till.holds.place("question-of-ann", ANN, fixed(CENT))
    sale = Sale("ask", QUESTION, 1, (Cited("note-of-the-piano", 5, "release-of-the-piano"),))
    till.holds.capture(hold, CENT, sale, beside=lambda *_: None)
    pay(till, "a", 2)
    log.publish()
    wallets = [till.wallets.open(owner).ident for owner in (ANN, BOB)]
    salts = [salt for receipt in till.receipts.of_owner(ANN) for salt in receipt.salts.values()]
    secret = [ANN, BOB, QUESTION, "piano", "question-of-ann", NAME, "Winifred", word, *wallets, *salts]
    hashes = [hashlib.sha256(one.encode()).hexdigest() for one in (ANN, BOB, QUESTION)]
    whole = b"\n".join(path.encode() + data for path, data in files_of(folder).items())
    assert CENT == 10_000
    assert b'"micros":10000' in whole, "what is public can be read"
    for one in [*secret, *hashes]:
        assert one.encode() not in whole, one
    bundle = next(data for path, data in files_of(folder).items() if "entries" in path)
    assert len(entries_of(bundle)) == 3


# --- the chain of the ledger ---


def chain_of(till: Till) -> list[tuple[Any, ...]]:
    text = """SELECT c.n, c.hash, t.id, t.kind, t.at, t.sha256 FROM ledger_chain c
 JOIN ledger_transactions t ON t.seq = c.seq ORDER BY c.n"""
    with till.database.snapshot() as connection:
        return Plain(connection).rows(statement(text))


def test_the_chain_has_every_transaction_once_whenever_it_is_followed_up(till: Till, log: PublicLog) -> None:
    for number in range(5):
        pay(till, f"a{number}", number)
        with ThreadPoolExecutor(4) as threads:
            done = [threads.submit(follow_up, till.lane) for _ in range(4)]
        assert all(one.exception() is None for one in done)
    rows, before = chain_of(till), FIRST
    for n, (number, found, *said) in enumerate(rows, start=1):
        before = link(before, *said)
        assert (number, found) == (n, before)
    assert len(rows) == counted(till, "ledger_transactions")


def test_a_follow_up_that_breaks_off_leaves_no_gap(till: Till, log: PublicLog, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Plain.run
    for when in range(1, 12):
        pay(till, f"a{when}-", 3)
        with monkeypatch.context() as patched:
            breaking = break_at(when, run, [0])
            patched.setattr(Plain, "run", lambda *given, breaking=breaking, **values: breaking(*given, **values))
            try:
                follow_up(till.lane)
            except BrokenOff:
                assert till.database.dialect
    follow_up(till.lane)
    assert [row[0] for row in chain_of(till)] == list(range(1, counted(till, "ledger_transactions") + 1))


def test_refusals_of_the_log_are_refusals_of_money() -> None:
    assert issubclass(LogRewound, BillingError)
