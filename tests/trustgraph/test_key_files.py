"""Keys in files and on paper."""

import json
import os
from pathlib import Path

import pytest

from tests.trusting import key
from trustgraph import key_files
from trustgraph.errors import KeyFileWrong

ANN = key("ann")


@pytest.mark.parametrize("kdf", [key_files.ARGON2ID, key_files.PBKDF2])
def test_a_sealed_key_opens_with_its_passphrase_alone(tmp_path: Path, kdf: str) -> None:
    path = tmp_path / "keys" / "ann.json"
    key_files.write_sealed(path, ANN, "a phrase", kdf=kdf)
    assert key_files.read_sealed(path, "a phrase").seed == ANN.seed
    assert ANN.seed.hex() not in path.read_text()
    with pytest.raises(KeyFileWrong, match="passphrase"):
        key_files.read_sealed(path, "another phrase")


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    key_files.write_bare(tmp_path / "k.json", ANN)
    with pytest.raises(KeyFileWrong, match="never written over"):
        key_files.write_bare(tmp_path / "k.json", key("bob"))
    assert key_files.read_bare(tmp_path / "k.json").did == ANN.did


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.json"
    key_files.write_bare(path, ANN)
    assert path.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        with pytest.raises(KeyFileWrong, match="chmod 600"):
            key_files.read_bare(path)


SEALED = key_files.sealed(ANN, "a phrase", kdf=key_files.PBKDF2)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"kdf": "none"},
        {"ops": 1},
        {"ops": 10**12},
        {"salt": "!"},
        {"box": ""},
        {"box": SEALED["box"][:-4] + "AAAA"},
        {"did": key("bob").did},
        {"more": 1},
        {"ops": "x"},
    ],
)
def test_a_file_that_was_changed_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(KeyFileWrong):
        key_files.unsealed(SEALED | change, "a phrase")


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', json.dumps({"v": 1})])
def test_what_is_no_key_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k.json"
    path.touch(0o600)
    path.write_text(text)
    for read in (key_files.read_bare, lambda file: key_files.read_sealed(file, "a phrase")):
        with pytest.raises(KeyFileWrong):
            read(path)


def test_a_code_on_paper_is_read_back_as_people_type_it() -> None:
    code = key_files.recovery_code(ANN)
    for typed in (code, code.lower(), code.replace("-", " "), f" {code}\n", code.replace("O", "0").replace("I", "1")):
        assert key_files.from_recovery_code(typed).seed == ANN.seed


def test_a_mistake_in_a_code_is_noticed() -> None:
    code = key_files.recovery_code(ANN)
    wrong = [code[:-1], code + "A", "", "A" * 56]
    for at, sign in enumerate(code):
        if sign != "-":
            wrong.append(code[:at] + ("B" if sign == "A" else "A") + code[at + 1 :])
    for one in wrong:
        with pytest.raises(KeyFileWrong):
            key_files.from_recovery_code(one)


def test_no_secret_is_printed() -> None:
    assert ANN.seed.hex() not in repr(ANN)
    assert os.fsdecode(b"seed") not in repr(ANN)
