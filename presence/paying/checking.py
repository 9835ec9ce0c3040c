"""A receipt, checked with nothing but its copy and a key: no node, no network."""

import time
from typing import Any

from billing import Currency, check_receipt
from billing.checking import check_published
from billing.errors import ReceiptWrong
from billing.receipt_log import VerifierKey, read_verifier_key
from presence.paying.signatures import is_signed_by, is_signed_by_key
from trustgraph.did import key_of


def checked(copy: Any, did: str, log_key: str | None) -> dict[str, Any]:
    """Say what holds, or raise `ReceiptWrong`, `LogProofWrong`, `DocumentRefused`.

    Without the log's own key, its checkpoint has to be signed by the key of the receipt, under the node's name.
    """
    if not isinstance(copy, dict):
        raise ReceiptWrong("This is not a receipt of this kind.")
    public_key = key_of(did)
    said = check_receipt(copy, did, is_signed_by)
    checkpoint = None
    if log_key is not None or copy.get("log") is not None:
        line = VerifierKey(said["node"], public_key) if log_key is None else read_verifier_key(log_key.strip())
        if line.name != said["node"]:
            raise ReceiptWrong("This log is not the one of the node that wrote the receipt.")
        checkpoint = check_published(copy, line, is_signed_by_key)
    return {
        "id": said["id"],
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(said["at"])),
        "act": said["act"],
        "micros": said["micros"],
        "amount": Currency(said["currency"]).shown(said["micros"]),
        "opened": [name for name in ("payer", "question") if copy.get(f"{name}_is") is not None],
        "leaf": None if checkpoint is None else copy["log"]["leaf"],
        "log_size": None if checkpoint is None else checkpoint.size,
    }
