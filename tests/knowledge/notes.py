"""Short ways to take notes in, and to look at what became of them."""

from pathlib import Path

from sqlalchemy import text

from knowledge import Evidence
from presence.bootstrap import Services
from tests.nodes import take_in, write_notes


def note(body: str, *, title: str = "A note", tier: str = "public", head: str = "") -> str:
    """Write a note with a head."""
    return f"---\ntitle: {title}\ntier: {tier}\n{head}---\n{body}\n"


def tell(services: Services, folder: Path, **notes: str) -> None:
    """Import notes by name."""
    take_in(services, write_notes(folder, {f"{name}.md": content for name, content in notes.items()}))


def texts(services: Services, tier: int) -> list[str]:
    """Every passage that a tier may read."""
    with services.database.reader(tier) as reader:
        return list(reader.execute(text("SELECT text FROM passages ORDER BY text")).scalars())


def quotes(services: Services, question: str, tier: int = 0) -> list[str]:
    """The sentences that a question finds, the most telling first; none when nothing was found."""
    found = services.search.find(question, tier)
    return [sentence.text for sentence in found.sentences] if isinstance(found, Evidence) else []
