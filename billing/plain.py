"""Plain statements on the driver's own connection, for where every microsecond is counted: money, and each answer.

One text for both databases, with names for values; PostgreSQL's driver gets them in its own style. A row that stands in
another one's way raises SQLAlchemy's `IntegrityError`, as it does where a statement goes through SQLAlchemy.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

_VALUE = re.compile(r"(?<![:\w]):([a-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, as either driver takes it."""

    sqlite: str
    postgresql: str


def statement(text: str, *, postgresql: str | None = None) -> Statement:
    """Read a statement with values as `:name`; `postgresql` where that database says it otherwise."""
    return Statement(text, _VALUE.sub(r"%(\1)s", postgresql or text))


class Plain:
    """Runs statements within the transaction of a connection."""

    __slots__ = ("_driver", "_execute", "_is_sqlite")

    def __init__(self, connection: "Connection") -> None:
        driver: Any = connection.connection.driver_connection
        self._driver, self._execute = driver, driver.execute
        self._is_sqlite = isinstance(driver, sqlite3.Connection)

    def run(self, what: Statement, **values: Any) -> int:
        """Run a statement and give how many rows it changed."""
        changed: int = self._executed(what, values).rowcount
        return changed

    def each(self, what: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement for each of several sets of values."""
        try:
            self._driver.cursor().executemany(what.sqlite if self._is_sqlite else what.postgresql, values)
        except Exception as error:
            raise _as_elsewhere(what, error) from error

    def row(self, what: Statement, **values: Any) -> tuple[Any, ...] | None:
        """Give the first row, or None."""
        found: tuple[Any, ...] | None = self._executed(what, values).fetchone()
        return found

    def rows(self, what: Statement, **values: Any) -> list[tuple[Any, ...]]:
        """Give every row."""
        found: list[tuple[Any, ...]] = self._executed(what, values).fetchall()
        return found

    def _executed(self, what: Statement, values: Mapping[str, Any]) -> Any:
        try:
            return self._execute(what.sqlite if self._is_sqlite else what.postgresql, values)
        except Exception as error:
            raise _as_elsewhere(what, error) from error


def _as_elsewhere(what: Statement, error: Exception) -> Exception:
    """Give the error that SQLAlchemy would raise where a row stands in the way; any other stays what it is."""
    from sqlalchemy.exc import IntegrityError

    if not any(kind.__name__ == IntegrityError.__name__ for kind in type(error).__mro__):
        return error
    return IntegrityError(what.sqlite, None, error, hide_parameters=True)
