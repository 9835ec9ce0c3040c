"""Backups, and the notes as files, as deeds: made by whoever has the home open."""

from pathlib import Path
from typing import Any

from presence.bootstrap import Services
from presence.keeping.as_markdown import written
from presence.local.contracts import Tell


def backup(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Make a backup into a file, or into the folder of the settings."""
    keeping = services.keeping
    file = Path(arguments["file"]) if arguments.get("file") else keeping.new_file()
    last = {"at": -1}

    def told(what: str, done: int, whole: int) -> None:
        at = 100 * done // max(whole, 1)
        if at != last["at"]:
            last["at"] = at
            tell({"event": "kept", "doing": what, "done": done, "whole": whole})

    one = keeping.make(file, arguments.get("passphrase"), told)
    tell({"event": "backed_up", "file": str(one.file), "bytes": one.size_bytes, "files": one.files})
    return 0


def export_notes(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Write every note that is shown into a folder, as Markdown."""
    folder = Path(arguments["folder"])
    tell({"event": "exported_notes", "folder": str(folder), "notes": written(services.library.shelf, folder)})
    return 0


KEEPING = {"backup": backup, "notes export": export_notes}
