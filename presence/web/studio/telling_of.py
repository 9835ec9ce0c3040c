"""What was brought in, in a musician's words: what each file was taken for, and how much is in all of them."""

from knowledge.imported import FileResult, ImportReport, Preview
from presence.languages import Decimals, in_a_row, later, said, said_many

WHAT = {
    "markdown": later("a note"),
    "text": later("a text"),
    "html": later("a web page"),
    "docx": later("a Word document"),
    "pdf": later("a PDF"),
    "subtitles": later("a transcript with times"),
    "table": later("a table"),
    "cue": later("a cue sheet"),
    "rekordbox": later("a rekordbox list"),
    "serato": later("a Serato history"),
    "traktor": later("a Traktor list"),
    "virtualdj": later("a VirtualDJ history"),
    "audio": later("a recording’s own tags"),
    "discogs": later("a Discogs list"),
    "musicbrainz": later("a MusicBrainz export"),
    "setlistfm": later("a setlist.fm export"),
    "substack": later("a newsletter"),
    "m3u": later("a playlist"),
    "xspf": later("a playlist"),
    "pls": later("a playlist"),
}


def what_it_is(file: FileResult) -> str:
    """Say what a file was taken for, and what is in it."""
    if file.status == "refused":
        return later("not taken")
    if file.status == "unchanged":
        return later("here already")
    what = WHAT.get(file.format) or (said("a {format} file", format=file.format) if file.format else later("a file"))
    if file.tracks:
        taken_for = later("a set list") if file.sets == 1 and not file.notes else what
        return in_a_row([taken_for, said_many("{n} track", "{n} tracks", file.tracks)])
    if file.sets + file.notes > 1:
        return in_a_row([what, said_many("{n} note", "{n} notes", file.sets + file.notes)])
    if not file.passages and file.statements:
        return in_a_row([what, said_many("{n} entry", "{n} entries", file.statements)])
    return what


def told_counts(told: Preview | ImportReport) -> str:
    """Say how much is in all files: “2 sets, 19 tracks, 1 line not understood”."""
    files = told.files
    parts = [
        said_many("{n} set", "{n} sets", sum(file.sets for file in files)),
        said_many("{n} track", "{n} tracks", sum(file.tracks for file in files)),
        said_many("{n} note", "{n} notes", sum(file.notes for file in files)),
        said_many("{n} line not understood", "{n} lines not understood", sum(len(file.unread) for file in files)),
        said_many("{n} file here already", "{n} files here already", told.count("unchanged")),
        said_many("{n} file that cannot be read", "{n} files that cannot be read", told.count("refused")),
    ]
    there = [part for part in parts if part.number]
    return in_a_row(there) if there else later("nothing new")


def size_in_words(size_bytes: int) -> str:
    """Write a size in MB, or in GB from one on."""
    if size_bytes >= 10**9:
        return said("{size} GB", size=Decimals(size_bytes / 1e9, 1))
    return said("{size} MB", size=Decimals(size_bytes / 1e6, 0))
