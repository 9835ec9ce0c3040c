"""Moving a home's database to a server: every table as it is, once, and looked at row by row on both sides.

The home is read and never written. Each table goes over in one transaction (those of the ledger in one for all),
together with a line that says so: a move that is broken off goes on with the first table that is not there. What is
there at the end is compared by the number of its rows and by a sum over the hashes of all of them, which no order of
rows changes. Indexes are made anew.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from knowledge.arriving import KeptIndex, fill_vectors, fill_words, strangers
from knowledge.lexical import Analyser, TsvectorIndex
from presence.errors import MoveRefused
from presence.migrations import head
from presence.write_lane import WriteLane

Told = Callable[[str, int, int], None]
"""Called with what is being done, how many rows of it are done, and how many there are."""

BATCH_ROWS = 1_000
_DERIVED = ("alembic_version", "sqlite_", "lexical_")
_MODULUS = 2**256
_BOOKS = ("ledger_accounts", "ledger_entries", "ledger_transactions")
"""Whether a transaction balances is looked at when it comes, after its entries; that it comes, when all are there."""
_FIRST = {"ledger_accounts"}
"""Tables in which a new database has rows already, the same in every home."""

_state = MetaData()
moved = Table(
    "stores_moved",
    _state,
    Column("name", String, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and the sum of their hashes, in hexadecimal."""

    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class Moving:
    """From one database to another, both at the newest revision; `source` is only read."""

    source: Engine
    target: Engine
    told: Told

    def run(self) -> dict[str, Sum]:
        """Move whatever is not there yet, compare all of it, and give what every table holds.

        Raises `MoveRefused`, where the target is somebody else's, where the source has changed since the first run,
        or where anything differs in the end.
        """
        self._check_newest()
        tables = self._tables()
        with self.source.connect() as source:
            here = {table.name: self._summed(source, table, "reading") for table in tables}
        done = self._begun(tables)
        for table in tables:
            if done.get(table.name, here[table.name]) != here[table.name]:
                raise MoveRefused(
                    f"{table.name} is not what it was when the move began: somebody used the home since. "
                    "Make an empty database, and begin again."
                )
        left = [table for table in tables if table.name not in done]
        self._copied([table for table in left if table.name in _BOOKS], here)
        for table in left:
            if table.name not in _BOOKS:
                self._copied([table], here)
        self._sequences(tables)
        self._compared(tables, here)
        return here

    def end(self) -> None:
        """Forget that there was a move: from now on, that database is a home's."""
        _state.drop_all(self.target)

    def _check_newest(self) -> None:
        with self.source.connect() as source:
            revision = source.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if revision != head():
            raise MoveRefused("The home is of another version. Open it once with this one: presence doctor")

    def _tables(self) -> list[Table]:
        """Give the tables of the target that the source has too, those first on which others rest."""
        names = {name for name in inspect(self.source).get_table_names() if not name.startswith(_DERIVED)}
        metadata = MetaData()
        metadata.reflect(self.target, only=lambda name, _: name in names)
        if lacking := names - set(metadata.tables):
            raise MoveRefused(f"The new database has no table {min(lacking)}. This is a fault of this program.")
        books = [metadata.tables[name] for name in _BOOKS]
        return [*books, *(table for table in metadata.sorted_tables if table.name not in _BOOKS)]

    def _begun(self, tables: Sequence[Table]) -> dict[str, Sum]:
        """Give what an earlier run has moved; a target that holds anything else is refused."""
        if inspect(self.target).has_table(moved.name):
            with self.target.connect() as target:
                return {row.name: Sum(row.number, row.hash) for row in target.execute(select(moved))}
        with self.target.connect() as target:
            for table in tables:
                if table.name not in _FIRST and target.execute(select(func.count()).select_from(table)).scalar_one():
                    raise MoveRefused(
                        f"The database at that address holds something already ({table.name}). Name an empty one."
                    )
        _state.create_all(self.target)
        return {}

    def _copied(self, tables: Sequence[Table], here: dict[str, Sum]) -> None:
        with self.source.connect() as source, self.target.begin() as target:
            for table in tables:
                expected = here[table.name]
                put = insert(table).on_conflict_do_nothing() if table.name in _FIRST else insert(table)
                for done, rows in enumerate(_batches(source, table)):
                    target.execute(put, rows)
                    self.told(table.name, done * BATCH_ROWS + len(rows), expected.rows)
                target.execute(moved.insert().values(name=table.name, number=expected.rows, hash=expected.hash))

    def _sequences(self, tables: Sequence[Table]) -> None:
        """Let the next number of every counted column be one that is free."""
        owned = text("SELECT pg_get_serial_sequence(:table, :column)")
        with self.target.begin() as target:
            for table in tables:
                for column in table.primary_key.columns:
                    sequence = target.execute(owned, {"table": table.name, "column": column.name}).scalar()
                    if sequence is not None:
                        last = target.execute(select(func.max(column))).scalar()
                        target.execute(select(func.setval(sequence, last or 1, last is not None)))

    def _compared(self, tables: Sequence[Table], here: dict[str, Sum]) -> None:
        with self.target.connect() as target:
            for table in tables:
                there = self._summed(target, table, "comparing")
                if there != here[table.name]:
                    raise MoveRefused(
                        f"{table.name} did not arrive as it is: {here[table.name].rows} rows here, {there.rows} "
                        "there, or other ones. Make an empty database, and begin again; the home is as it was."
                    )

    def _summed(self, connection: Connection, table: Table, what: str) -> Sum:
        whole = connection.execute(select(func.count()).select_from(table)).scalar_one()
        count = total = 0
        for rows in _batches(connection, table):
            total = (total + sum(_hashed(row) for row in rows)) % _MODULUS
            count += len(rows)
            self.told(f"{what} {table.name}", count, whole)
        return Sum(count, f"{total:064x}")


