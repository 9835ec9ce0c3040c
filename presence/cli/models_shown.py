"""How models look in a terminal: a table, a bar while one is fetched, one line for each deed."""

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from models.catalogue import Entry
from models.shelf import in_gb
from presence.cli.shown import console

if TYPE_CHECKING:
    from models.pulling import Pulled
    from presence.model_setting import Inspection

LANGUAGES_SHOWN = 3


class ModelsShown:
    """Takes what the deeds on models tell; a context manager, so that a bar is always taken down."""

    def __init__(self, *, as_json: bool = False) -> None:
        self._as_json = as_json
        self._bar: Progress | None = None

    def __enter__(self) -> "ModelsShown":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_down()

    def listed(self, rows: list[dict[str, Any]], chosen: Path | None) -> None:
        """Show the catalogue, and what is in use when it is not of the catalogue."""
        if self._as_json:
            for row in rows:
                self._tell(**row)
            return
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in ("name", "size", "RAM", "licence", "languages", "state"):
            table.add_column(column, justify="right" if column in ("size", "RAM") else "left", no_wrap=column == "name")
        for row in rows:
            table.add_row(*_cells(row))
        console.print(table)
        if chosen is not None and all(row["state"] != "in use" for row in rows):
            console.print(f"In use: {chosen}", markup=False)

    def progress(self, name: str) -> Callable[[int, int], None]:
        """Give what takes the bytes there and the bytes of the whole."""

        def show(done: int, whole: int) -> None:
            if self._as_json or not console.is_terminal:
                return
            if self._bar is None:
                columns = (
                    TextColumn(name),
                    BarColumn(),
                    DownloadColumn(),
                    TransferSpeedColumn(),
                    TimeRemainingColumn(),
                )
                self._bar = Progress(*columns, console=console, transient=True)
                self._bar.add_task(name, total=whole)
                self._bar.start()
            self._bar.update(self._bar.task_ids[0], completed=done, total=whole)

        return show

    def pulled(self, entry: Entry, pulled: "Pulled") -> None:
        """Say that it is here, and who vouches for it."""
        self._take_down()
        if self._as_json:
            facts = {"pinned": pulled.pinned, "fetched": pulled.fetched, "sha256": pulled.sha256}
            self._tell("pulled", name=entry.name, path=str(pulled.path), **facts)
            return
        checked = "its SHA-256 is the pinned one" if pulled.pinned else "not pinned: checked against the hub's own hash"
        self.said(f"✓ {entry.name} {'is here' if pulled.fetched else 'was here already'} ({checked}): {pulled.path}")
        self.said(f"To let it write: presence models use {entry.short}")

    def used(self, path: Path, found: "Inspection", *, running: bool) -> None:
        """Say what writes from now on, and when."""
        if self._as_json:
            self._tell("used", path=str(path), checked=found.checked, facts=dict(found.facts), running=running)
            return
        when = "when the running node is started again" if running else "from the next start on"
        self.said(f"✓ {path} writes the answers {when}.")
        if not found.checked:
            self.said(
                "Only its head was looked at: the language engine is not built yet. `presence doctor` tells when."
            )

    def removed(self, entry: Entry, freed_bytes: int, *, was_in_use: bool) -> None:
        """Say what went."""
        if self._as_json:
            self._tell("removed", name=entry.name, freed_bytes=freed_bytes, was_in_use=was_in_use)
            return
        gone = f"{entry.name} is removed ({in_gb(freed_bytes)})." if freed_bytes else f"{entry.name} was not here."
        self.said(gone + (" Answers are quotations only from the next start on." if was_in_use else ""))

    def said(self, sentence: str) -> None:
        """Say a sentence."""
        if self._as_json:
            self._tell("remark", sentence=sentence)
        else:
            console.print(sentence, markup=False)

    def _tell(self, event: str, **told: Any) -> None:
        typer.echo(json.dumps({"event": event, **told}, ensure_ascii=False))

    def _take_down(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    languages = ", ".join(row["languages"][:LANGUAGES_SHOWN])
    more = len(row["languages"]) - LANGUAGES_SHOWN
    return (
        "\n".join([*row["aliases"], row["name"]]),
        f"{row['size_bytes'] / 1e9:.1f} GB",
        f"{row['ram_gb']} GB",
        row["licence"],
        f"{languages} +{more}" if more > 0 else languages,
        row["state"],
    )
