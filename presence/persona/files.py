"""The artist's own words about how her presence speaks, as plain Markdown files in her home.

`persona/persona.md` holds for everybody; `persona/persona.circle.md`, where there is one, for the circle
and above it. A file is read again when it has changed. One that cannot be read is refused at start with a
sentence, and while the node runs the last good one holds.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal, get_args

import structlog
from markdown_it import MarkdownIt

from presence.errors import PersonaWrong
from trustgraph import Tier

VoiceKind = Literal["strict", "adaptive"]
BYTES_MAX = 32_768
PARTS = ("voice", "tone", "boundaries", "rules", "refuse", "no answer")
NO_ANSWER = "That is not in my notes."
_REASON = (" – ", " — ", ": ")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Refused:
    """A topic that is not spoken about, and what is said instead."""

    topic: str
    said: str = "I do not speak about that here."


@dataclass(frozen=True, slots=True)
class Persona:
    """How the presence speaks at a tier. `sha256` is of the file, "" where there is none."""

    voice: VoiceKind = "strict"
    tone: str = ""
    boundaries: str = ""
    rules: tuple[str, ...] = ()
    refuse: tuple[Refused, ...] = ()
    no_answer: str = NO_ANSWER
    sha256: str = ""


class Personas:
    """Reads the files. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._named = [folder / "persona.md", *(folder / f"persona.{tier.slug}.md" for tier in Tier)]
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[tuple[int, int], Persona]] = {}
        for path in self._files():
            if (stamp := _stamp(path)) is not None:
                self._read[path] = (stamp, read_persona(path))

    def at(self, tier: int) -> Persona:
        """Give the persona of a tier: its own file, or that of the nearest tier below it."""
        for path in reversed(self._named[: tier + 2]):
            persona = self._of(path)
            if persona is not None:
                return persona
        return Persona()

    def content(self, tier: int | None) -> bytes | None:
        """Give the file of a tier as it is, or the one for everybody; None where there is none."""
        path = self._path(tier)
        return path.read_bytes() if path.is_file() else None

    def keep(self, tier: int | None, data: bytes) -> Persona:
        """Put a file in its place at once; raises `PersonaWrong`, and then the old one stays."""
        path = self._path(tier)
        persona = persona_of(data, f"persona/{path.name}")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return persona

    def remove(self, tier: int) -> None:
        """Take the file of a tier away: the next one below holds for it."""
        self._path(tier).unlink(missing_ok=True)

    def check(self) -> list[str]:
        """Say what is wrong with the files as they are now."""
        return [sentence for path in self._files() if (sentence := _wrong(path))]

    def _path(self, tier: int | None) -> Path:
        return self._folder / ("persona.md" if tier is None else f"persona.{Tier(tier).slug}.md")

    def _files(self) -> list[Path]:
        """Give the files that are there, the most general first."""
        return [path for path in self._named if path.is_file()]

    def _of(self, path: Path) -> Persona | None:
        with self._lock:
            kept = self._read.get(path)
            try:
                stamp = _stamp(path)
                if stamp is None:
                    return None
                if kept is None or kept[0] != stamp:
                    kept = self._read[path] = (stamp, read_persona(path))
            except (OSError, PersonaWrong) as error:
                log.warning("persona_unread", file=path.name, why=type(error).__name__)
            return None if kept is None else kept[1]


def read_persona(path: Path) -> Persona:
    """Read a file, or raise `PersonaWrong` with a sentence that says what to change."""
    return persona_of(path.read_bytes(), f"persona/{path.name}")


def persona_of(data: bytes, name: str) -> Persona:
    """Read the content of a file called so, or raise `PersonaWrong`."""
    parts = parts_of(data, name)
    voice = parts.get("voice", "strict").strip().lower()
    if voice not in get_args(VoiceKind):
        raise PersonaWrong(name, "under “Voice” stands strict or adaptive")
    return Persona(
        "adaptive" if voice == "adaptive" else "strict",
        _flat(parts.get("tone", "")),
        _flat(parts.get("boundaries", "")),
        tuple(items_of(parts.get("rules", ""))),
        tuple(_refused(item) for item in items_of(parts.get("refuse", ""))),
        _flat(parts.get("no answer", "")) or NO_ANSWER,
        hashlib.sha256(data).hexdigest(),
    )


def parts_of(data: bytes, name: str) -> dict[str, str]:
    """Cut a file at its headings, each part as it was written and called by one of `PARTS`; raises `PersonaWrong`."""
    if len(data) > BYTES_MAX:
        raise PersonaWrong(name, f"it is longer than {BYTES_MAX:,} bytes")
    try:
        return _parts(data.decode(), name)
    except UnicodeDecodeError as error:
        raise PersonaWrong(name, "it is not UTF-8") from error


def written(parts: Mapping[str, str]) -> bytes:
    """Write parts as a file; those without words are left out."""
    said = [(name, parts.get(name, "").strip()) for name in PARTS]
    return "\n\n".join(f"# {name.capitalize()}\n\n{words}" for name, words in said if words).encode() + b"\n"


def _parts(content: str, name: str) -> dict[str, str]:
    lines, tokens = content.splitlines(), MarkdownIt().parse(content)
    places = [
        (token.map, tokens[index + 1].content.strip().lower())
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map and token.level == 0
    ]
    before = lines[: places[0][0][0]] if places else lines
    if any(line.strip() for line in before):
        raise PersonaWrong(name, f"words stand before the first heading; the headings are {', '.join(PARTS)}")
    parts: dict[str, str] = {}
    for index, ((_, first), heading) in enumerate(places):
        if heading not in PARTS or heading in parts:
            raise PersonaWrong(name, f"“{heading}” is no heading here, or is there twice; use {', '.join(PARTS)}")
        last = places[index + 1][0][0] if index + 1 < len(places) else len(lines)
        parts[heading] = "\n".join(lines[first:last]).strip()
    return parts


def listed(lines: str) -> str:
    """Write each line as an item of a list, whether it has a mark or not."""
    return "\n".join(f"- {item}" for line in lines.splitlines() for item in items_of(line))


def items_of(part: str) -> list[str]:
    """Give the items of a list, whichever mark they have; a paragraph is one item."""
    items: list[str] = []
    for line in part.splitlines():
        item = line.strip()
        if item[:2] in ("- ", "* ", "+ "):
            items.append(item[2:].strip())
        elif item and items:
            items[-1] = f"{items[-1]} {item}"
        elif item:
            items.append(item)
    return [item for item in items if item]


def _refused(item: str) -> Refused:
    """Read `my family – I keep them out of this.`: the topic, and what is said instead."""
    for sign in _REASON:
        topic, found, said = item.partition(sign)
        if found and topic.strip() and said.strip():
            return Refused(topic.strip(), said.strip())
    return Refused(item.rstrip("."))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _stamp(path: Path) -> tuple[int, int] | None:
    """Give what changes with a file; None where there is none."""
    try:
        told = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return told.st_mtime_ns, told.st_size


def _wrong(path: Path) -> str:
    try:
        read_persona(path)
    except (OSError, PersonaWrong) as error:
        return str(error)
    return ""


VoiceAt = Callable[[int], Persona]
