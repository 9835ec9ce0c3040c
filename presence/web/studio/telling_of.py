"""What was brought in, in a musician's words: what each file was taken for, and how much is in all of them."""

from knowledge.imported import FileResult, ImportReport, Preview

WHAT = {
    "markdown": "a note",
    "text": "a text",
    "html": "a web page",
    "docx": "a Word document",
    "pdf": "a PDF",
    "subtitles": "a transcript with times",
    "table": "a table",
    "cue": "a cue sheet",
    "rekordbox": "a rekordbox list",
    "serato": "a Serato history",
    "traktor": "a Traktor list",
    "virtualdj": "a VirtualDJ history",
    "audio": "a recording’s own tags",
    "discogs": "a Discogs list",
    "musicbrainz": "a MusicBrainz export",
    "setlistfm": "a setlist.fm export",
    "substack": "a newsletter",
    "m3u": "a playlist",
    "xspf": "a playlist",
    "pls": "a playlist",
}


def what_it_is(file: FileResult) -> str:
    """Say what a file was taken for, and what is in it."""
    if file.status == "refused":
        return "not taken"
    if file.status == "unchanged":
        return "here already"
    what = WHAT.get(file.format, f"a {file.format} file" if file.format else "a file")
    if file.tracks:
        return f"{'a set list' if file.sets == 1 and not file.notes else what}, {counted(file.tracks, 'track')}"
    if file.sets + file.notes > 1:
        return f"{what}, {counted(file.sets + file.notes, 'note')}"
    return f"{what}, {counted(file.statements, 'entry', 'entries')}" if not file.passages and file.statements else what


def told_counts(told: Preview | ImportReport) -> str:
    """Say how much is in all files: “2 sets, 19 tracks, 1 line not understood”."""
    files = told.files
    parts = [
        (sum(file.sets for file in files), "set", "sets"),
        (sum(file.tracks for file in files), "track", "tracks"),
        (sum(file.notes for file in files), "note", "notes"),
        (sum(len(file.unread) for file in files), "line not understood", "lines not understood"),
        (told.count("unchanged"), "file here already", "files here already"),
        (told.count("refused"), "file that cannot be read", "files that cannot be read"),
    ]
    return ", ".join(counted(count, one, several) for count, one, several in parts if count) or "nothing new"


def counted(count: int, one: str, several: str = "") -> str:
    """Write a number with its noun."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def size_in_words(size_bytes: int) -> str:
    """Write a size in MB, or in GB from one on."""
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 10**9 else f"{size_bytes / 1e6:,.0f} MB"
