"""What was played, out of the tracklists of a text: one event, and an item for every track with its line.

A text under whose headings several tracklists stand tells of several nights; heads of sets ("Set 2",
"Encore") and "Tracklist" name none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge.importers.band_sets import SetHeading, set_heading
from knowledge.importers.durations import from_clock
from knowledge.importers.event_heads import event_at_head
from knowledge.importers.front_matter import FrontMatter
from knowledge.importers.named_dates import date_in
from knowledge.importers.named_tracks import is_open
from knowledge.importers.record import Block, ImportedDoc, UnreadLine
from knowledge.importers.statements import At, Event, SetItem, Statement, raw
from knowledge.importers.track_lines import Track
from knowledge.importers.tracklist import ListedLine, is_announcement, read_list

_CATALOGUE = {"release", "album", "single", "ep", "releases"}


@dataclass(slots=True)
class _Night:
    """The tracklists under one heading, in the order of the text."""

    heading: str
    line: int
    parts: list[tuple[SetHeading | None, Block]] = field(default_factory=list)


@dataclass(slots=True)
class _Place:
    """Where in the event the reading is."""

    set_no: int = 1
    name: str = ""
    encore: bool = False
    position: int = 0
    latest_ms: int = 0

    def enter(self, heading: SetHeading) -> None:
        played = self.position > 0
        self.set_no = heading.number if heading.number and not heading.encore else self.set_no + played
        self.name, self.encore, self.latest_ms = heading.name, heading.encore, 0


def with_sets(
    document: ImportedDoc, head: FrontMatter, source: Sequence[str], *, title: str = "", date: str = ""
) -> ImportedDoc:
    """Add to a document what its tracklists say; `source` are the file's lines, to be quoted as they stand.

    `title` and `date` are the file name's, for a text that has none of its own.
    """
    nights = list(_nights(document.blocks))
    if not nights or document.kind in _CATALOGUE:
        return document
    statements, left_out, unread = list[Statement](), list[str](), list[UnreadLine]()
    for number, night in enumerate(nights, start=1):
        event = (
            event_at_head(head, _event(document, night, title, date)) if len(nights) == 1 else _event_of(night, number)
        )
        items, missed, lines = _items(night, event.ref, source)
        statements += [event, *items]
        left_out += missed
        unread += lines
    return replace(
        document,
        statements=(*document.statements, *statements),
        left_out=(*document.left_out, *left_out),
        unread=(*document.unread, *unread),
        kind="set" if document.kind in ("note", "mix") else document.kind,
    )


def _nights(blocks: Sequence[Block]) -> Iterator[_Night]:
    night, pending = _Night("", 0), None
    for block in blocks:
        if block.kind == "heading":
            pending = set_heading(block.text)
            if pending is None and not is_announcement(block.text):
                if night.parts:
                    yield night
                night = _Night(block.text, block.line)
        elif block.kind == "tracklist":
            night.parts.append((pending, block))
            pending = None
    if night.parts:
        yield night


def _event(document: ImportedDoc, night: _Night, title: str, date: str) -> Event:
    line = night.line or night.parts[0][1].line
    at = At(line, raw(night.heading or night.parts[0][1].text.lstrip().split("\n", 1)[0]))
    own = document.title if set_heading(document.title) is None and not is_announcement(document.title) else ""
    return Event(at, "set", title=own or night.heading or title or document.title, date=document.date or date)


def _event_of(night: _Night, number: int) -> Event:
    line = night.line or night.parts[0][1].line
    return Event(At(line, raw(night.heading)), f"set {number}", title=night.heading, date=date_in(night.heading))


def _items(night: _Night, ref: str, source: Sequence[str]) -> tuple[list[SetItem], list[str], list[UnreadLine]]:
    place, items = _Place(), list[SetItem]()
    unread, back = list[UnreadLine](), list[int]()
    for heading, block in night.parts:
        if heading is not None:
            place.enter(heading)
        for listed in read_list(block.text, in_set=heading is not None):
            line = block.line + (listed.offset if block.own_lines else 0)
            at = At(line, raw(_written(source, line) if block.own_lines else "") or listed.raw)
            for item in _of_line(listed, at, ref, place):
                items.append(item)
                back += [line] if _goes_back(item, place) else []
            unread += [] if listed.is_read else [UnreadLine(line, listed.raw)]
    segues = any(item.segue for item in items)
    items = [replace(item, segue=bool(item.segue) if segues else None) for item in items]
    missed = [
        *_sentence("could not be read", [one.line for one in unread]),
        *_sentence("has a time before the one above it", back),
    ]
    return items, missed, unread


def _written(source: Sequence[str], line: int) -> str:
    """Give a line of the file; one of HTML is shown as a reader of the page sees it."""
    written = source[line - 1].strip() if line <= len(source) else ""
    return "" if written.startswith("<") else written


def _of_line(listed: ListedLine, at: At, ref: str, place: _Place) -> Iterator[SetItem]:
    if listed.heading is not None:
        place.enter(listed.heading)
    for track in listed.tracks:
        place.position += 1
        yield _item(track, at, ref, place)


def _item(track: Track, at: At, ref: str, place: _Place) -> SetItem:
    time_ms = from_clock(track.time) if track.time else None
    return SetItem(
        at=at,
        event=ref,
        position=place.position,
        title="ID" if is_open(track.title) else track.title,
        artist="" if is_open(track.artist) else track.artist,
        version=track.mix,
        label=track.label,
        set_no=place.set_no,
        set_name=place.name,
        encore=place.encore,
        time_ms=time_ms,
        time_basis="" if time_ms is None else "recording",
        segue=track.segue,
        duration_ms=from_clock(track.duration),
        is_unknown=track.is_unknown,
        note=track.note,
    )


def _goes_back(item: SetItem, place: _Place) -> bool:
    if item.time_ms is None:
        return False
    back, place.latest_ms = item.time_ms < place.latest_ms, max(item.time_ms, place.latest_ms)
    return back


def _sentence(what: str, lines: list[int]) -> list[str]:
    if not lines:
        return []
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    plural = what if len(lines) == 1 else what.replace("has a", "have a")
    return [f"{count} of the tracklist {plural}: line {', '.join(map(str, lines))}."]
