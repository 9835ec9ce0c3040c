"""How a collaborator names the key that she cosigns with."""

from billing.errors import WitnessRefused
from billing.receipt_log import COSIGNATURE, LogProofWrong, VerifierKey, read_verifier_key
from trustgraph import DocumentRefused
from trustgraph.did import key_of

DID = "did:"


def witness_key(text: str) -> VerifierKey:
    """Read the key of a witness: a did, by which she is then called, or a verifier's line. Raises `WitnessRefused`."""
    text = text.strip()
    try:
        if text.startswith(DID):
            return VerifierKey(text, key_of(text), COSIGNATURE)
        return read_verifier_key(text)
    except (DocumentRefused, LogProofWrong) as error:
        raise WitnessRefused(f"This is no key for cosigning: {error}") from error
