"""A listener nobody asked for a name: an opaque token in a cookie owns her questions."""

import hashlib
import secrets

LISTENER_COOKIE = "presence_listener"
LISTENER_SECONDS = 365 * 24 * 3600
_TOKEN_CHARS = 43  # 256 bits, base64url


def new_token() -> str:
    """Make a token that cannot be guessed."""
    return secrets.token_urlsafe(32)


def well_formed(token: str | None) -> str | None:
    """Give the token of a cookie, or None for one that we did not make."""
    return token if token is not None and len(token) == _TOKEN_CHARS and token.isascii() else None


def ident_of(token: str) -> str:
    """Name the listener in the database; the token itself is never stored."""
    return "anon:" + token_hash(token)[:32]


def token_hash(token: str) -> str:
    """Hash a token, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
