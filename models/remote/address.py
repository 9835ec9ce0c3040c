"""Where the remote writer lives, and the key to it: checked before anything is sent."""

from dataclasses import dataclass

import httpx

from models.errors import WriterUnreachable

COMPLETIONS = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Address:
    """The root of the server's API, without a slash at the end."""

    root: str

    @property
    def models(self) -> str:
        return f"{self.root}/models"

    @property
    def completions(self) -> str:
        return f"{self.root}{COMPLETIONS}"

    @property
    def host(self) -> str:
        """The host and the port, when one is named."""
        return httpx.URL(self.root).netloc.decode()


def address_of(url: str) -> Address:
    """Read an address as people write it: with or without `/v1`, or down to the completions."""
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL:
        raise WriterUnreachable("The address of the remote writer cannot be read. Write http://host:port/v1.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise WriterUnreachable("The address of the remote writer must begin with http:// or https:// and name a host.")
    # Such parts would be shown, and kept, wherever the address is.
    if parsed.userinfo or parsed.query or parsed.fragment:
        raise WriterUnreachable("The address of the remote writer may hold no password, ? or #. Its key goes apart.")
    path = parsed.path.rstrip("/").removesuffix(COMPLETIONS) or "/v1"
    return Address(f"{parsed.scheme}://{parsed.netloc.decode()}{path}")


def headers_for(key: str | None) -> dict[str, str]:
    """Carry the key; compressed answers are not wanted, since they hide how long they are."""
    headers = {"accept-encoding": "identity", "user-agent": "presence"}
    if key is None or not (bare := key.strip()):
        return headers
    # The HTTP library would refuse such a key too, but its complaint quotes it.
    if not bare.isascii() or not bare.isprintable() or " " in bare:
        raise WriterUnreachable("The key of the remote writer has characters no key has. Copy it again.")
    return headers | {"authorization": f"Bearer {bare}"}
