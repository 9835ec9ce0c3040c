"""A listener nobody asked for a name: an opaque token in a cookie owns her questions."""

from presence.sessions.tokens import token_hash

LISTENER_COOKIE = "presence_listener"
LISTENER_SECONDS = 365 * 24 * 3600


def ident_of(token: str) -> str:
    """Name the listener in the database; the token itself is never stored."""
    return "anon:" + token_hash(token)[:32]