@dataclass(frozen=True, slots=True)
class Indexes:
    """What is made anew at the new place: words in the database, and vectors in a Chroma server, if there is one."""

    lane: WriteLane
    index: KeptIndex | None
    told: Told

    def made(self) -> tuple[int, int | None]:
        """Make them, as far as they are not there; give how many passages, and how many vectors.

        Raises `MoveRefused` for a Chroma server that holds something else, and `IndexUnavailable`.
        """
        self.told("words", 0, 1)
        passages = self.lane.run(lambda owner: fill_words(owner, TsvectorIndex(Analyser())))
        self.told("words", 1, 1)
        if self.index is None:
            return passages, None
        if strangers(self.lane, self.index):
            raise MoveRefused("The Chroma server at that address holds something else. Name an empty one.")
        space_of = self.index.space
        return passages, fill_vectors(self.lane, space_of, lambda done, whole: self.told("vectors", done, whole))


def refuse_half_moved(engine: Engine) -> None:
    """Raise `MoveRefused` for a database into which a home is being moved, or half was."""
    if engine.dialect.name == "postgresql" and inspect(engine).has_table(moved.name):
        raise MoveRefused("A home is being moved into this database. Finish that first: presence move")


def read_only(file: Path) -> Engine:
    """Open an SQLite file that nothing is written to."""
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True))


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execution_options(stream_results=True).execute(select(table))
    for rows in found.mappings().partitions(BATCH_ROWS):
        yield [{name: _plain(table.columns[name], value) for name, value in row.items()} for row in rows]


def _plain(column: Column[Any], value: Any) -> Any:
    return bytes(value) if isinstance(column.type, LargeBinary) and value is not None else value


def _hashed(row: dict[str, Any]) -> int:
    told = "\x1f".join(f"{name}={type(value).__name__}:{value!r}" for name, value in sorted(row.items()))
    return int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest())
