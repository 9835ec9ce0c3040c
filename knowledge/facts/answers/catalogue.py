"""What is known of the music itself: label, speed, key, numbers, credits, versions, releases, links."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from knowledge.facts.answers.case import Case, Cited, flat, told
from knowledge.facts.answers.times import track_at
from knowledge.facts.phrases import clock, listed, quoted, times
from knowledge.facts.played import Played, fact_row
from knowledge.facts.scoping import Thing
from knowledge.facts.told import Facts, FactSentence, NotKnown

DOCUMENT = "d.id AS document_id, d.title AS document_title, d.date AS document_date, d.speaker, d.file_name"
"""What a citation shows of the document that a row is from."""

_TRACKS = f"""SELECT t.*, {DOCUMENT} FROM tracks t JOIN documents d ON d.id = t.document_id
 WHERE t.{{column}} IN :keys ORDER BY d.sha256, t.ordinal"""
_RELEASES = f"""SELECT r.*, {DOCUMENT} FROM releases r JOIN documents d ON d.id = r.document_id
 WHERE r.release_key IN :keys ORDER BY d.sha256, r.ordinal"""
_OF_RELEASE = f"""SELECT t.*, {DOCUMENT} FROM tracks t JOIN documents d ON d.id = t.document_id
 WHERE t.release_key IN :keys ORDER BY t.medium_no, t.position, d.sha256, t.ordinal"""
_CREDITS = f"""SELECT c.*, {DOCUMENT} FROM credits c JOIN documents d ON d.id = c.document_id
 WHERE c.of_kind <> 'event' AND c.of_key IN :keys ORDER BY d.sha256, c.ordinal"""
_LINKS = f"""SELECT l.*, {DOCUMENT} FROM links l JOIN documents d ON d.id = l.document_id
 WHERE l.relation IN :relations ORDER BY d.sha256, l.ordinal"""
LINKS_MAX = 6
KEYS_MAX = 900


def attribute(case: Case) -> Facts | NotKnown | None:
    """One property of a recording or a release."""
    what = case.asked.of
    if not case.meant.subjects and not case.reading.of("release"):
        return _at_moment(case, what)
    if what == "credits":
        return _credits(case)
    if case.reading.of("release") and not case.meant.subjects:
        return _of_release(case, what)
    if what == "released":
        return _released(case)
    found = [*_of_plays(case, what), *_of_tracks(case, what)]
    if not found:
        return NotKnown(f"The notes do not say it of {case.things}.")
    return case.facts(_values(case, what, found))


_WORDS = {
    "label": "is on", "bpm": "runs at", "key": "is in", "isrc": "has the ISRC", "catalogue": "has the catalogue number",
    "duration": "lasts", "licence": "has the licence", "artist": "is by",
}  # fmt: skip


def _values(case: Case, what: str, found: list[tuple[str, Any]]) -> FactSentence:
    counted = Counter(value for value, _ in found)
    rows = dict(reversed(found))
    values = [value for value, _ in counted.most_common()]
    word = _WORDS[what]
    unit = " BPM" if what == "bpm" else ""
    where = case.within if case.meant.scope.says_something else ""
    said = listed(
        f"{value}{unit}"
        + (f" ({times(counted[value])})" if len(values) > 1 and sum(counted.values()) > len(values) else "")
        for value in values[:6]
    )
    return told(f"{case.things} {word} {said}{where}.", *[rows[value] for value in values[:3]])


def _of_plays(case: Case, what: str) -> list[tuple[str, Played]]:
    found = [(_value(item, what), item) for item in flat(case.plays)]
    return [(value, item) for value, item in found if value]


class Row:
    """A row of the catalogue, as sentences cite rows."""

    def __init__(self, row: Any, kind: str) -> None:
        self.row = fact_row(row, kind)
        self.values = row


def _of_tracks(case: Case, what: str) -> list[tuple[str, Any]]:
    found = []
    for thing in case.meant.subjects:
        for row in _tracks(case, thing):
            value = _value(row, what)
            if value:
                found.append((value, Row(row, "track")))
    return found


def _tracks(case: Case, thing: Thing) -> list[Any]:
    return case.archive.rows(_TRACKS.format(column=thing.subject.column), keys=sorted(thing.subject.keys))


def _value(of: Any, what: str) -> str:
    if what == "bpm":
        return f"{of.bpm_milli / 1000:g}" if of.bpm_milli else ""
    if what == "duration":
        return clock(of.duration_ms).removeprefix("0:") if of.duration_ms else ""
    name = {"key": "musical_key", "catalogue": "catalogue_number"}.get(what, what)
    return getattr(of, name, "") or ""


def _at_moment(case: Case, what: str) -> Facts | NotKnown | None:
    """The speed or key at a time of a set."""
    answer = track_at(case)
    if not isinstance(answer, Facts) or not answer.sentences[0].rows:
        return answer
    ident = answer.sentences[0].rows[0].ident
    item = next(item for item in flat(case.items) if item.ident == ident)
    value = _value(item, what)
    if not value:
        return NotKnown("The list does not say it there.")
    unit = " BPM" if what == "bpm" else ""
    return case.facts(told(f"{quoted(item)} {_WORDS.get(what, 'has')} {value}{unit}.", item), *answer.sentences)


def _released(case: Case) -> Facts | NotKnown:
    found = [(row.date, Row(row, "track")) for thing in case.meant.subjects for row in _tracks(case, thing) if row.date]
    if not found:
        return NotKnown(f"The notes do not say when {case.things} came out.")
    date, row = min(found, key=lambda one: one[0])
    return case.facts(told(f"{case.things} came out on {date}.", row))


def _release_keys(case: Case) -> list[str]:
    return sorted({key for mention in case.reading.of("release") for key in mention.keys})


def _of_release(case: Case, what: str) -> Facts | NotKnown:
    rows = case.archive.rows(_RELEASES, keys=_release_keys(case))
    name = {"released": "date", "catalogue": "catalogue_number"}.get(what, what)
    found = [(getattr(row, name, ""), row) for row in rows if getattr(row, name, "")]
    shown = listed(f"“{mention.name}”" for mention in case.reading.of("release"))
    if not found:
        return NotKnown(f"The notes do not say it of {shown}.")
    value, row = found[0]
    verb = {
        "label": "is on",
        "released": "came out on",
        "catalogue": "has the catalogue number",
        "licence": "has the licence",
        "artist": "is by",
    }
    return case.facts(told(f"{shown} {verb.get(what, 'has')} {value}.", Row(row, "release")))


def release_tracks(case: Case) -> Facts | NotKnown | None:
    """What is on a release."""
    rows = case.archive.rows(_OF_RELEASE, keys=_release_keys(case))
    shown = listed(f"“{mention.name}”" for mention in case.reading.of("release"))
    if not rows:
        return NotKnown(f"The notes do not say what is on {shown}.")
    named = listed(f"“{row.title} ({row.version})”" if row.version else f"“{row.title}”" for row in _once(rows))
    return case.facts(told(f"On {shown}: {named}.", *[Row(row, "track") for row in rows]))


def _once(rows: Iterable[Any]) -> list[Any]:
    return list({row.recording_key: row for row in reversed(list(rows))}.values())[::-1]


def _credits(case: Case) -> Facts | NotKnown:
    keys = {key for thing in case.meant.subjects for key in thing.subject.keys} | set(_release_keys(case))
    keys |= {key.split("|")[0] for key in keys}
    rows = case.archive.rows(_CREDITS, keys=sorted(keys))
    shown = case.things or listed(f"“{mention.name}”" for mention in case.reading.of("release"))
    verb = re.search(
        r"\b(sang|sings|wrote|produced|mixed|mastered|composed|remixed|recorded|drum\w*)\b", case.asked.masked
    )
    if verb is not None:
        stem = {
            "sang": "voc",
            "sings": "voc",
            "wrote": "writ|compos|lyric",
            "composed": "writ|compos",
            "drums": "drum",
        }.get(verb[1], verb[1][:4])
        rows = [row for row in rows if re.search(stem, row.role, re.IGNORECASE)]
    if not rows:
        return NotKnown(f"The notes do not say it of {shown}.")
    named = listed(dict.fromkeys(f"{row.person} ({row.role})" for row in rows))
    return case.facts(told(f"On {shown}: {named}.", *[Row(row, "credit") for row in rows]))


def versions(case: Case) -> Facts | NotKnown | None:
    """Which versions of a work were played, or are known."""
    works = {item.work for item in flat(case.plays)}
    found = {item.recording: item for item in reversed(flat(case.plays)) if item.version}
    tracks = [row for thing in case.meant.subjects for row in _tracks(case, thing) if row.version]
    names = {item.recording: item.version for item in found.values()} | {
        row.recording_key: row.version for row in tracks
    }
    if not names:
        if not works and not tracks:
            return NotKnown(f"No version of {case.things} is in the lists.")
        return case.facts(
            told(f"Only the original of {case.things} is in the lists{case.within}.", *flat(case.plays)[:1])
        )
    rows: list[Cited] = [*found.values(), *[Row(row, "track") for row in tracks]]
    counted = f"{len(names):,} versions" if len(names) > 1 else "one version"
    return case.facts(
        told(
            f"Of {case.things} there are {counted} beside the original{case.within}: {listed(names.values())}.",
            *rows[:3],
        )
    )


def links(case: Case) -> Facts | NotKnown | None:
    """Where something can be had, heard, or where tickets are."""
    asked = case.asked.masked
    relations = (
        ["tickets"]
        if "ticket" in asked
        else ["listen", "watch"]
        if re.search(r"listen|stream|hear", asked)
        else ["buy"]
    )
    rows = case.archive.rows(_LINKS, relations=relations)
    keys = {key for mention in case.reading.mentions for key in mention.keys} | {
        key.split("|")[0] for m in case.reading.mentions for key in m.keys
    }
    named = [row for row in rows if row.of_key in keys or row.of_key.split("|")[0] in keys]
    chosen = named or ([row for row in rows if row.of_kind == "artist"] if case.reading.mentions else rows)
    if not chosen:
        return NotKnown("No such link is in the notes.")
    said = [told(f"{row.label or row.subject or 'Here'}: {row.url}", Row(row, "link")) for row in chosen[:LINKS_MAX]]
    return case.facts(*said)
