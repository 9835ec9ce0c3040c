"""Notes and imports as the artist handles them, as deeds."""

import time
from typing import Any

from knowledge.noted import Note, PastImport
from knowledge.tiering import TIER_NAMES
from presence.bootstrap import Services
from presence.local.contracts import Tell
from presence.local.importing import imported
from trustgraph import tier_named


def list_notes(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the notes that are shown, or every note with its state."""
    tier = arguments.get("tier")
    wanted = None if tier is None else int(tier_named(tier))
    for note in services.library.shelf.notes(away=bool(arguments.get("all"))):
        if wanted is None or note.tier == wanted:
            tell({"event": "note", **note_json(note)})
    return 0


def show_note(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell all that one version of a note says."""
    opened = services.library.shelf.note(arguments["id"])
    more = {"text": opened.text, "rows": list(opened.rows), "passages": opened.passages}
    tell({"event": "open_note", **note_json(opened.note), **more})
    return 0


def history(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell every version of a note, the newest first."""
    for note in services.library.shelf.history(arguments["id"]):
        tell({"event": "note", **note_json(note)})
    return 0


def retract(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Take a note back."""
    return _changed(services.library.shelf.retract(arguments["id"]), tell)


def restore(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Show a note, or an earlier version of it, again."""
    return _changed(services.library.shelf.restore(arguments["id"]), tell)


def retier(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Put a note on another tier."""
    return _changed(services.library.shelf.retier(arguments["id"], int(tier_named(arguments["tier"]))), tell)


def edit(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Put a new text in the place of a note."""
    report = services.library.shelf.edit(arguments["id"], arguments["text"])
    imported(report, tell)
    note = services.library.shelf.document_of(report.import_id) or arguments["id"]
    return _changed(services.library.shelf.note(note).note, tell)


def list_imports(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what was taken in, the newest first."""
    for one in services.library.shelf.imports():
        tell({"event": "past_import", **_import_json(one)})
    return 0


def undo(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Undo an import as one unit."""
    undone = services.library.shelf.undo(arguments["import"])
    tell({"event": "undone", "import": undone.import_id, "set_aside": undone.set_aside, "again": undone.shown_again})
    return 0


NOTES = {
    "notes list": list_notes,
    "notes show": show_note,
    "notes history": history,
    "notes retract": retract,
    "notes restore": restore,
    "notes retier": retier,
    "notes edit": edit,
    "imports list": list_imports,
    "imports undo": undo,
}


def note_json(note: Note) -> dict[str, Any]:
    """Give a version of a note for the artist; the path of its file is hers to see."""
    return {
        "id": note.ident,
        "title": note.title,
        "kind": note.kind,
        "date": note.date,
        "speaker": note.speaker,
        "tier": TIER_NAMES[note.tier],
        "state": note.state,
        "file": note.file_name,
        "part": note.part,
        "origin": note.origin,
        "import": note.import_id,
        "taken_in_by": note.taken_in_by,
        "shown_at": iso(note.published_at),
        "away_at": iso(note.retracted_at),
    }


def iso(seconds: float | None) -> str | None:
    """Write a moment as ISO 8601."""
    return None if seconds is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _changed(note: Note, tell: Tell) -> int:
    tell({"event": "note_changed", **note_json(note)})
    return 0


def _import_json(one: PastImport) -> dict[str, Any]:
    counts = {"notes": one.notes, "shown": one.shown, "replaced": one.replaced}
    when = {"taken_in_at": iso(one.published_at), "undone_at": iso(one.undone_at)}
    return {"import": one.ident, "label": one.label, "kind": one.kind, **when, **counts}
