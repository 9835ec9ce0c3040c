"""What the head of a note says about the night: venue, town, kind, who else played."""

import re
from dataclasses import replace
from typing import Any

from knowledge.importers.codes import mbid, web_address
from knowledge.importers.durations import duration_ms
from knowledge.importers.event_kinds import event_kind
from knowledge.importers.front_matter import FrontMatter
from knowledge.importers.people import people
from knowledge.importers.statements import At, Event, raw

_KEYS = {
    "date": ("date",),
    "time": ("time", "start", "start_time", "doors"),
    "venue": ("venue", "club", "place"),
    "city": ("city", "town"),
    "region": ("region", "state", "province"),
    "country": ("country",),
    "tour": ("tour",),
    "kind": ("event_kind", "event_type", "event", "kind", "type", "category", "format", "tags"),
    "performers": ("performers", "with", "b2b", "lineup", "line-up", "line_up"),
    "duration": ("duration", "length"),
    "url": ("url", "link", "event_url"),
    "mbid": ("mbid", "musicbrainz_event"),
}
_HOUR = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)")
_MINUTES = re.compile(r"(?P<count>\d{1,4})\s*(?:min|minutes?|')", re.IGNORECASE)


def event_at_head(head: FrontMatter, event: Event) -> Event:
    """Complete an event with what the head says; what the head leaves open stays as it was."""
    said = {name: _said(head, keys) for name, keys in _KEYS.items()}
    if not any(said.values()):
        return event
    return replace(
        event,
        at=_place(head, event.at),
        kind=_kind(head),
        time=_hour(said["time"]),
        venue=said["venue"],
        city=said["city"],
        region=said["region"],
        country=said["country"],
        tour=said["tour"],
        performers=people(said["performers"]),
        duration_ms=_duration(said["duration"]),
        url=web_address(said["url"]),
        mbid=mbid(said["mbid"]),
    )


def _kind(head: FrontMatter) -> str:
    """Take the first of the fields that names a kind of night, the tags at last."""
    return next((kind for key in _KEYS["kind"] if (kind := event_kind(_said(head, (key,))))), "")


def _said(head: FrontMatter, keys: tuple[str, ...]) -> str:
    values = {str(key).lower(): value for key, value in head.values.items()}
    return next((words for key in keys if (words := _words(values.get(key)))), "")


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(" ".join(one.split()) for one in value if isinstance(one, str))
    return " ".join(value.split()) if isinstance(value, str) else ""


def _hour(written: str) -> str:
    found = _HOUR.search(written)
    return f"{int(found['hour']):02d}:{found['minute']}" if found else ""


def _duration(written: str) -> int | None:
    found = _MINUTES.fullmatch(written)
    return int(found["count"]) * 60_000 if found else duration_ms(written)


def _place(head: FrontMatter, otherwise: At) -> At:
    """Quote the lines of the head that speak of the night, from the first of them on."""
    keys = {"title", *(key for keys in _KEYS.values() for key in keys)}
    lines = list(enumerate(head.head.split("\n"), start=2))
    told = [(line, text) for line, text in lines if re.split(r"[:=]", text, maxsplit=1)[0].strip().lower() in keys]
    if not told:
        return otherwise
    return At(told[0][0], raw("\n".join(text for _, text in told)))
