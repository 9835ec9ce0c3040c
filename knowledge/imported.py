"""What an import is asked for, how it goes on, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from knowledge.importers.record import UnreadLine
from knowledge.publish import Kept

FILE_BYTES_MAX = 50 * 1024**2

Status = Literal["ok", "unchanged", "partial", "refused"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. `remarks` are sentences for the artist; `format` is what it was taken for.

    `notes` and `sets` count what it was read as, `tracks` the entries of its set lists; `unread` are the
    lines of them that were not understood. `titles`, `speakers` and `licences` are those of its notes, each once.
    """

    name: str
    status: Status
    tier: int | None = None
    passages: int = 0
    statements: int = 0
    remarks: tuple[str, ...] = ()
    format: str = ""
    notes: int = 0
    sets: int = 0
    tracks: int = 0
    unread: tuple[UnreadLine, ...] = ()
    titles: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Where an import stands; `result` once a file has come to its end."""

    name: str
    files_done: int
    files: int
    passages_done: int = 0
    passages: int = 0
    result: FileResult | None = None


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to take in, for whom, and whose words it is when a file does not say.

    A file's place is its path, or, where `shelf` names one, its name below that: so a file that was sent
    takes the place of an earlier one of its name, wherever its bytes lie meanwhile.
    """

    path: Path
    artist: str
    tier: int | None = None
    speaker: str | None = None
    file_bytes_max: int = FILE_BYTES_MAX
    shelf: str | None = None
    label: str | None = None
    kind: str = "files"


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A text that is no file: an edited note, or an answer. It is read as a file called `name` would be."""

    text: str
    name: str
    origin: str
    file_name: str
    tier: int
    speaker: str
    kind: str  # of the import: "edit" or "answer"
    label: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """An import that waits to be published; `kept` names files whose content is here already."""

    import_id: str
    files: tuple[FileResult, ...]
    kept: Kept


class _Counted:
    """Sums over files."""

    __slots__ = ()
    files: tuple[FileResult, ...]

    def count(self, status: Status) -> int:
        """How many files ended with this status."""
        return sum(result.status == status for result in self.files)

    @property
    def passages(self) -> int:
        return sum(result.passages for result in self.files)

    @property
    def statements(self) -> int:
        return sum(result.statements for result in self.files)


@dataclass(frozen=True, slots=True)
class Preview(_Counted):
    """What would be taken in, and how many notes it would replace; nobody sees any of it yet."""

    import_id: str
    files: tuple[FileResult, ...]
    replaced: int


@dataclass(frozen=True, slots=True)
class ImportReport(_Counted):
    """What became of a whole import; `seconds` is wall time."""

    import_id: str
    files: tuple[FileResult, ...]
    seconds: float
    replaced: int = field(default=0)
