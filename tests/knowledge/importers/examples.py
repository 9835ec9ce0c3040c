"""One small file of every format that is read, and of some that are refused by name: all of them made by hand.

Tests that mutate files take them from here, so that they need nothing of anybody else's.
"""

import json
import struct
import zipfile
from io import BytesIO

from tests.knowledge.importers import (
    test_feeds,
    test_ghost,
    test_musicbrainz,
    test_newsletters,
    test_rekordbox,
    test_setlistfm,
    test_traktor,
    test_virtualdj,
    test_wordpress,
)
from tests.knowledge.importers.test_audio_tags import TAGGED
from tests.knowledge.importers.test_cue import MIX, RECORD
from tests.knowledge.importers.test_discogs import HEADER
from tests.knowledge.importers.test_docx import paragraph, word
from tests.knowledge.importers.test_heads import RELEASE
from tests.knowledge.importers.test_html import PAGE
from tests.knowledge.importers.test_markdown import NOTE
from tests.knowledge.importers.test_pdf import locked, pdf_of
from tests.knowledge.importers.test_plaintext import BOOK
from tests.knowledge.importers.test_playlists import ASX, JSPF, M3U, PLS, XSPF
from tests.knowledge.importers.test_serato import HISTORY
from tests.knowledge.importers.test_set_lists import BAND
from tests.knowledge.importers.test_subtitles import SRT

BEEHIIV = """id,web_title,status,audience,url,web_subtitle,content_html,created_at
1,Low tide,confirmed,free,https://a.invalid/1,Sub,"<p>The tide came ""in"".</p>
<p>Two.</p>",2019-03-04 10:00:00
"""
VTT = """WEBVTT

NOTE x

1
00:01.000 --> 00:03.000 align:start
<v Ada>The tide came in.

00:04.000 --> 00:05.000
Two.
"""
SHOWS = """show_id,date,venue,city,country,tickets sold,fee
1,04/03/2019,Pier Hall,Leeds,GB,12,£300
2,25.12.2019,Dock,Hull,GB,,
"""
PLAYS = "show_id;position;set;song;segue\n1;1;1;Low Tide;>\n1;2;1;Monday;\n2;1;Encore;Harbour;\n"
TRACKLIST = (
    "Live at the Dock, 2019-03-04\n\n[0:00:00] Ada - Low Tide (Ana Remix) [Dock]\n0:07:05 Zeno - Monday\n\nIt rained.\n"
)
ID3 = b"ID3\x03\x00\x00\x00\x00\x00\x2b" + b"".join(
    struct.pack(">4sIH", frame, len(said) + 1, 0) + b"\x00" + said
    for frame, said in ((b"TIT2", b"Low"), (b"TPE1", b"Ada"))
)
MAILBOX = "From ada@example.org Mon Mar  4 10:00:00 2019\nSubject: tide\nTo: zeno@example.org\n\nThe tide came in.\n"
CHAT = "[04/03/2019, 10:00:00] Ada: The tide came in\n[04/03/2019, 10:01:00] Zeno: Yes\n"
DDEX = '<?xml version="1.0"?><ern:NewReleaseMessage xmlns:ern="urn:x"><MessageHeader/></ern:NewReleaseMessage>'


def zipped(*members: tuple[str, bytes | str]) -> bytes:
    """Pack these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members:
            # Without the hour it is the same file again.
            packed.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _word() -> bytes:
    return word(paragraph("Low tide", "Heading1") + paragraph("The tide came in at nine."), title="My life")


# By the importer that reads it (`knowledge.importers.formats`), each file with its name.
OF_FORMAT: dict[str, tuple[tuple[str, bytes | str], ...]] = {
    "docx": (("bio.docx", _word()),),
    "pdf": (("press.pdf", pdf_of(["The tide came in.", "Two."], ["Three."])), ("locked.pdf", locked("", "x"))),
    "archives": (
        ("all.zip", zipped(("a.md", NOTE), ("c.cue", MIX), ("posts.csv", test_newsletters.INDEX), ("d.docx", _word()))),
    ),
    "audio_tags": (("low-tide.flac", TAGGED), ("low.mp3", ID3)),
    "wordpress": (
        ("export.xml", test_wordpress.HEAD + test_wordpress.item(more=test_wordpress.COMMENT) + "</channel></rss>"),
    ),
    "medium": (("2019-03-04_Low-tide.html", test_newsletters.POST),),
    "feeds": (("feed.xml", test_feeds.RSS.format(test_feeds.ITEM)), ("atom.xml", test_feeds.ATOM)),
    "ghost": (("ghost.json", json.dumps(test_ghost.export(test_ghost.article()))),),
    "subtitles": (("talk.srt", SRT), ("talk.vtt", VTT)),
    "substack": (("posts.csv", test_newsletters.INDEX + "1.a,2019-03-04,TRUE,,newsletter,everyone,A,,\n"),),
    "beehiiv": (("posts.csv", BEEHIIV),),
    "musicbrainz": (("release.json", json.dumps(test_musicbrainz.RELEASE)),),
    "setlistfm": (("setlists.json", json.dumps({"setlist": [test_setlistfm.CONCERT]})),),
    "discogs": (("collection.csv", HEADER + 'KO 2,Ada (3),Low Tide,"Kontur, Human (2)","7"", EP",,1979,77,All\n'),),
    "cue": (("dock.cue", MIX), ("tides.cue", RECORD)),
    "rekordbox_xml": (("library.xml", test_rekordbox.LIBRARY),),
    "rekordbox_list": (("HISTORY 2024-05-01.txt", test_rekordbox.LIST.encode("utf-16")),),
    "traktor": (("history.nml", test_traktor.NML),),
    "virtualdj": (("database.xml", test_virtualdj.LIBRARY), ("2024-05-01.m3u", test_virtualdj.HISTORY)),
    "serato": (("history.csv", HISTORY),),
    "playlists": (("a.m3u", M3U), ("a.pls", PLS), ("a.asx", ASX), ("a.xspf", XSPF), ("a.jspf", JSPF)),
    "tables": (("shows.csv", SHOWS), ("plays.csv", PLAYS)),
    "refusals": (("mail.mbox", MAILBOX), ("chat.txt", CHAT), ("delivery.xml", DDEX)),
    "prose": (
        ("2019-03-04-note.md", NOTE), ("release.md", RELEASE), ("page.html", PAGE), ("book.txt", BOOK),
        ("dock.txt", TRACKLIST), ("show.md", BAND),
    ),
}  # fmt: skip


def examples() -> list[tuple[str, str, bytes]]:
    """Give every example: its format, its name and its bytes."""
    return [
        (kind, name, data if isinstance(data, bytes) else data.encode())
        for kind, files in OF_FORMAT.items()
        for name, data in files
    ]
