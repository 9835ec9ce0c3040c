"""One linear history of the schema of all packages, for SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from presence.errors import HomeTooNew

SCHEMA = 71846210


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; a newer one than we know is refused."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with _in_turn(engine), engine.connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise HomeTooNew(str(error)) from error


@contextmanager
def _in_turn(engine: Engine) -> Iterator[None]:
    """Let one process at a time look at the schema; SQLite's file has one owner anyway."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        line.exec_driver_sql(f"SELECT pg_advisory_lock({SCHEMA})")
        try:
            yield
        finally:
            line.exec_driver_sql(f"SELECT pg_advisory_unlock({SCHEMA})")


def knows(revision: str) -> bool:
    """Whether this version can bring a database of that revision to the newest one."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False


def head() -> str:
    """Give the newest revision that this version knows."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return ScriptDirectory.from_config(config).get_current_head() or ""
