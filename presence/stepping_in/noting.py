"""What the artist wrote to a listener, kept as a note: her own words alone, never what she was asked."""

from dataclasses import replace

from knowledge import Library
from knowledge.imported import TextRequest
from presence.errors import NotShown
from presence.stepping_in.watching import Watched

TITLE_WORDS_MAX = 8


def keep_as_note(library: Library, artist: str, seen: Watched, ident: str, tier: int) -> str | None:
    """Make a note for a tier of what she wrote in one turn, and give its id; the same turn again makes no second one.

    Raises `NotShown` where she wrote nothing in it.
    """
    lines = [line.text for turn in seen.turns if turn.ident == ident for line in turn.lines if line.is_hers]
    if not lines:
        raise NotShown
    title = title_of(lines[0])
    request = TextRequest(
        text="\n\n".join(lines),
        name="line.txt",
        origin=f"line:{ident}",
        file_name=f"lines/{ident}.txt",
        tier=tier,
        speaker=artist,
        kind="answer",
        label=f"written to a listener: “{title}”",
    )
    report = library.shelf.take_text(request, lambda read: replace(read, title=title, kind="answer"))
    return library.shelf.document_of(report.import_id)


def title_of(line: str) -> str:
    """Name a note by its first words."""
    words = line.split()
    return " ".join(words[:TITLE_WORDS_MAX]) + (" …" if len(words) > TITLE_WORDS_MAX else "")
