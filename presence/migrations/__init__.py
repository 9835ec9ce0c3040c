"""One linear history of the schema of all packages, for SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from presence.errors import HomeTooNew

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = 71846210
VERSIONS = Path(__file__).parent / "versions"


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; a newer one than we know is refused."""
    if _stands_at(engine, newest()):
        return  # as at almost every start: Alembic, and what it brings, take a quarter of a second to load
    from alembic import command
    from alembic.util import CommandError

    config = _config()
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
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def head() -> str:
    """Give the newest revision that this version knows, as Alembic finds it."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def newest() -> str:
    """Give the same by the names of the files: each begins with its revision, and they come one after the other."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def _stands_at(engine: Engine, revision: str) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == [revision]


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
