"""Files that are something, only nothing that is read here: what each is, and what to do instead.

Told by content as far as the content says it, and by the ending where a text could be anything. It is
asked after every format that is read, and before text, which would take a chat for a note.
"""

import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from knowledge.errors import ImportRefused
from knowledge.importers import xml
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

_LOOKED_AT = 65_536
_TEXT_OF_PICTURE = "Import a text about it, or run a text recognition over it."
_VIDEO = "This is a video: import its subtitles or a transcript (SRT, VTT)."
_OWN_WORDS = "Copy your own words into a text and import that."
_CHAT = "This is a conversation ({app}): it holds the words of others. " + _OWN_WORDS
_DDEX = "This is a delivery to shops (DDEX): ask for the same as a table (CSV) and import that."
_LISTENED = (
    "This is what an account at Spotify has listened to, not what was played to people. It is left alone; "
    "import the history of your DJ program."
)
_OF_SPOTIFY = (
    "This is an answer of Spotify's, whose terms leave it there. Import your own list of releases as CSV, or "
    "your tracks' tags."
)
_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "This is an RTF file. Open it in a word processor and save it as .docx or plain text."),
    (b"SQLite format 3", "This is a database (SQLite). If it is Engine DJ's or Rekordbox', export the playlists or the "
     "history as text, CSV or M3U and import those."),
    (b"SQLCipher", "This is a locked database. Export what is in it as text or CSV."),
    (b"vrsn\x00", "This is a file of Serato's own. Export the history or the crate as CSV in Serato and import that."),
    (b"\x89PNG", f"This is a picture (PNG). {_TEXT_OF_PICTURE}"),
    (b"\xff\xd8\xff", f"This is a picture (JPEG). {_TEXT_OF_PICTURE}"),
    (b"GIF8", "This is a picture (GIF). Import a text about it."),
    (b"BM", "This is a picture (BMP). Import a text about it."),
    (b"II*\x00", "This is a picture (TIFF). Run a text recognition over it and import the text."),
    (b"MM\x00*", "This is a picture (TIFF). Run a text recognition over it and import the text."),
    (b"8BPS", "This is a picture (Photoshop). Import a text about it."),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"\x7fELF", "This is a program, not a note."),
    (b"\xcf\xfa\xed\xfe", "This is a program, not a note."),
    (b"\x1f\x8b", "This is a gzip file. Unpack it and import what is inside."),
    (b"7z\xbc\xaf", "This is a 7z archive. Unpack it and import the folder, or pack it as zip."),
    (b"Rar!", "This is a RAR archive. Unpack it and import the folder, or pack it as zip."),
    (b"\xd0\xcf\x11\xe0", "This is an old office file. Save it as .docx, or a table as CSV, and import that."),
)  # fmt: skip
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"application/epub+zip", "This is an EPUB. Save the text of the book as .docx, HTML or plain text."),
    (b"xl/workbook", "This is a spreadsheet (.xlsx). Save each sheet as CSV and import those."),
    (b"opendocument.spreadsheet", "This is a spreadsheet (.ods). Save each sheet as CSV and import those."),
    (b"opendocument.text", "This is an OpenDocument text (.odt). Save it as .docx and import that."),
    (b"ppt/presentation", "This is a presentation. Save its text as .docx or PDF and import that."),
    (b"Index/Document.iwa", "This is a file of Apple's Pages, Numbers or Keynote. Export it as Word, CSV or PDF."),
    (b"Index.zip", "This is a file of Apple's Pages, Numbers or Keynote. Export it as Word, CSV or PDF."),
    (b"", "This is a zip of a program's own kind. Save the text or the table in it as .docx or CSV."),
)
_OPENINGS: tuple[tuple[str, str], ...] = (
    (r"From \S+ .*\d{4}\n(?:[A-Za-z-]+: ?.*\n)", "This is a mailbox (mbox): letters of others are in it. Save a "
     "newsletter of your own as HTML or text and import that."),
    (r"(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID): ", f"This is an e-mail. {_OWN_WORDS}"),
    (r"Exact Audio Copy|EAC extraction logfile|X Lossless Decoder|whipper|Log created by: whipper",
     "This is the log of a CD being copied: it says how well, not what. Import the CUE sheet or the files' tags."),
    (r"PRAGMA foreign_keys|BEGIN TRANSACTION;|CREATE TABLE|-- MySQL dump", "This is the dump of a database (SQL). If "
     "it is Engine DJ's, export the history or the playlists as CSV or M3U there."),
    (r"#!\s*/", "This is a program (a script), not a note."),
    (r"BEGIN:VCARD", "These are addresses of people (vCard). They are nothing to be quoted."),
    (r"BEGIN:VCALENDAR", "This is a calendar. Save its dates as a table (CSV) with date, venue and city."),
)  # fmt: skip
_CHAT_LINE = re.compile(
    r"^\[?\u200e?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:[ \u202f]?[AaPp]\.?[ ]?[Mm]\.?)?\]?(?:(?: -|:) |\]? )[^\n:]{1,60}:",
    re.MULTILINE,
)
_CHAT_LINES_MIN = 2
_COMPILED = tuple((re.compile(pattern), sentence) for pattern, sentence in _OPENINGS)
_JSON_KEYS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b'"ms_played"',), _LISTENED),
    ((b'"msPlayed"',), _LISTENED),
    ((b"api.spotify.com",), _OF_SPOTIFY),
    ((b'"spotify:',), _OF_SPOTIFY),
    ((b'"messages"', b'"sender_name"'), _CHAT.format(app="Instagram or Messenger")),
    ((b'"messages"', b'"from"'), _CHAT.format(app="Telegram")),
    ((b'"messages"', b'"author"'), _CHAT.format(app="Discord")),
    ((b'"chats"', b'"messages"'), _CHAT.format(app="Telegram")),
)  # fmt: skip
_XML_ROOTS = {
    "NewReleaseMessage": _DDEX,
    "UpdateReleaseMessage": _DDEX,
    "CatalogListMessage": _DDEX,
    "PurgeReleaseMessage": _DDEX,
    "MessageHeader": _DDEX,
    "plist": "This is a list of Apple's (iTunes or Music). Select a playlist there and export it as text or M3U.",
    "svg": "This is a drawing (SVG), not a note.",
    "opml": "This is a list of feeds (OPML). Import a feed itself.",
    "kml": "This is a map (KML). Save its places as a table (CSV).",
}
_ENDINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    ((".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf"), "{ending} files are settings or data of a program. "
     "Write what should be told of it as text or Markdown, or as a table (CSV), and import that."),
    ((".py", ".js", ".ts", ".css", ".scss", ".php", ".rb", ".sh", ".bat", ".exe", ".dll", ".java", ".c", ".cpp", ".go",
      ".rs", ".swift", ".lua", ".liquid"), "{ending} files are programs, not notes."),
    ((".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".wmv"), "{ending} files are videos. Import the subtitles or a "
     "transcript (SRT, VTT)."),
    ((".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".tif", ".tiff", ".bmp", ".psd", ".ai", ".ico"),
     f"{{ending}} files are pictures. {_TEXT_OF_PICTURE}"),
    ((".pdb", ".dat", ".ext", ".2ex"), "{ending} files are what rekordbox writes for its players (export.pdb). Export "
     "the history or the playlist as text in rekordbox and import that."),
    ((".crate", ".session"), "{ending} files are Serato's own. Export the history or the crate as CSV in Serato."),
    ((".db", ".sqlite", ".sqlite3", ".edb"), "{ending} files are databases. Export what is in them as text or CSV."),
    ((".als", ".flp", ".logicx", ".ptx", ".rpp", ".cpr", ".asd"), "{ending} files are projects of a studio "
     "program. Write what should be told of it as text."),
    ((".mid", ".midi", ".musicxml", ".mscz", ".sib"), "{ending} files are scores. Write what should be "
     "told of it as text."),
    ((".ttf", ".otf", ".woff", ".woff2"), "{ending} files are fonts, not notes."),
    ((".eml", ".msg"), f"{{ending}} files are e-mails. {_OWN_WORDS}"),
)  # fmt: skip


def is_it(file: Sniffed) -> bool:
    return bool(_what(file))


def read(file: Sniffed) -> Sequence[ImportedDoc]:
    """Refuse, with what it is and what to do."""
    _refuse(_what(file))


def _refuse(reason: str) -> NoReturn:
    raise ImportRefused(reason)


def _what(file: Sniffed) -> str:
    """Give the sentence of the first thing that the file is, "" where it is none of them."""
    return next((sentence for look in _LOOKS if (sentence := look(file))), "")


def _by_bytes(file: Sniffed) -> str:
    data = file.data[:_LOOKED_AT]
    if data.startswith(b"PK\x03\x04"):
        around = data + file.data[-_LOOKED_AT:]
        return next(sentence for sign, sentence in _ZIPPED if sign in around)
    if data[4:8] == b"ftyp":
        return _VIDEO
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"AVI "):
        return "This is a picture or a video. Import a text about it, or its subtitles."
    return next((sentence for sign, sentence in _BYTES if data.startswith(sign) and _is_binary(sign, data)), "")


