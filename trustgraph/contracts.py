"""What this package needs from the house that it lives in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")

Snapshots = Callable[[], AbstractContextManager["Connection"]]
"""Opens one snapshot of the database: its first statement fixes what all of them see."""


class WriteLane(Protocol):
    """The one writer of the database; a command runs alone and whole, or not at all."""

    def run(self, command: "Callable[[Connection], T]") -> T: ...
