"""Everything that an artist may have, imported in one go: what became of every kind of file is written down here.

The numbers were looked at file by file. One that changes is looked at again before it is changed here.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from sqlalchemy import text

from knowledge import ImportReport
from knowledge.importers.formats import NAMES
from presence.bootstrap import Services
from tests.nodes import open_node, take_in

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the sample files are elsewhere")

# By folder: ok, partial, refused.
FORMATS = {
    "": (1, 0, 0),  # the manifest, which is Markdown
    "audio-tags": (12, 3, 0),
    "chat-exports": (0, 0, 4),
    "cue": (8, 2, 0),
    "ddex-ern": (0, 0, 4),
    "discogs": (0, 1, 0),
    "documents": (4, 0, 4),
    "engine-dj": (0, 0, 2),
    "ghost": (1, 1, 0),
    "itunes-xml": (0, 0, 2),
    "m3u": (3, 0, 0),
    "mbox": (0, 0, 1),
    "medium": (2, 0, 0),
    "musicbrainz-json": (5, 0, 2),
    "newsletter": (1, 0, 1),
    "pls-asx": (3, 0, 0),
    "podcast-rss": (1, 0, 0),
    "rekordbox": (1, 1, 1),
    "rip-logs": (0, 0, 2),
    "royalties": (0, 2, 0),
    "serato": (0, 0, 2),  # tags cut out of a file, not the history
    "set-histories": (0, 0, 2),
    "setlistfm": (1, 0, 0),
    "spotify": (0, 0, 2),
    "squarespace": (0, 1, 0),
    "substack": (1, 0, 1),
    "subtitles": (7, 0, 0),
    "traktor-nml": (4, 1, 0),
    "wxr": (0, 5, 1),
    "xspf": (2, 0, 7),  # five of the seven have no track, one has no list, one no namespace and no track
}
PARTIAL = {
    "audio-tags/has-tags.m4a": "no title",
    "audio-tags/truncated-64bit.mp4": "no title",
    "audio-tags/unparseable.flac": "no title",
    "cue/fullmetadata.cue": "without a time",
    "cue/manyfilesbroken.cue": "6 rows without a time",
    "discogs/collection_excerpt.csv": "fewer cells than the header",
    "ghost/ghost.json": "Post 3",
    "rekordbox/playlist_export_utf16.txt": "1 row without a title",
    "royalties/distrokid.csv": "Earnings",
    "royalties/distrokid.tsv": "Earnings",
    "squarespace/sample.xml": "damaged",
    "traktor-nml/playlist.nml": "3 rows named by its file only",
    "wxr/crazy-cdata.xml": "damaged",
    "wxr/small-export.xml": "Comments by readers",
    "wxr/valid-wxr-1.0.xml": "Comments by readers",
    "wxr/valid-wxr-1.1.xml": "Comments by readers",
    "wxr/wxr-comprehensive.xml": "Comments by readers",
}
# What a refused file is called, by folder or file.
CALLED = {
    "chat-exports/test_ddmmyy_24hrs.txt": "conversation (WhatsApp",
    "chat-exports/test_export.json": "conversation (Instagram",
    "chat-exports/test_export.txt": "conversation (WhatsApp or Signal",
    "chat-exports/test_single_export.json": "conversation (Telegram",
    "ddex-ern": "DDEX",
    "documents/random.bin": ".bin files",
    "documents/scan_only.pdf": "PDF is a picture",
    "documents/test.epub": "EPUB",
    "documents/test.rtf": "RTF",
    "engine-dj": "dump of a database",
    "itunes-xml": "Apple",
    "mbox": "mailbox",
    "musicbrainz-json": "MusicBrainz",
    "newsletter": "list of people",
    "rekordbox/export.pdb": "rekordbox writes for its players",
    "rip-logs": "log of a CD",
    "serato": ".bin files",
    "set-histories": ".yaml files",
    "spotify": "Spotify",
    "substack": "index of a Substack export",
    "wxr/malformed.xml": "no post or page in this WordPress export",
    "xspf": "no track in this playlist",
}
SITE = {
    "": (1, 0, 0),
    "basspistol": (152, 0, 18),  # refused: settings and data of the site, heads of defaults, its licence
    "basspistol-earlier": (1, 0, 0),
    "setto": (16, 0, 8),
}
# The page where every format is told of, in the words of that page.
TOLD = {
    "archives": "Zips of all these",
    "audio_tags": "Recordings (MP3, FLAC",
    "beehiiv": "Beehiiv",
    "cue": "Cue sheets",
    "discogs": "Discogs",
    "docx": "Word (`.docx`)",
    "feeds": "Feeds (RSS, Atom",
    "ghost": "Ghost",
    "medium": "Medium",
    "musicbrainz": "MusicBrainz (JSON)",
    "pdf": "PDF",
    "playlists": "Playlists (M3U",
    "prose": "Markdown, plain text, HTML",
    "refusals": "Refused by name",
    "rekordbox_list": "lists (text)",
    "rekordbox_xml": "rekordbox: library (XML)",
    "serato": "Serato: history",
    "setlistfm": "setlist.fm (JSON)",
    "substack": "Substack",
    "subtitles": "Subtitles (SRT",
    "tables": "Tables (CSV",
    "traktor": "Traktor (NML)",
    "virtualdj": "VirtualDJ",
    "wordpress": "WordPress, Squarespace",
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with open_node(tmp_path_factory.mktemp("formats") / "home") as services:
        yield services


@pytest.fixture(scope="module")
def report(node: Services) -> ImportReport:
    return take_in(node, DATA / "formats")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, ImportReport]]:
    with open_node(tmp_path_factory.mktemp("site") / "home") as services:
        yield services, take_in(services, DATA / "artist-site")


def by_folder(report: ImportReport) -> dict[str, tuple[int, int, int]]:
    counted: dict[str, list[int]] = {}
    for result in report.files:
        folder = PurePosixPath(result.name).parts[0] if "/" in result.name else ""
        row = counted.setdefault(folder, [0, 0, 0])
        row[("ok", "partial", "refused").index(result.status)] += 1
    return {folder: (row[0], row[1], row[2]) for folder, row in counted.items()}


def published(services: Services) -> set[str]:
    with services.database.reader(4) as reader:
        return set(reader.execute(text("SELECT DISTINCT file_name FROM documents")).scalars())


@needs_data
def test_every_folder_ends_as_it_is_written_here(report: ImportReport) -> None:
    assert by_folder(report) == FORMATS


@needs_data
def test_what_was_left_out_is_said(report: ImportReport) -> None:
    partial = {result.name: " ".join(result.remarks) for result in report.files if result.status == "partial"}
    assert partial.keys() == PARTIAL.keys()
    assert [name for name, said in PARTIAL.items() if said not in partial[name]] == []


@needs_data
def test_every_refused_file_is_called_by_its_name(report: ImportReport) -> None:
    refused = {result.name: " ".join(result.remarks) for result in report.files if result.status == "refused"}
    called = {name: CALLED.get(name) or CALLED[name.split("/")[0]] for name in refused}
    assert [name for name, said in called.items() if said not in refused[name]] == []
    assert all(re.search(r"[.!”]$", reason) for reason in refused.values())
    assert not any("failed" in reason for reason in refused.values())


@needs_data
def test_nothing_of_a_refused_file_is_published_and_something_of_every_other(
    node: Services, report: ImportReport
) -> None:
    assert published(node) == {result.name for result in report.files if result.status != "refused"}
    assert all(result.passages or result.statements for result in report.files if result.status != "refused")
    assert node.library.check() == []


@needs_data
def test_taken_in_once_more_everything_is_there_already(node: Services, report: ImportReport) -> None:
    before = published(node)
    again = take_in(node, DATA / "formats")
    assert again.count("unchanged") == report.count("ok") + report.count("partial")
    assert again.replaced == 0
    assert published(node) == before


@needs_data
def test_a_whole_site_is_read(site: tuple[Services, ImportReport]) -> None:
    services, report = site
    assert by_folder(report) == SITE
    assert published(services) == {result.name for result in report.files if result.status != "refused"}


@needs_data
def test_of_its_posts_only_the_mix_is_a_set(site: tuple[Services, ImportReport]) -> None:
    services, report = site
    posts = [result for result in report.files if "/_posts/" in result.name]
    assert sum(result.status == "ok" for result in posts) == 33 + 4
    assert [result.name for result in posts if result.status != "ok"] == [
        "basspistol/_posts/_defaults.md",
        "setto/_posts/_defaults.md",
    ]
    with services.database.reader(0) as reader:
        query = "SELECT d.file_name, count(*) AS n FROM set_items x JOIN documents d ON d.id = x.document_id GROUP BY 1"
        played = {row.file_name: row.n for row in reader.execute(text(query))}
    assert played == {"basspistol/_posts/2018-08-27-cricketsummermix.md": 33}


def test_the_guide_tells_of_every_format() -> None:
    assert TOLD.keys() == set(NAMES)
    section = (ROOT / "docs" / "guides" / "importing.md").read_text().partition("## What can be read\n")[2]
    assert [told for told in TOLD.values() if told not in section] == []
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    assert len(rows) - 2 == len(NAMES) - 2  # the head and its rule; refusals stand beneath, rekordbox is one row
