"""The tags inside a recording: MP3, FLAC, Ogg, Opus, M4A, WAV, AIFF, told by their first bytes.

Only the tags are read, never the sound. Traps: a file without a title bears its own name, a tempo of
0 is none, the copy that a shop sold may hold an e-mail address among its tags, and the reader of tags
may fail in any way on a broken file. One barcode and one label are the release's, the ISRC the recording's.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers import codes, statements
from knowledge.importers.date_columns import DateOrder
from knowledge.importers.people import people
from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import At, Credit, Link, Release, Statement, Track
from knowledge.importers.table_values import number
from knowledge.importers.versions import split_version

_SUFFIXES_OF_MPEG = {".mp1", ".mp2", ".mp3"}
_CREDITS = {"composer": ("composer",), "lyricist": ("lyricist",), "producer": ("producer",), "remixer": ("remixer",),
            "arranger": ("arranger",), "conductor": ("conductor",), "engineer": ("engineer",), "mixing": ("mixer",),
            "mix-DJ": ("djmixer",)}  # fmt: skip
_SHOWN = ("title", "artist", "albumartist", "album", "track", "track_total", "disc", "year", "genre", "bpm",
          "initial_key", "isrc", "publisher", "label", "catalog_number", "barcode", "composer", "copyright",
          "license")  # fmt: skip
_TOLD = ("lyrics", "unsyncedlyrics", "comment", "description", "synopsis")
_TIMED = re.compile(r"^(?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]\s*)+", re.MULTILINE)
_TELLING_CHARS_MIN = 40
_CODE_LIKE = re.compile(r"^(?:/|https?://\S*$|[\w+/=.:-]+$|[0-9A-F ]{30,}$|[{\[<])")
_UNFOLDED_CHARS_MAX = 200_000


def is_it(file: Sniffed) -> bool:
    """Whether the first bytes are those of a recording."""
    head = file.data[:12]
    if head[:4] in (b"fLaC", b"OggS") or head[:3] == b"ID3" or head[4:8] == b"ftyp":
        return True
    if (head[:4], head[8:12]) == (b"RIFF", b"WAVE") or (head[:4] == b"FORM" and head[8:11] == b"AIF"):
        return True
    return head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0 and file.suffix in _SUFFIXES_OF_MPEG


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Read the tags of one recording: itself, its release, its credits, and the words in it."""
    tags = _tags(file.data)
    said = tuple(_statements(tags, file.name.stem))
    return [
        ImportedDoc(
            format="audio",
            title=_first(tags, "title") or file.name.stem,
            blocks=tuple(_words(tags)),
            kind="release",
            date=_date(tags),
            licence=_first(tags, "license", "licence", "copyright"),
            statements=said,
            left_out=() if _first(tags, "title") else ("The recording has no title; it is called by its file.",),
        )
    ]


def _tags(data: bytes) -> dict[str, Any]:
    from tinytag import TinyTag  # loaded by the first recording only

    try:
        values = TinyTag.get(file_obj=io.BytesIO(data)).as_dict()
    except Exception as error:  # whatever is wrong with the file, it is the file that is refused
        raise ImportRefused("The tags of this recording are damaged; save it again with its tags.") from error
    tags = {str(key).lower().replace("_", " "): value for key, value in values.items()}
    if not any(isinstance(value, list) for value in tags.values()) and not tags.get("duration"):
        raise ImportRefused("There are neither tags nor sound in this recording; export it again.")
    return tags


def _statements(tags: dict[str, Any], stem: str) -> Iterator[Statement]:
    at = At(0, statements.raw(_row(tags)), "tags")
    title, version = split_version(_first(tags, "title") or stem, _first(tags, "version", "mixname"))
    album = _first(tags, "album")
    ref = codes.mbid(_first(tags, "musicbrainz albumid", "musicbrainz album id")) or album
    if album:
        yield _release(tags, at, ref, album)
    yield _track(tags, at, title, version, ref if album else "")
    artist = _all(tags, "artist")
    for role, keys in _CREDITS.items():
        for person in dict.fromkeys(name for written in _every(tags, *keys) for name in people(written)):
            yield Credit(at, "recording", title, person, role, artist)
    for url in dict.fromkeys(filter(None, map(codes.web_address, _every(tags, "url", "website")))):
        yield Link(at, "recording", title, "elsewhere", url)


def _release(tags: dict[str, Any], at: At, ref: str, album: str) -> Release:
    return Release(
        at,
        ref,
        album,
        artist=_all(tags, "albumartist"),
        kind="compilation" if _first(tags, "tcmp", "cpil", "compilation") == "1" else "",
        date=_date(tags),
        label=_label(tags),
        catalogue_number=_first(tags, "catalog number", "catalognumber"),
        barcode=codes.barcode(_first(tags, "barcode", "upc")),
        medium=_first(tags, "media"),
        mbid=codes.mbid(_first(tags, "musicbrainz albumid", "musicbrainz album id")),
    )


def _track(tags: dict[str, Any], at: At, title: str, version: str, release: str) -> Track:
    seconds = tags.get("duration")
    recording = [one for one in _every(tags, "ufid") if "musicbrainz" in one]
    return Track(
        at,
        title,
        release=release,
        position=number(_first(tags, "track")),
        medium_no=number(_first(tags, "disc")) or 1,
        artist=_all(tags, "artist"),
        version=version,
        duration_ms=round(seconds * 1_000) if isinstance(seconds, (int, float)) and seconds > 0 else None,
        bpm_milli=codes.bpm_milli(_first(tags, "bpm")),
        musical_key=_first(tags, "initial key", "initialkey", "key"),
        isrc=codes.isrc(_first(tags, "isrc")),
        iswc=_first(tags, "iswc"),
        mbid=codes.mbid(_first(tags, "musicbrainz trackid", "musicbrainz track id") or "".join(recording[:1])),
        work_mbid=codes.mbid(_first(tags, "musicbrainz workid", "musicbrainz work id")),
        date=_date(tags),
        label=_label(tags),
        licence=_first(tags, "license", "licence"),
    )


def _label(tags: dict[str, Any]) -> str:
    return _first(tags, "label", "publisher", "organization")


def _date(tags: dict[str, Any]) -> str:
    return DateOrder().read(_first(tags, "originaldate", "year", "date"))[0]


def _words(tags: dict[str, Any]) -> Iterator[Block]:
    """Give lyrics, and those comments that are sentences."""
    seen = set[str]()
    for key in _TOLD:
        for written in _every(tags, key):
            text = _TIMED.sub("", written[:_UNFOLDED_CHARS_MAX].replace("\r\n", "\n").replace("\r", "\n")).strip()
            if len(text) >= _TELLING_CHARS_MIN and " " in text and not _CODE_LIKE.match(text) and text not in seen:
                seen.add(text)
                yield Block("prose", text, 0, own_lines=False, place=f"tags, {key}")


def _row(tags: dict[str, Any]) -> str:
    shown = ((key, _all(tags, key.replace("_", " "))) for key in _SHOWN)
    return "; ".join(f"{key}: {value}" for key, value in shown if value)


def _first(tags: dict[str, Any], *keys: str) -> str:
    return next(iter(_every(tags, *keys)), "").replace("\x00", " ").strip()


def _all(tags: dict[str, Any], key: str) -> str:
    return ", ".join(dict.fromkeys(" ".join(value.split()) for value in _every(tags, key)))


def _every(tags: dict[str, Any], *keys: str) -> list[str]:
    found = [value for key in keys for value in (tags.get(key) if isinstance(tags.get(key), list) else ()) or ()]
    return [value for value in found if isinstance(value, str) and value.strip()]
