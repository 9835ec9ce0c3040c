"""Cosigning another presence's log of receipts, from a collaborator's own machine.

She signs a checkpoint only after her own program has seen that the log grew out of the one that she signed
last. What she is about to sign is written down before it is signed, so that a crash lets her sign nothing twice
otherwise; and a log that does not hold is said in a sentence, signed by nobody.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from billing.errors import WitnessRefused
from billing.receipt_log import (
    COSIGNATURE,
    Checkpoint,
    LogProofWrong,
    Tiles,
    VerifierKey,
    consistency_proof,
    open_note,
    read_verifier_key,
    verify_consistency,
    write_verifier_key,
)
from billing.receipt_log import cosign as cosigned_line
from presence.errors import NodeUnreachable, TextUnreadable
from presence.paying.signatures import is_signed_by_key
from trustgraph import Key

BYTES_MAX = 256 * 1024
TRIES_MAX = 3
"""A checkpoint may be replaced between its fetching and its signing; then the new one is looked at."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was signed last of a log: its key's line, and its checkpoint with the log's own signature."""

    log_key: str
    note: str


def cosign(
    client: httpx2.Client, key: Key, memory: Path, *, log_key: str | None = None, now: Callable[[], float] = time.time
) -> dict[str, Any]:
    """Cosign the checkpoint that a presence serves; give what was signed.

    `memory` is a file that keeps what was signed last. `log_key` is the log's line from elsewhere; without it,
    the first one that is seen is kept. Raises `LogProofWrong`, `WitnessRefused`, `NodeUnreachable`.
    """
    seen = _remembered(memory)
    line = _line_of(client, seen, log_key)
    log, me = read_verifier_key(line), VerifierKey(key.did, key.public_key, COSIGNATURE)
    for tries in range(1, TRIES_MAX + 1):
        note = _fetched(client, "/log/checkpoint").decode()
        found = open_note(note, log.name, log.public_key, is_signed_by_key)
        if found.origin != log.name:
            raise LogProofWrong("The checkpoint is of another log than its key.")
        before = open_note(seen.note, log.name, log.public_key, is_signed_by_key) if seen is not None else None
        try:
            check_growth(before, found, lambda path: _fetched(client, f"/log/{path}"))
        except LogProofWrong:
            memory.with_name(f"{memory.name}.refused").write_text(note, encoding="utf-8")
            raise
        seen = Seen(line, note)
        _remember(memory, seen)
        signed = cosigned_line(note, me.name, me.public_key, key.sign, int(now()))
        if _handed_in(client, signed, is_last=tries == TRIES_MAX):
            break
    return {"log": log.name, "size": found.size, "before": before.size if before else 0, "key": write_verifier_key(me)}


def check_growth(before: Checkpoint | None, found: Checkpoint, read: Callable[[str], bytes]) -> None:
    """See that a log grew out of what it was, by its own files. Raises `LogProofWrong`."""
    if before is None:
        Tiles(found.size, found.root, read)
        return
    if found.size < before.size:
        raise LogProofWrong(f"The log has {found.size} entries; {before.size} were signed before. It was set back.")
    proof = consistency_proof(before.size, found.size, Tiles(found.size, found.root, read).hash_of)
    if not verify_consistency(before.size, found.size, before.root, found.root, proof):
        raise LogProofWrong(
            f"The first {before.size} entries of the log are not what they were. It was not signed. Keep what you "
            "signed last and what was refused, which lie beside your key: together they prove it."
        )


def _line_of(client: httpx2.Client, seen: Seen | None, log_key: str | None) -> str:
    """Give the line of the log's key: the one that is known, which the log has to go by."""
    known = log_key.strip() if log_key is not None else seen.log_key if seen is not None else None
    if seen is not None and known != seen.log_key:
        raise LogProofWrong("This file is of another log. Keep one file for each log that you sign.")
    line = _fetched(client, "/log/key").decode().strip()
    if known is not None and line != known:
        raise LogProofWrong("The log has another key than the one that you know it by. It was not signed.")
    return line


def _fetched(client: httpx2.Client, path: str) -> bytes:
    try:
        with client.stream("GET", path) as response:
            data = b""
            for piece in response.iter_bytes():
                data += piece
                if len(data) > BYTES_MAX:
                    raise LogProofWrong("The log sends more than its files can hold.")
    except httpx2.HTTPError as error:
        raise NodeUnreachable(str(client.base_url)) from error
    if response.is_error:
        raise LookupError(path) if "/tile/" in path else NodeUnreachable(str(client.base_url))
    return data


def _handed_in(client: httpx2.Client, line: str, *, is_last: bool) -> bool:
    """Hand a cosignature in; False where the checkpoint may have been replaced meanwhile."""
    try:
        response = client.post("/log/cosignatures", json={"line": line})
        why = "" if response.is_success else str(response.json().get("detail", ""))
    except (httpx2.HTTPError, ValueError, AttributeError) as error:
        raise NodeUnreachable(str(client.base_url)) from error
    if response.is_success:
        return True
    if is_last or "Fetch it again" not in why:
        raise WitnessRefused(f"The presence does not take this cosignature. {why}".rstrip())
    return False


def _remembered(memory: Path) -> Seen | None:
    try:
        told = json.loads(memory.read_text(encoding="utf-8"))
        return Seen(str(told["log_key"]), str(told["note"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextUnreadable(str(memory)) from error  # as if nothing had been signed is not what it says


def _remember(memory: Path, seen: Seen) -> None:
    beside = memory.with_name(f".{memory.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as opened:
        json.dump({"log_key": seen.log_key, "note": seen.note}, opened, ensure_ascii=False)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(memory)
