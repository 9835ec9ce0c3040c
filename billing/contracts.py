"""What billing needs from others, stated here and handed over by the bootstrap."""

from typing import Protocol


class Signer(Protocol):
    """Signs receipts with the presence's delegated key."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...
