"""Opaque tokens, kept only as their hash."""

import hashlib
import secrets

TOKEN_CHARS = 43  # 256 bits, base64url


def new_token() -> str:
    """Make a token that cannot be guessed."""
    return secrets.token_urlsafe(32)


def well_formed(token: str | None) -> str | None:
    """Give a token, or None for one that we did not make."""
    return token if token is not None and len(token) == TOKEN_CHARS and token.isascii() else None


def token_hash(token: str) -> str:
    """Hash a token, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
