"""The codes and numbers of music: ISRC, barcode, MusicBrainz id, tempo; empty where it is none."""

import re

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TEMPO = re.compile(r"(?P<bpm>\d{1,3}(?:[.,]\d{1,6})?)\s*(?:bpm)?", re.IGNORECASE)
_DIGITS = re.compile(r"\d{8,14}")
_WEB = re.compile(r"https?://[^\s<>\"']{3,2000}", re.IGNORECASE)


def isrc(written: str) -> str:
    """Give an ISRC without the dashes it is often printed with."""
    code = re.sub(r"[\s-]+", "", written[:40]).upper().removeprefix("ISRC")
    return code if _ISRC.fullmatch(code) else ""


def barcode(written: str) -> str:
    """Give the digits of an EAN or UPC; a spreadsheet's apostrophe and spaces are none of it."""
    digits = re.sub(r"[\s'-]+", "", written[:40])
    return digits if _DIGITS.fullmatch(digits) else ""


def mbid(written: str) -> str:
    """Give a MusicBrainz id."""
    code = written.strip().lower()[-36:]
    return code if _MBID.fullmatch(code) else ""


def bpm_milli(written: str) -> int | None:
    """Read a tempo, in thousandths of a beat a minute; 0 is how programs write that they do not know."""
    found = _TEMPO.fullmatch(written.strip()[:40])
    milli = round(float(found["bpm"].replace(",", ".")) * 1_000) if found else 0
    return milli or None


def web_address(written: str) -> str:
    """Give an address on the web: http or https, nothing else."""
    return written.strip() if _WEB.fullmatch(written.strip()) else ""
