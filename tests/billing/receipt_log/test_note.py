"""Notes and checkpoints: what others signed, what is signed here, and what does not hold."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.receipt_log import (
    COSIGNATURE,
    Checkpoint,
    LogProofWrong,
    add_cosignature,
    checkpoint_body,
    cosign,
    cosigned_at,
    key_id,
    open_note,
    read_checkpoint,
    read_verifier_key,
    sign_note,
    signed_text,
)
from tests.billing.receipt_log import vectors
from tests.billing.receipt_log.signing import Signatory, verify

ROOT = bytes(range(32))
LOG = Signatory("artist.example/receipts")
OTHER = Signatory("other.example/receipts", 2)
WITNESS = Signatory("witness.example", 3)
BODY = checkpoint_body(LOG.name, 17, ROOT)
NOTE = sign_note(BODY, LOG.name, LOG.public_key, LOG.sign)
LINE = cosign(NOTE, WITNESS.name, WITNESS.public_key, WITNESS.sign, 1_700_000_000)
GO_NOTE = f"{vectors.GO_TEXT}\n{vectors.PETER_LINE}{vectors.ENOCH_LINE}"


def opened(note: bytes | str, by: Signatory = LOG) -> Checkpoint:
    return open_note(note, by.name, by.public_key, verify)


def seen(note: bytes | str, by: Signatory = WITNESS) -> int:
    return cosigned_at(note, by.name, by.public_key, verify)


def line_of(by: Signatory, data: bytes, kind: int = 1) -> str:
    return f"— {by.name} {base64.b64encode(key_id(by.name, by.public_key, kind) + data).decode()}\n"


class TestPublished:
    @pytest.mark.parametrize(
        ("note", "key", "text"),
        [
            (f"{vectors.GO_TEXT}\n{vectors.PETER_LINE}", vectors.PETER, vectors.GO_TEXT),
            (GO_NOTE, vectors.PETER, vectors.GO_TEXT),
            (GO_NOTE, vectors.ENOCH, vectors.GO_TEXT),
            (vectors.EXAMPLE_NOTE, vectors.EXAMPLE_KEY, "This is an example message.\n"),
        ],
    )
    def test_notes(self, note: str, key: str, text: str) -> None:
        signer = read_verifier_key(key)
        assert signed_text(note, signer.name, signer.public_key, verify) == text
        assert signed_text(note.encode(), signer.name, signer.public_key, verify) == text
        with pytest.raises(LogProofWrong, match="does not hold"):
            signed_text(note.replace(" is ", " was "), signer.name, signer.public_key, verify)

    def test_a_note_that_is_no_checkpoint(self) -> None:
        peter = read_verifier_key(vectors.PETER)
        with pytest.raises(LogProofWrong, match="an origin, a size and a root"):
            open_note(GO_NOTE, peter.name, peter.public_key, verify)

    def test_the_checkpoint_of_a_database_of_checksums(self) -> None:
        key = read_verifier_key(vectors.GO_SUM_KEY)
        checkpoint = open_note(vectors.GO_SUM_CHECKPOINT, key.name, key.public_key, verify)
        assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", 20852163)
        assert checkpoint.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")

    def test_the_checkpoint_of_a_log_of_certificates_and_its_witnesses(self) -> None:
        log = read_verifier_key(vectors.ARCHE_KEY)
        checkpoint = open_note(vectors.ARCHE_CHECKPOINT, log.name, log.public_key, verify)
        assert (checkpoint.origin, checkpoint.size) == (log.name, 1432088532)
        for text in (vectors.REMORA_KEY, vectors.LITTLE_GARDEN_KEY):
            witness = read_verifier_key(text)
            at = cosigned_at(vectors.ARCHE_CHECKPOINT, witness.name, witness.public_key, verify)
            assert at == vectors.ARCHE_SECONDS
            wrong = vectors.ARCHE_CHECKPOINT.replace("1432088532", "1432088533")
            with pytest.raises(LogProofWrong, match="does not hold"):
                cosigned_at(wrong, witness.name, witness.public_key, verify)

    def test_written_as_there(self) -> None:
        checkpoint = read_checkpoint(vectors.ARCHE_BODY)
        assert checkpoint_body(checkpoint.origin, checkpoint.size, checkpoint.root) == vectors.ARCHE_BODY


class TestCheckpoint:
    def test_is_three_lines(self) -> None:
        assert BODY == "artist.example/receipts\n17\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
        assert read_checkpoint(BODY) == Checkpoint(LOG.name, 17, ROOT)

    @pytest.mark.parametrize("size", [0, 1, 10, 2**63 - 1])
    def test_of_any_size(self, size: int) -> None:
        assert read_checkpoint(checkpoint_body("a", size, ROOT)).size == size

    def test_with_lines_of_an_extension(self) -> None:
        body = checkpoint_body("a", 1, ROOT, ["time 5", "— or so"])
        assert body.endswith("=\ntime 5\n— or so\n")
        assert read_checkpoint(body) == Checkpoint("a", 1, ROOT, ("time 5", "— or so"))

    @pytest.mark.parametrize(
        ("origin", "size", "root", "extensions"),
        [
            ("", 1, ROOT, []),
            ("a\nb", 1, ROOT, []),
            ("a\n1", 1, ROOT, []),
            ("a\tb", 1, ROOT, []),
            ("\ud800", 1, ROOT, []),
            ("a", -1, ROOT, []),
            ("a", 2**63, ROOT, []),
            ("a", 10**19, ROOT, []),
            ("a", 1, ROOT[:-1], []),
            ("a", 1, ROOT + b"\0", []),
            ("a", 1, b"", []),
            ("a", 1, ROOT, [""]),
            ("a", 1, ROOT, ["x\ny"]),
            ("a", 1, ROOT, ["x\r"]),
        ],
    )
    def test_that_cannot_be_written(self, origin: str, size: int, root: bytes, extensions: list[str]) -> None:
        with pytest.raises(LogProofWrong):
            checkpoint_body(origin, size, root, extensions)

    def test_whose_origin_would_become_another_line_is_not_written(self) -> None:
        # Read again this would be a checkpoint too, of another log.
        root = base64.b64encode(ROOT).decode()
        with pytest.raises(LogProofWrong, match="line break"):
            checkpoint_body(f"a\n1\n{root}", 2, ROOT)

    @pytest.mark.parametrize(
        "change",
        [
            lambda body: "",
            lambda body: "\n",
            lambda body: body[:-1],
            lambda body: "\n" + body,
            lambda body: body + "\n",
            lambda body: body.replace("\n17", "\n\n17"),
            lambda body: body.replace("\n17\n", "\n"),
            lambda body: body.replace("17", "017"),
            lambda body: body.replace("17", "+17"),
            lambda body: body.replace("17", "-17"),
            lambda body: body.replace("17", "17 "),
            lambda body: body.replace("17", "1_7"),
            lambda body: body.replace("17", "1.7"),
            lambda body: body.replace("17", "١٧"),
            lambda body: body.replace("17", "0x11"),
            lambda body: body.replace("17", str(2**63)),
            lambda body: body.replace("17", "9" * 5000),
            lambda body: body.replace("AAEC", "AEC"),
            lambda body: body.replace("AAEC", ""),
            lambda body: body.replace("h8=", "h9="),
            lambda body: body.replace("h8=", "h8"),
            lambda body: body.replace("h8=", "h8=="),
            lambda body: body.replace("AAEC", "AA C"),
            lambda body: body.replace("AAEC", "AA-_"),
            lambda body: body.replace("\n17", "\r\n17"),
        ],
    )
    def test_that_is_written_otherwise_is_refused(self, change: Callable[[str], str]) -> None:
        with pytest.raises(LogProofWrong):
            read_checkpoint(change(BODY))


class TestSigning:
    def test_gives_the_text_an_empty_line_and_a_signature(self) -> None:
        head, line = NOTE.split("\n\n")
        assert head + "\n" == BODY
        data = base64.b64decode(line.removeprefix(f"— {LOG.name} "))
        assert data == key_id(LOG.name, LOG.public_key) + LOG.sign(BODY.encode())
        assert opened(NOTE) == Checkpoint(LOG.name, 17, ROOT)

    @pytest.mark.parametrize("body", ["\n", "a\n", "a\n\nb\n", "a\n\n", "\n\n", "— a b\n", "é\u2028\x85\n"])
    def test_any_text_comes_back_as_it_was(self, body: str) -> None:
        note = sign_note(body, LOG.name, LOG.public_key, LOG.sign)
        assert signed_text(note, LOG.name, LOG.public_key, verify) == body

    @pytest.mark.parametrize("body", ["", "a", "a\r\n", "a\x00\n", "\ud800\n", "x" * 300_000 + "\n"])
    def test_what_is_no_text_of_a_note_is_not_signed(self, body: str) -> None:
        with pytest.raises(LogProofWrong, match="note"):
            sign_note(body, LOG.name, LOG.public_key, LOG.sign)

    def test_with_what_gives_no_signature(self) -> None:
        for wrong in (b"", bytes(63), bytes(65)):
            with pytest.raises(LogProofWrong, match="64 bytes"):
                sign_note(BODY, LOG.name, LOG.public_key, lambda _, wrong=wrong: wrong)  # type: ignore[misc]

    def test_under_a_name_or_key_that_cannot_be(self) -> None:
        with pytest.raises(LogProofWrong, match="name of a key"):
            sign_note(BODY, "a b", LOG.public_key, LOG.sign)
        with pytest.raises(LogProofWrong, match="32 bytes"):
            sign_note(BODY, LOG.name, b"", LOG.sign)


class TestOpening:
    def test_passes_over_lines_of_others(self) -> None:
        unknown = f"— {OTHER.name} {base64.b64encode(bytes(5)).decode()}\n"
        same_name = f"— {LOG.name} {base64.b64encode(bytes(50)).decode()}\n"
        same_id = f"— {OTHER.name} {base64.b64encode(key_id(LOG.name, LOG.public_key) + bytes(64)).decode()}\n"
        assert opened(NOTE + unknown + same_name + same_id + LINE).size == 17
        before = NOTE.replace(BODY + "\n", BODY + "\n" + unknown + same_name + same_id)
        assert opened(before).size == 17

    def test_needs_the_key_that_is_expected(self) -> None:
        with pytest.raises(LogProofWrong, match="not signed by other"):
            opened(NOTE, OTHER)
        with pytest.raises(LogProofWrong, match="not signed by artist"):
            open_note(NOTE, LOG.name, OTHER.public_key, verify)
        with pytest.raises(LogProofWrong, match="32 bytes"):
            open_note(NOTE, LOG.name, LOG.public_key[:-1], verify)
        with pytest.raises(LogProofWrong, match="name of a key"):
            open_note(NOTE, "", LOG.public_key, verify)

    def test_needs_every_line_of_that_key_to_hold(self) -> None:
        good = line_of(LOG, LOG.sign(BODY.encode()))
        assert opened(NOTE + good).size == 17
        for wrong in (bytes(64), LOG.sign(b"another text")):
            with pytest.raises(LogProofWrong, match="does not hold"):
                opened(NOTE + line_of(LOG, wrong))
        for length in (1, 63, 65, 72):
            with pytest.raises(LogProofWrong, match="length"):
                opened(NOTE + line_of(LOG, bytes(length)))

    def test_a_key_that_is_no_point_of_the_curve_signs_nothing(self) -> None:
        weak = Signatory("weak.example")
        weak.public_key = bytes(32)
        with pytest.raises(LogProofWrong, match="does not hold"):
            opened(BODY + "\n" + line_of(weak, bytes(64)), weak)

    def test_no_bit_can_be_flipped(self) -> None:
        data = NOTE.encode()
        for bit in range(len(data) * 8):
            wrong = bytearray(data)
            wrong[bit // 8] ^= 1 << bit % 8
            with pytest.raises(LogProofWrong):
                opened(bytes(wrong))

    def test_no_byte_can_be_added_or_left_out(self) -> None:
        data = NOTE.encode()
        for place in range(len(data)):
            with pytest.raises(LogProofWrong):
                opened(data[:place] + data[place + 1 :])
            for more in (b" ", b"\n", b"=", b"a"):
                with pytest.raises(LogProofWrong):
                    opened(data[:place] + more + data[place:])

    @pytest.mark.parametrize(
        ("note", "why"),
        [
            ("", "line break"),
            ("\n", "empty line"),
            ("\n\n", "empty line"),
            (BODY, "empty line"),
            (BODY + "\n", "empty line"),
            (NOTE[:-1], "line break"),
            (NOTE + "\n", "empty line"),
            (NOTE + "\n\n", "empty line"),
            (NOTE + "— a\n", "a dash, a name"),
            (NOTE + "— a \n", "a dash, a name"),
            (NOTE + "—\n", "a dash, a name"),
            (NOTE + "-- a AAAAAAA=\n", "a dash, a name"),
            (NOTE + "—  AAAAAAA=\n", "The name of a key"),
            (NOTE + "—\u00a0a AAAAAAA=\n", "a dash, a name"),
            (NOTE + "— a\u00a0b AAAAAAA=\n", "The name of a key"),
            (NOTE + "— a+b AAAAAAA=\n", "The name of a key"),
            (NOTE + "— a AAAA AAA=\n", "in base64"),
            (NOTE + "— a AAAAAA==\n", "too short"),
            (NOTE + "— a AAAAAAB=\n", "one form"),
            (NOTE + "— a AAAAAAA\n", "in base64"),
            (NOTE + "— a ÄÄÄÄ\n", "in base64"),
            (NOTE.replace("\n", "\r\n"), "control characters"),
            (NOTE.replace("artist", "art\x00st"), "control characters"),
            (NOTE + "— a AAAAAAA=\n" * 100, "100 signatures"),
            ("x" * 300_000 + "\n" + NOTE, "bytes"),
            ("ä" * 200_000 + "\n" + NOTE, "bytes"),
            ("\ud800" + NOTE, "UTF-8"),
            (b"\xff" + NOTE.encode(), "UTF-8"),
            (b"\xed\xa0\x80" + NOTE.encode(), "UTF-8"),
            (NOTE.encode("utf-16"), "UTF-8"),
        ],
    )
    def test_of_what_is_no_note_is_refused_with_a_sentence(self, note: bytes | str, why: str) -> None:
        with pytest.raises(LogProofWrong, match=why) as refusal:
            opened(note)
        assert refusal.value.sentence.endswith(".")

    def test_sixteen_long_signatures_are_read(self) -> None:
        many = "".join(f"— post.quantum/{at} {base64.b64encode(bytes(4999)).decode()}\n" for at in range(16))
        assert opened(NOTE + many).size == 17


class TestCosigning:
    def test_is_over_the_time_and_the_text(self) -> None:
        data = base64.b64decode(LINE.removeprefix(f"— {WITNESS.name} "))
        message = b"cosignature/v1\ntime 1700000000\n" + BODY.encode()
        time = (1_700_000_000).to_bytes(8, "big")
        assert data == key_id(WITNESS.name, WITNESS.public_key, COSIGNATURE) + time + WITNESS.sign(message)
        assert seen(NOTE + LINE) == 1_700_000_000

    def test_leaves_the_signature_of_the_log_as_it_was(self) -> None:
        assert opened(add_cosignature(NOTE, LINE, WITNESS.name, WITNESS.public_key, verify)) == opened(NOTE)

    def test_covers_lines_of_an_extension(self) -> None:
        note = sign_note(checkpoint_body("a", 1, ROOT, ["more"]), LOG.name, LOG.public_key, LOG.sign)
        line = cosign(note, WITNESS.name, WITNESS.public_key, WITNESS.sign, 5)
        assert seen(note + line) == 5
        with pytest.raises(LogProofWrong, match="does not hold"):
            seen(note.replace("more", "less") + line)

    def test_the_latest_time_counts(self) -> None:
        later, earlier = (cosign(NOTE, WITNESS.name, WITNESS.public_key, WITNESS.sign, at) for at in (9, 5))
        assert seen(NOTE + later + earlier) == seen(NOTE + earlier + later) == 9

    @pytest.mark.parametrize("at", [0, 2**63 - 1])
    def test_at_the_ends_of_time(self, at: int) -> None:
        assert seen(NOTE + cosign(NOTE, WITNESS.name, WITNESS.public_key, WITNESS.sign, at)) == at

    @pytest.mark.parametrize("at", [-1, 2**63])
    def test_beyond_them_is_refused(self, at: int) -> None:
        with pytest.raises(LogProofWrong, match="time of a cosignature"):
            cosign(NOTE, WITNESS.name, WITNESS.public_key, WITNESS.sign, at)

    def test_a_time_beyond_them_does_not_hold_whoever_signed_it(self) -> None:
        message = f"cosignature/v1\ntime {2**63}\n{BODY}".encode()
        data = (2**63).to_bytes(8, "big") + WITNESS.sign(message)
        with pytest.raises(LogProofWrong, match="does not hold"):
            seen(NOTE + line_of(WITNESS, data, COSIGNATURE))

    def test_what_is_no_checkpoint_is_not_cosigned(self) -> None:
        note = sign_note("hello\n", LOG.name, LOG.public_key, LOG.sign)
        with pytest.raises(LogProofWrong, match="an origin, a size"):
            cosign(note, WITNESS.name, WITNESS.public_key, WITNESS.sign, 5)
        with pytest.raises(LogProofWrong, match="an origin, a size"):
            seen(note + LINE)
        with pytest.raises(LogProofWrong, match="empty line"):
            cosign(BODY, WITNESS.name, WITNESS.public_key, WITNESS.sign, 5)

    def test_with_what_gives_no_signature(self) -> None:
        with pytest.raises(LogProofWrong, match="64 bytes"):
            cosign(NOTE, WITNESS.name, WITNESS.public_key, lambda _: b"", 5)

    def test_a_signature_is_no_cosignature_nor_the_other_way_round(self) -> None:
        with pytest.raises(LogProofWrong, match="not signed by artist"):
            seen(NOTE, LOG)
        with pytest.raises(LogProofWrong, match="not signed by witness"):
            opened(NOTE + LINE, WITNESS)
        moved = line_of(WITNESS, base64.b64decode(LINE.rsplit(" ", 1)[1])[12:])
        with pytest.raises(LogProofWrong, match="does not hold"):
            opened(NOTE + moved, WITNESS)

    def test_no_bit_of_it_can_be_flipped(self) -> None:
        data = base64.b64decode(LINE.rsplit(" ", 1)[1])
        for bit in range(len(data) * 8):
            wrong = bytearray(data)
            wrong[bit // 8] ^= 1 << bit % 8
            with pytest.raises(LogProofWrong):
                seen(f"{NOTE}— {WITNESS.name} {base64.b64encode(wrong).decode()}\n")

    @pytest.mark.parametrize("length", [1, 64, 71, 73])
    def test_it_has_one_length(self, length: int) -> None:
        with pytest.raises(LogProofWrong, match="length"):
            seen(NOTE + line_of(WITNESS, bytes(length), COSIGNATURE))

    def test_one_of_another_size_or_root_does_not_hold(self) -> None:
        for body in (checkpoint_body(LOG.name, 18, ROOT), checkpoint_body(LOG.name, 17, ROOT[::-1])):
            with pytest.raises(LogProofWrong, match="does not hold"):
                seen(sign_note(body, LOG.name, LOG.public_key, LOG.sign) + LINE)


class TestAddingACosignature:
    def added(self, line: str) -> str:
        return add_cosignature(NOTE, line, WITNESS.name, WITNESS.public_key, verify)

    def test_takes_the_line_of_the_witness(self) -> None:
        assert self.added(LINE) == NOTE + LINE

    def test_takes_nothing_but_one_line_that_holds(self) -> None:
        other = cosign(NOTE, OTHER.name, OTHER.public_key, OTHER.sign, 5)
        body = sign_note(checkpoint_body("evil", 99, ROOT), LOG.name, LOG.public_key, LOG.sign)
        for wrong in ("", "\n", LINE[:-1], LINE + LINE, LINE + other, other, "\n" + LINE, f"{LINE}\n{LINE}", body,
                      LINE.replace("—", "-"), line_of(WITNESS, bytes(72), COSIGNATURE), NOTE):  # fmt: skip
            with pytest.raises(LogProofWrong):
                self.added(wrong)

    def test_a_line_that_holds_already_does_not_carry_another(self) -> None:
        forged = line_of(WITNESS, bytes(72), COSIGNATURE)
        foreign = cosign(NOTE, OTHER.name, OTHER.public_key, OTHER.sign, 5)
        of_another_kind = f"— {WITNESS.name} {base64.b64encode(bytes(76)).decode()}\n"
        for line in (forged, foreign, of_another_kind):
            with pytest.raises(LogProofWrong):
                add_cosignature(NOTE + LINE, line, WITNESS.name, WITNESS.public_key, verify)

    def test_a_note_that_is_full_takes_no_more(self) -> None:
        full = NOTE + "— a AAAAAAA=\n" * 99
        with pytest.raises(LogProofWrong, match="100 signatures"):
            add_cosignature(full, LINE, WITNESS.name, WITNESS.public_key, verify)


class TestStrangeInput:
    pieces = st.lists(
        st.sampled_from(["\n", "\n\n", " ", "— ", LOG.name, "17", BODY, LINE, NOTE, "AAAAAAA=", "é"])
        | st.text(max_size=5)
    ).map("".join)

    @given(st.text() | st.binary() | pieces)
    def test_opening_refuses_with_no_other_error(self, note: bytes | str) -> None:
        for read in (opened, seen):
            try:
                read(note)
            except LogProofWrong:
                continue
            assert BODY in (note if isinstance(note, str) else note.decode())

    @given(pieces)
    def test_a_checkpoint_is_refused_or_read_in_one_way(self, body: str) -> None:
        try:
            checkpoint = read_checkpoint(body)
        except LogProofWrong:
            return
        assert checkpoint_body(checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.extensions) == body

    @given(st.text(), st.integers(), st.binary(max_size=40), st.lists(st.text()))
    def test_a_checkpoint_is_written_so_that_it_is_read_again(
        self, origin: str, size: int, root: bytes, extensions: list[str]
    ) -> None:
        try:
            body = checkpoint_body(origin, size, root, extensions)
        except LogProofWrong:
            return
        assert read_checkpoint(body) == Checkpoint(origin, size, root, tuple(extensions))
