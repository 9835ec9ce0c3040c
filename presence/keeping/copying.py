"""A copy of the database as it was at one moment, whatever is written meanwhile.

SQLite writes one itself, from one snapshot, without what was deleted. PostgreSQL's own programs do it for PostgreSQL,
in a snapshot that is looked at here meanwhile.
"""

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text

from knowledge.views import grant_postgresql_views
from presence.database import Database, open_database
from presence.errors import BackupFailed, NotEmptyHere
from presence.keeping.checking import faults, wrong_in

SQLITE, POSTGRESQL = "presence.db", "presence.dump"


def name_of(dialect: str) -> str:
    """Say how the database is called in a backup."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL


def size_of(database: Database) -> int:
    """Give about how many bytes a copy will have."""
    statement = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if database.dialect == "postgresql":
        statement = "SELECT pg_database_size(current_database())"
    with database.records() as records:
        return int(records.execute(text(statement)).scalar_one())


def copied(database: Database, url: str | None, file: Path) -> tuple[str, ...]:
    """Write the copy into a file; give what is wrong with it where that can be seen only now, in its snapshot."""
    if database.dialect == "postgresql":
        return _dumped(database, url or "", file)
    with database.owner.connect() as connection:
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute("VACUUM INTO ?", (str(file),))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, str(error)) from error
            raise BackupFailed(f"The database could not be copied ({error}).") from error
    return ()


@contextmanager
def opened_copy(dialect: str, file: Path, url: str | None = None) -> Iterator[Database | None]:
    """Open a copy to look at it; None where it can be opened only by a server, and is not at a `url`."""
    if dialect != "sqlite" and url is None:
        _run(["pg_restore", "--file", os.devnull, str(file)], {}, "The copy of the database cannot be read")
        yield None
        return
    database = open_database(url, file)
    try:
        yield database
    finally:
        database.close()


def put_back_postgresql(url: str, file: Path) -> None:
    """Fill an empty PostgreSQL database from a copy. Raises `NotEmptyHere` or `BackupFailed`."""
    database = open_database(url, Path("unused"))
    try:
        with database.records() as records:
            tables = records.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one()
        if tables:
            raise NotEmptyHere("the database that PRESENCE_DATABASE_URL names")
        arguments, secret = _address(url)
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        _run(["pg_restore", *options, *arguments, str(file)], secret, "The database could not be filled")
        with database.owner.begin() as owner:
            grant_postgresql_views(owner)
    finally:
        database.close()


def _dumped(database: Database, url: str, file: Path) -> tuple[str, ...]:
    with database.snapshot() as connection:
        name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        arguments, secret = _address(url)
        options = [
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--no-unlogged-table-data",
            f"--snapshot={name}",
            f"--file={file}",
        ]
        _run(["pg_dump", *options, *arguments], secret, "The database could not be copied")
        return (*faults(connection, "postgresql"), *wrong_in(lambda: _same(connection)))


def _same(connection: Connection) -> nullcontext[Connection]:
    return nullcontext(connection)


def _address(url: str) -> tuple[list[str], dict[str, str]]:
    """Give an address as these programs take it; a password goes where nobody sees it in a list of processes."""
    address = make_url(url)
    password = address.password
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    return [f"--dbname={plain}"], {} if password is None else {"PGPASSWORD": str(password)}


def _run(command: list[str], secret: dict[str, str], sentence: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise BackupFailed(f"{command[0]} is not installed here. Install PostgreSQL's client programs.")
    done = subprocess.run(  # noqa: S603  # a program by its whole path, and no shell
        [program, *command[1:]], env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise BackupFailed(f"{sentence}: {said}")
