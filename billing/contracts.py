"""What billing needs from others, stated here and handed over by the bootstrap."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

Snapshots = Callable[[], AbstractContextManager["Connection"]]
"""Opens a snapshot of the database to read from."""


class Signer(Protocol):
    """Signs receipts with the presence's delegated key."""

    @property
    def did(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


IsSignedBy = Callable[[str, bytes, bytes], bool]
"""Whether a key (a did), a message and a signature belong together; raises nothing."""


class WriteLane(Protocol):
    """Runs a command in a transaction, again if it ran into a deadlock; gives its result once it is committed."""

    def run(self, command: "Callable[[Connection], T]") -> T: ...
