"""What a file is that is not read, and what to do instead."""

import re
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import refusals
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"


def sniffed(data: bytes, name: str) -> Sniffed:
    return Sniffed(data, PurePosixPath(name))


def said(data: bytes | str, name: str = "a.bin") -> str:
    file = sniffed(data.encode() if isinstance(data, str) else data, name)
    assert refusals.is_it(file)
    with pytest.raises(ImportRefused) as refused:
        refusals.read(file)
    return refused.value.reason


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        (b"{\\rtf1\\ansi", "a.txt", "RTF"),
        (b"SQLite format 3\x00", "m.db", "SQLite"),
        (b"vrsn\x00\x00", "a.crate", "Serato"),
        (b"\x89PNG\r\n", "a.txt", "picture"),
        (b"\xff\xd8\xff\xe0", "a.md", "picture"),
        (b"\x00\x00\x00\x20ftypmp42", "a", "video"),
        (b"RIFF\x00\x00\x00\x00WEBP", "a", "picture"),
        (b"\x00" * 40, "export.pdb", "rekordbox"),
        (zipped("mimetype", "application/epub+zip"), "a.epub", "EPUB"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", "CSV"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "a.pptx", "presentation"),
        ("From a@b Wed May 16 14:58:24 +0000 2018\nSubject: x\n", "a.txt", "mailbox"),
        ("01/01/19, 11:25 - Ada: Text.\n" * 2, "a.txt", "conversation"),
        ("[2019-12-24, 12:23] Ada: Text.\n" * 2, "a.txt", "conversation"),
        ("[24.12.19, 12:23:01] Ada: Text.\n" * 2, "a.txt", "conversation"),
        ("1/1/19, 9:05 PM - Ada: Text.\n" * 2, "a.txt", "conversation"),
        ('{"messages": [{"sender_name": "Ada"}]}', "a.json", "Instagram"),
        ('{"messages": [{"from": "Ada"}]}', "a.json", "Telegram"),
        ('[{"ts": "x", "ms_played": 3, "ip_addr": "x"}]', "a.json", "listened"),
        ('{"uri": "spotify:track:x"}', "a.json", "Spotify"),
        ('{"a": 1}', "a.json", "JSON"),
        ('<?xml version="1.0"?><ern:NewReleaseMessage xmlns:ern="x"/>', "a.xml", "DDEX"),
        ('<?xml version="1.0"?><!DOCTYPE plist PUBLIC "a" "b"><plist/>', "a.xml", "iTunes"),
        ("<thing/>", "a.xml", "thing"),
        ("Exact Audio Copy V1.6 from 23. October 2020\n", "a.txt", "CD"),
        ("PRAGMA foreign_keys=OFF;\n", "m.db.sql", "dump"),
        ("#!/bin/sh\n", "a", "script"),
        ("title: x\n", "_config.yml", "settings"),
        ("print(1)\n", "a.py", r"\.py"),
    ],
)
def test_every_kind_is_called_by_its_name(data: bytes | str, name: str, what: str) -> None:
    assert re.search(what, said(data, name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Text.", "a.md"),
        ("BM was the best club of Leeds.", "a.txt"),
        ("From Leeds to Hull in 1977\nwe drove.", "a.txt"),
        ("01/01/19 was a cold day: snow.", "a.txt"),
        ("[0:12:30] Zeno - Dub: two\n", "a.txt"),
        ("2019-03-04, 23:00 at the Tide\n", "a.txt"),
        ("[sic]: a word\n", "a.md"),
        ("{% include x %}\nText.", "a.md"),
        ("[a link](b)\n", "a.md"),
        ('<?xml version="1.0"?>\n<!-- saved -->\n<html><body>Text.</body></html>', "a.txt"),
        ("<p>Text.</p>", "a.html"),
        ("", ""),
    ],
)
def test_a_text_is_none_of_them(text: str, name: str) -> None:
    assert not refusals.is_it(sniffed(text.encode(), name))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
@pytest.mark.parametrize(
    ("folder", "what"),
    [("chat-exports", "conversation"), ("ddex-ern", "DDEX"), ("engine-dj", "database"), ("itunes-xml", "iTunes"),
     ("mbox", "mailbox"), ("rip-logs", "CD"), ("spotify", "Spotify")],
)  # fmt: skip
def test_real_ones(folder: str, what: str) -> None:
    for file in sorted((SAMPLES / folder).iterdir()):
        assert what in said(file.read_bytes(), file.name), file.name
