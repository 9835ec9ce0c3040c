"""Bytes to text, whatever the encoding; a file that is no text is refused with a sentence."""

from dataclasses import dataclass

from knowledge.errors import ImportRefused

# Signatures of files that people rename to .md or .txt by accident.
_BINARY_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip, DOCX or EPUB file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"ID3": "an MP3 recording",
    b"fLaC": "a FLAC recording",
    b"OggS": "an Ogg recording",
    b"RIFF": "a WAV or AVI file",
    b"\x1f\x8b": "a gzip file",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
    b"{\\rtf": "an RTF file",
}
_UNICODE_MARKS = {  # the longer ones first: UTF-32 begins like UTF-16
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# Control characters that no text file has; tab, line feed, form feed and carriage return may stand.
_NOT_TEXT = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_ODD_BYTES_MAX = 0.002
_SAMPLE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file with line feeds only, and how it was read."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Read bytes as text, or raise `ImportRefused` with the reason."""
    if not data.strip():
        raise ImportRefused("The file is empty.")
    for mark, encoding in _UNICODE_MARKS.items():
        if data.startswith(mark):
            return _decoded(data, encoding)
    _refuse_binary(data)
    try:
        return Decoded(_line_feeds(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        return _guess(data)


def _decoded(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    if "\x00" in text or text.count("\ufffd") > len(text) * _ODD_BYTES_MAX + 1:
        raise ImportRefused("This is a binary file, not text.")
    return Decoded(_line_feeds(text), encoding)


def _refuse_binary(data: bytes) -> None:
    for signature, name in _BINARY_SIGNATURES.items():
        if data.startswith(signature):
            raise ImportRefused(f"This is {name}, not text; it cannot be read yet.")
    sample = data[:_SAMPLE_BYTES]
    odd = len(sample) - len(sample.translate(None, _NOT_TEXT))
    if b"\x00" in data or odd > len(sample) * _ODD_BYTES_MAX:
        raise ImportRefused("This is a binary file, not text.")


def _guess(data: bytes) -> Decoded:
    # One torn letter does not make a file another encoding: most of it reads as UTF-8.
    mended = data.decode("utf-8", errors="replace")
    torn = mended.count("\ufffd")
    if sum(char > "\x7f" for char in mended) > 2 * torn:
        return Decoded(_line_feeds(mended), "utf-8")
    from charset_normalizer import from_bytes  # loaded by the first text that is not UTF-8

    best = from_bytes(data[: 4 * _SAMPLE_BYTES]).best()
    encoding = best.encoding if best is not None else "latin-1"
    # Western single-byte code pages differ in rare letters only, and cp1252 has the typographic ones.
    if encoding in {"ascii", "latin_1", "iso8859_1", "cp1250", "cp437", "cp850", "mac_roman"}:
        encoding = "cp1252"
    return Decoded(_line_feeds(data.decode(encoding, errors="replace")), encoding)


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
