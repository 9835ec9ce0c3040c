"""Nights of a few tiers, and everything that a tier can see of them."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

from knowledge.facts.tables import STATEMENTS, UNSEEN
from presence.bootstrap import Services
from tests.nodes import take_in, write_notes

KEYS = {table.name: [column.name for column in table.columns if column.name.endswith("_key")] for table in STATEMENTS}


def night(title: str, date: str, venue: str, *tracks: str, tier: str = "public", city: str = "Leeds") -> str:
    """Write a night with what was played."""
    tracks = (*tracks, "Kaja - Snow", "Kaja - Ice")  # one line alone is no list
    lines = [f"- [0:{number:02d}:00] {track}" for number, track in enumerate(tracks)]
    head = [f"title: {title}", f"date: {date}", f"venue: {venue}", f"city: {city}", "kind: set", f"tier: {tier}"]
    return "\n".join(["---", *head, "---", "A night.", "", *lines, ""])


def tell(services: Services, folder: Path, **nights: str) -> None:
    """Import nights by name."""
    take_in(services, write_notes(folder, {f"{name}.md": said for name, said in nights.items()}), tier=None)


def keys(services: Services, tier: int = 4) -> list[tuple[Any, ...]]:
    """Give every key that a tier can see, with the row that bears it."""
    with services.database.reader(tier) as reader:
        return [
            (table, column, *row)
            for table, columns in KEYS.items()
            for column in (*columns, *(["of_key"] if table in ("credits", "links") else []))
            for row in reader.execute(text(f"SELECT id, {column} FROM {table} ORDER BY id"))
        ]


def seen(services: Services, tier: int) -> list[Any]:
    """Give every byte of the facts that a tier can see, and its versions."""
    with services.database.reader(tier) as reader:
        rows: list[Any] = [tuple(row) for row in reader.execute(text("SELECT * FROM corpus_versions ORDER BY tier"))]
        for table in STATEMENTS:
            columns = ", ".join(column.name for column in table.columns if column.name not in UNSEEN)
            query = text(f"SELECT {columns} FROM {table.name} ORDER BY id")
            rows += [tuple(row) for row in reader.execute(query)]
        return rows


def column(services: Services, table: str, name: str, tier: int = 4) -> list[Any]:
    """Give the values of one column, sorted."""
    with services.database.reader(tier) as reader:
        return sorted(reader.execute(text(f"SELECT {name} FROM {table}")).scalars())


def answer(services: Services, question: str, tier: int = 4) -> str:
    """Give the words of an exact answer, or of what is asked back."""
    found = services.curation._exact.answer(question, tier)
    return getattr(found, "text", None) or str(found)
