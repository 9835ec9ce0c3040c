"""What is typed in the studio, as the Markdown files that it becomes."""

import json
import re
from pathlib import PurePosixPath

from knowledge.importers.date_columns import DateOrder
from knowledge.importers.dates import iso_date
from presence.bringing.names import file_name

_HEAD = re.compile(r"\A\ufeff?---[ \t]*\n")
_CAPTIONS = re.compile(r"\A\s*(?:\d+\s*\n)?\d{1,2}:\d{2}(?::\d{2})?[.,]\d{3}\s*-->")


def note(title: str, text: str, *, date: str = "", about: str = "") -> tuple[str, str]:
    """Give the name and the content of a note; `about` is the thing that it is of, which its words then stand under.

    Captions stay captions, with their times; a text that brings its own head keeps it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    stem = f"{date}-{title}" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) else title
    if text.startswith("WEBVTT") or _CAPTIONS.match(text):
        return _placed(stem, ".vtt" if text.startswith("WEBVTT") else ".srt"), f"{text}\n"
    if _HEAD.match(text):
        return _placed(stem, ".md"), f"{with_head(text, title=title, date=date)}\n"
    heading = f"## {' '.join(about.split())}\n\n" if about else ""
    return _placed(stem, ".md"), f"{_head(title=title, date=date)}{heading}{text}\n"


def night(
    tracklist: str, *, date: str, venue: str = "", city: str = "", title: str = "", words: str = ""
) -> tuple[str, str]:
    """Give the name and the content of the note of a night: what was played, and how it was."""
    title = title or ", ".join(part for part in (venue, city) if part) or "A set"
    head = _head(kind="set", title=title, date=date, venue=venue, city=city)
    parts = [part.replace("\r\n", "\n").replace("\r", "\n").strip("\n") for part in (tracklist, words)]
    name = _placed(f"{date}-{title}" if date else title, ".md", "sets")
    return name, head + "\n\n".join(part for part in parts if part.strip()) + "\n"


def date_of(told: str) -> str:
    """Read a date as somebody writes it, with its own precision; "" for none, and for one that can be two days."""
    told = told.strip()
    order = DateOrder()
    return "" if order.shortened(told) else iso_date(told) or order.read(told)[0]


def with_head(text: str, **told: str) -> str:
    """Say something in the head of a text, which gets one where it has none; what the head says already stays."""
    if not _HEAD.match(text):
        return _head(**told) + text
    fence, rest = text.split("\n", 1)
    said = rest.split("\n---", 1)[0]
    new = {name: value for name, value in told.items() if value and not re.search(rf"(?mi)^{name}\s*:\s*\S", said)}
    kept = [line for line in said.split("\n") if line.split(":", 1)[0].strip().lower() not in new]
    return "\n".join([fence, *_fields(new), *kept]) + rest[len(said) :]


def _head(**told: str) -> str:
    return "\n".join(["---", *_fields(told), "---", "", ""])


def _fields(told: dict[str, str]) -> list[str]:
    return [
        f"{name}: {json.dumps(' '.join(value.split()), ensure_ascii=False)}" for name, value in told.items() if value
    ]


def _placed(stem: str, ending: str, folder: str = "notes") -> str:
    return str(PurePosixPath(folder) / file_name(stem, ending))
