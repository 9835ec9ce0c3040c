"""Base64 as the log writes it: the standard alphabet with padding, read only in the form it is written in.

A laxer reader would take several texts for the same signature, and a note could be changed without a trace.
"""

import base64
import binascii

from billing.receipt_log.errors import LogProofWrong


def written(data: bytes) -> str:
    """Write bytes as base64."""
    return base64.b64encode(data).decode()


def read(text: str, what: str) -> bytes:
    """Read what `written` gave; `what` names it in the refusal."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise LogProofWrong(f"{what} is not written in base64.") from error
    if written(data) != text:
        raise LogProofWrong(f"{what} is not written in the one form that base64 has for it.")
    return data
