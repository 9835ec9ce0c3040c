"""The word by which a node knows its own doctor at the front door, for a few minutes.

It is made from the node's own secret, so that whoever runs the doctor has to be able to read the home.
"""

import hashlib
import hmac
import time

WINDOW_SECONDS = 300
_PURPOSE = b"presence doctor --public %d"


def word(secret: bytes, now: float | None = None) -> str:
    """Give the word of these five minutes; `now` is in Unix seconds."""
    return _word(secret, int((time.time() if now is None else now) // WINDOW_SECONDS))


def is_word(secret: bytes, said: str, now: float | None = None) -> bool:
    """Whether this is the word of these five minutes or of those before."""
    window = int((time.time() if now is None else now) // WINDOW_SECONDS)
    return any(hmac.compare_digest(_word(secret, one).encode(), said.encode()) for one in (window, window - 1))


def _word(secret: bytes, window: int) -> str:
    return hmac.new(secret, _PURPOSE % window, hashlib.sha256).hexdigest()
