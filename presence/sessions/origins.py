"""The addresses of this node, as its operator configured them; what a request claims is never believed."""

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Origins:
    """An origin is scheme, host and port, as browsers write them."""

    def __init__(self, public_url: str | None, port: int) -> None:
        self._public = public_url.rstrip("/") if public_url else None
        self._port = port

    @property
    def first(self) -> str:
        """The address to give to others."""
        return self._public or f"http://localhost{self._suffix}"

    def at_port(self, port: int) -> None:
        """Say which port was taken, where the system chose it."""
        self._port = port

    def of(self, host: str) -> str:
        """Give the one of our origins that has this host and port, or else the first."""
        return next((origin for origin in self._all if urlsplit(origin).netloc == host), self.first)

    def relying_party(self, host: str) -> str:
        """Give the name that passkeys made at one of our addresses are for; numbers cannot have any."""
        name = urlsplit(self.of(host)).hostname or ""
        return "localhost" if name in ("127.0.0.1", "::1") else name

    def holds(self, origin: str) -> bool:
        """Whether this is an address of ours."""
        return origin in self._all

    def names(self, authority: str) -> bool:
        """Whether this host, with its port where it is not the usual one, is ours."""
        return any(urlsplit(origin).netloc == authority for origin in self._all)

    @property
    def all(self) -> list[str]:
        """Every address of ours."""
        return list(self._all)

    @property
    def _all(self) -> tuple[str, ...]:
        loopback = tuple(f"http://{name}{self._suffix}" for name in LOOPBACK)
        return (self._public, *loopback) if self._public else loopback

    @property
    def _suffix(self) -> str:
        return "" if self._port == 80 else f":{self._port}"


def is_safe_for_secrets(scheme: str, host: str) -> bool:
    """Whether a sign-in may pass here: with TLS, or on this machine only."""
    return scheme == "https" or (urlsplit(f"//{host}").hostname or "") in ("localhost", "127.0.0.1", "::1")