def _is_binary(sign: bytes, data: bytes) -> bool:
    """Two letters begin a sentence as well as a picture."""
    return len(sign) > 2 or b"\x00" in data


def _by_opening(file: Sniffed) -> str:
    opening = file.opening
    if len(_CHAT_LINE.findall(opening)) >= _CHAT_LINES_MIN:
        return _CHAT.format(app="WhatsApp or Signal")
    return next((sentence for pattern, sentence in _COMPILED if pattern.match(opening)), "")


def _by_xml(file: Sniffed) -> str:
    root = xml.root_name(file.opening) if file.opening.startswith("<") else ""
    if root in _XML_ROOTS:
        return _XML_ROOTS[root]
    is_page = root.lower() in ("html", "head", "body") or not file.opening.startswith("<?xml")
    if not root or (is_page and file.suffix != ".xml"):
        return ""
    return f"This is XML of a kind that is not read (“{root[:40]}”). Export it as text, CSV or HTML and import that."


def _by_json(file: Sniffed) -> str:
    if file.opening[:1] not in ("{", "[") or (file.suffix != ".json" and not _JSON_OPENING.match(file.opening)):
        return ""
    for keys, sentence in _JSON_KEYS:
        if all(key in file.data for key in keys):
            return sentence
    return (
        "This is JSON of a kind that is not read. Export it as text or CSV (.json is kept by programs for themselves)."
    )


def _by_ending(file: Sniffed) -> str:
    for endings, sentence in _ENDINGS:
        if file.suffix in endings:
            return sentence.format(ending=file.suffix)
    return ""


_JSON_OPENING = re.compile(r"[\[{]\s*(?:[\[{]\s*)*\"[^\"\n]{1,100}\"\s*[:,\]]")
_LOOKS: tuple[Callable[[Sniffed], str], ...] = (_by_bytes, _by_opening, _by_xml, _by_json, _by_ending)
