"""One linear history of the schema of all packages, for SQLite and PostgreSQL alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from presence.errors import HomeTooNew


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; a newer one than we know is refused."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise HomeTooNew(str(error)) from error


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
