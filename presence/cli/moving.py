"""`presence move`."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presence.cli import session
from presence.cli.keeping import KeepingShown
from presence.cli.shown import console
from presence.errors import SettingsWrong

if TYPE_CHECKING:
    from presence.home import Home

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(move)


class MovingShown(KeepingShown):
    """Shows how far a move is, and what to set after it."""

    def _kept(self, told: dict[str, Any]) -> None:
        self._progress(told["done"], max(told["whole"], 1), told["doing"])

    def _moved(self, told: dict[str, Any]) -> None:
        self._take_down()
        console.print(
            f"{told['rows']:,} rows of {told['tables']} tables are there, and the same; "
            f"{told['passages']:,} passages by their words"
            + ("." if told["vectors"] is None else f", {told['vectors']:,} by their meaning."),
            markup=False,
        )
        console.print("This home was not changed. To serve from there, set these and start it again:")
        for name in told["set"]:
            console.print(f"  {name}", markup=False)


def move(
    database_url: Annotated[
        str | None, typer.Option(help="An empty PostgreSQL database; by default PRESENCE_DATABASE_URL.")
    ] = None,
    chroma_url: Annotated[
        str | None, typer.Option(help="A Chroma server; by default PRESENCE_CHROMA_URL, and without it, none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Move what this home keeps in files to a PostgreSQL and a Chroma server; the files stay as they are."""
    from presence.home import Home

    settings = session.settings()
    kept = settings.database_url
    url = database_url or (kept.get_secret_value() if kept else None)
    chroma = chroma_url or settings.chroma_url
    if url is None or not url.startswith("postgresql"):
        raise SettingsWrong("Say where to: --database-url postgresql://…, or PRESENCE_DATABASE_URL.")
    home = Home(settings.home)
    if not home.database.is_file():
        raise SettingsWrong(f"There is no database in {home.folder} that could be moved.")
    with MovingShown(as_json=as_json) as shown, home.owned():
        shown(moved(home, url, chroma, shown))


def moved(home: "Home", url: str, chroma: str | None, shown: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Move what a home keeps in its database, and make the indexes there; give what became of it."""
    from presence.bootstrap import open_chroma
    from presence.database import open_database
    from presence.keeping.outgrowing import Indexes, Moving, read_only
    from presence.migrations import upgrade
    from presence.write_lane import WriteLane

    def told(what: str, done: int, whole: int) -> None:
        shown({"event": "kept", "doing": what, "done": done, "whole": whole})

    with ExitStack() as closing:
        source = read_only(home.database)
        closing.callback(source.dispose)
        database = open_database(url, Path("unused"))
        closing.callback(database.close)
        upgrade(database.owner)
        moving = Moving(source, database.owner, told)
        sums = moving.run()
        lane = WriteLane(database.owner)
        closing.callback(lane.close)
        passages, vectors = Indexes(lane, open_chroma(chroma) if chroma else None, told).made()
        moving.end()
    names = ["PRESENCE_DATABASE_URL", *(["PRESENCE_CHROMA_URL"] if chroma else [])]
    rows = sum(one.rows for one in sums.values())
    told_of = {"rows": rows, "tables": len(sums), "passages": passages, "vectors": vectors}
    return {"event": "moved", **told_of, "set": names}
