"""A receipt against the public log, offline: its copy, a key, and no node at all."""

from collections.abc import Mapping
from typing import Any

from billing.errors import ReceiptWrong
from billing.receipt_log import (
    Checkpoint,
    LogProofWrong,
    VerifierKey,
    Verify,
    leaf_hash,
    open_note,
    verify_inclusion,
)
from billing.receipts import canonical, leaf_data


def check_published(copy: Mapping[str, Any], key: VerifierKey, verify: Verify) -> Checkpoint:
    """Give the checkpoint under which a receipt is in the log of this key. Raises `ReceiptWrong`, `LogProofWrong`.

    The receipt itself is for `check_receipt`; this says that it was published, and under which size of the log.
    """
    log, said = copy.get("log"), copy.get("receipt")
    if not isinstance(log, dict) or not isinstance(said, dict):
        raise ReceiptWrong("This copy has no proof from the public log. Get a newer one: receipts are published soon.")
    note, leaf, hashes = log.get("checkpoint"), log.get("leaf"), log.get("proof")
    if not isinstance(note, str) or not isinstance(leaf, int) or not isinstance(hashes, list):
        raise ReceiptWrong("The proof in this copy is not one of this kind.")
    checkpoint = open_note(note, key.name, key.public_key, verify)
    if checkpoint.origin != key.name:
        raise LogProofWrong("The checkpoint in this copy is of another log.")
    data = leaf_data(canonical(said).decode(), str(copy.get("signature")))
    if not verify_inclusion(leaf_hash(data), leaf, checkpoint.size, _bytes(hashes), checkpoint.root):
        raise LogProofWrong("The proof does not lead from this receipt to the checkpoint: it is not in the log.")
    return checkpoint


def _bytes(hashes: list[Any]) -> list[bytes]:
    try:
        return [bytes.fromhex(one) for one in hashes]
    except (TypeError, ValueError) as error:
        raise LogProofWrong("The hashes of a proof are written in hexadecimal.") from error
