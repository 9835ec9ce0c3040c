"""The public log of receipts: a Merkle tree in static files, under a signed checkpoint.

Anybody who has the files and the key of the log can see that a receipt is in it, and that what was in
it stays. Formats are those of C2SP (tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature), so that
outside tools read the log too. It proves that the log only grows and what is in it, not that everything
is in it, and not that everybody is shown the same log; for the latter there are witnesses.

All of this is computing: files, clocks and keys are handed in.
"""

from billing.receipt_log.errors import LogProofWrong
from billing.receipt_log.keys import (
    COSIGNATURE,
    ED25519,
    VerifierKey,
    check_name,
    key_id,
    read_verifier_key,
    write_verifier_key,
)
from billing.receipt_log.note import (
    Checkpoint,
    Sign,
    Verify,
    add_cosignature,
    checkpoint_body,
    cosign,
    cosigned_at,
    open_note,
    read_checkpoint,
    sign_note,
    signed_text,
)
from billing.receipt_log.tiles import (
    ENTRY_BYTES_MAX,
    TILE_WIDTH,
    Read,
    Tiles,
    bundle_of,
    bundle_path,
    changed_bundles,
    changed_tiles,
    entries_of,
    grown,
    tile_path,
)
from billing.receipt_log.tree import (
    EMPTY_ROOT,
    HashOf,
    consistency_proof,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "EMPTY_ROOT",
    "ENTRY_BYTES_MAX",
    "TILE_WIDTH",
    "Checkpoint",
    "HashOf",
    "LogProofWrong",
    "Read",
    "Sign",
    "Tiles",
    "VerifierKey",
    "Verify",
    "add_cosignature",
    "bundle_of",
    "bundle_path",
    "changed_bundles",
    "changed_tiles",
    "check_name",
    "checkpoint_body",
    "consistency_proof",
    "cosign",
    "cosigned_at",
    "entries_of",
    "grown",
    "hashes_of",
    "inclusion_proof",
    "key_id",
    "leaf_hash",
    "node_hash",
    "open_note",
    "read_checkpoint",
    "read_verifier_key",
    "root_at",
    "root_of",
    "sign_note",
    "signed_text",
    "tile_path",
    "verify_consistency",
    "verify_inclusion",
    "write_verifier_key",
]
