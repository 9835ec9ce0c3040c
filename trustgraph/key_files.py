"""Keys in files: sealed with a passphrase for people, bare but readable by its user alone for the node.

A sealed file has one of two forms. `argon2id13` with SecretBox is what this program writes;
`pbkdf2-sha256` with AES-256-GCM is what a browser can write and read without any library.
Both are JSON of a few fields; binary is base64url without padding.
"""

import base64
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nacl.exceptions
from nacl import pwhash
from nacl.bindings import crypto_aead_aes256gcm_decrypt, crypto_aead_aes256gcm_encrypt
from nacl.secret import SecretBox

from trustgraph.errors import KeyFileWrong
from trustgraph.keys import SEED_BYTES, Key

ARGON2ID, PBKDF2 = "argon2id13", "pbkdf2-sha256"
PBKDF2_ROUNDS = 600_000
PBKDF2_ROUNDS_MAX = 10_000_000
MEMORY_BYTES_MAX = 1024**3
_NONCE_BYTES = 12
_FIELDS = {"v", "did", "kdf", "ops", "mem", "salt", "box"}
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def sealed(key: Key, passphrase: str, *, kdf: str = ARGON2ID) -> dict[str, Any]:
    """Give what a key file holds."""
    salt = secrets.token_bytes(pwhash.argon2id.SALTBYTES)
    ops, mem = pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE
    if kdf == PBKDF2:
        ops, mem = PBKDF2_ROUNDS, 0
    secret = _secret(kdf, passphrase, salt, ops, mem)
    if kdf == PBKDF2:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = nonce + crypto_aead_aes256gcm_encrypt(key.seed, key.did.encode(), nonce, secret)
    else:
        box = bytes(SecretBox(secret).encrypt(key.seed))
    return {"v": 1, "did": key.did, "kdf": kdf, "ops": ops, "mem": mem, "salt": _text(salt), "box": _text(box)}


def unsealed(file: Mapping[str, Any], passphrase: str) -> Key:
    """Open what a key file holds, or raise `KeyFileWrong`."""
    if set(file) != _FIELDS or file["v"] != 1 or file["kdf"] not in (ARGON2ID, PBKDF2):
        raise KeyFileWrong("This is not a key file of this program.")
    try:
        salt, box = _bytes(file["salt"]), _bytes(file["box"])
        secret = _secret(file["kdf"], passphrase, salt, file["ops"], file["mem"])
        if file["kdf"] == PBKDF2:
            seed = crypto_aead_aes256gcm_decrypt(
                box[_NONCE_BYTES:], str(file["did"]).encode(), box[:_NONCE_BYTES], secret
            )
        else:
            seed = SecretBox(secret).decrypt(box)
    except (nacl.exceptions.CryptoError, ValueError, TypeError) as error:
        raise KeyFileWrong("The key file cannot be opened with this passphrase.") from error
    if len(seed) != SEED_BYTES or (key := Key(seed)).did != file["did"]:
        raise KeyFileWrong("The key file holds another key than it says.")
    return key


def write_sealed(path: Path, key: Key, passphrase: str, *, kdf: str = ARGON2ID) -> None:
    """Write a sealed key file; one that is there already is never replaced."""
    _write(path, json.dumps(sealed(key, passphrase, kdf=kdf), indent=1))


def read_sealed(path: Path, passphrase: str) -> Key:
    """Open a sealed key file, or raise `KeyFileWrong`."""
    return unsealed(_object(path), passphrase)


def write_bare(path: Path, key: Key) -> None:
    """Write a key that the node has to use without a person: only its user may read the file."""
    _write(path, json.dumps({"v": 1, "did": key.did, "seed": _text(key.seed)}))


def read_bare(path: Path) -> Key:
    """Read such a key; raises `KeyFileWrong` where others could read it too."""
    file = _object(path)
    try:
        key = Key(_bytes(file["seed"]))
    except (KeyError, ValueError, TypeError) as error:
        raise KeyFileWrong(f"{path} is not a key file of this program.") from error
    if key.did != file.get("did"):
        raise KeyFileWrong(f"{path} holds another key than it says.")
    return key


def recovery_code(key: Key) -> str:
    """Give a key as letters and digits for paper, in groups of four, with two to check them by."""
    data = key.seed + hashlib.sha256(key.seed).digest()[:3]
    letters = base64.b32encode(data).decode().rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def from_recovery_code(code: str) -> Key:
    """Read a key from paper, or raise `KeyFileWrong`; case, spaces and dashes do not matter."""
    letters = "".join(char for char in code.upper() if char.isalnum()).replace("0", "O").replace("1", "I")
    try:
        data = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as error:
        raise KeyFileWrong("The recovery code has a sign that none of them has. Look at it again.") from error
    seed, check = data[:SEED_BYTES], data[SEED_BYTES:]
    if len(seed) != SEED_BYTES or check != hashlib.sha256(seed).digest()[:3]:
        raise KeyFileWrong("The recovery code is not complete, or a sign is wrong. Look at it again.")
    return Key(seed)


def _secret(kdf: str, passphrase: str, salt: bytes, ops: int, mem: int) -> bytes:
    if kdf == PBKDF2:
        if not PBKDF2_ROUNDS <= ops <= PBKDF2_ROUNDS_MAX:
            raise ValueError(ops)
        return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ops, SecretBox.KEY_SIZE)
    if mem > MEMORY_BYTES_MAX:
        raise ValueError(mem)
    return pwhash.argon2id.kdf(SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=ops, memlimit=mem)


def _object(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_mode & _OPEN_TO_OTHERS:
            raise KeyFileWrong(f"Others on this machine can read {path}. Say: chmod 600 {path}")
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeyFileWrong(f"There is no key file at {path} that can be read.") from error
    if not isinstance(value, dict):
        raise KeyFileWrong(f"{path} is not a key file of this program.")
    return value


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileWrong(f"{path} is there already, and a key is never written over. Move it away first.") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
