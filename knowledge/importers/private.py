"""Takes out of a text what must never be quoted to a listener: addresses, numbers to ring, paths of a machine.

What is taken out leaves a short mark, and no line break ever goes, so that lines can still be counted.
The trap is the telephone number: dates, catalogue numbers, ISRCs, barcodes, times, BPM and prices are
written with digits, dashes and dots too. A number to ring begins with a plus, or comes in groups that
nothing else comes in.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address

_SUSPECT = re.compile(r"[0-9@\\]|[(\[]at[)\]]|/(?:Users|home|mnt|Volumes|root|private|var)/|file:/", re.IGNORECASE)
_E_MAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b")
_E_MAIL_IN_WORDS = re.compile(
    r"(?<![\w.%+-])[\w.%+-]{1,64}[ ]?[(\[]at[)\]][ ]?[\w-]{1,63}(?:(?:\.|[ ]?[(\[]dot[)\]][ ]?)[\w-]{1,63}){1,6}",
    re.IGNORECASE,
)
_FILE_URL = re.compile(r"\bfile:/{1,5}[^\s\"'<>)\]]+", re.IGNORECASE)
# A folder's name may have a space or two in it: it goes on where a slash follows.
_HOME_PATH = re.compile(
    r"(?<![\w/.:~-])/(?:Users|home|mnt|Volumes|root|private/var|var/folders)/"
    r"(?:[^\s/\"'<>|)\]]+(?:[ ][^\s/\"'<>|)\]]+){0,2}/)*[^\s/\"'<>|)\],;]*"
)
_DRIVE_PATH = re.compile(
    r"(?<![\w/\\])[A-Za-z]:\\(?:[^\s\\/:*?\"<>|]+(?:[ ][^\s\\/:*?\"<>|]+){0,4}\\)*[^\s\\/:*?\"<>|)\],;]*"
)
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\w|\.[0-9])")
_NUMBERED = re.compile(r"(?:version|\bv|release|section|chapter|§)[ .:]*\Z", re.IGNORECASE)
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9a-fA-F]*:[0-9a-fA-F]*:)[0-9a-fA-F:]{2,39}(?:\.[0-9]{1,3}){0,3}(?![\w:])")
_GAP = r"[ \u00a0.()/-]"
_PHONE = re.compile(
    rf"(?<![\w+.,:/#=-])(?:\+|\(?0(?=0?[1-9])|(?=(?:1{_GAP}{{1,2}})?\(?[2-9][0-9]{{2}}\)?{_GAP}))"
    rf"\(?[0-9](?:{_GAP}{{0,3}}[0-9]){{6,16}}(?!\w|[.:,/-][0-9])"
)
_DIGITS_MIN, _DIGITS_MAX = 9, 15
_CALLED = re.compile(
    r"\b(?:tel|phone|telephone|telefon|fax|mobile|mob|cell|handy|whatsapp)[.:]*\s{0,3}\Z", re.IGNORECASE
)
_DATE_IN = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{4}([./-])[0-9]{1,2}\2[0-9]{1,2})(?![0-9])"
)
_NORTH_AMERICAN = re.compile(r"(?:1[ .-])?(?:\([2-9][0-9]{2}\)[ ]?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[ .-][0-9]{4}")
_CLOCK_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")
_GROUP = re.compile(r"[0-9]+")


def without_private(text: str) -> str:
    """Replace e-mail addresses, telephone and IP numbers and local paths by a mark in brackets."""
    if _SUSPECT.search(text) is None:
        return text
    for sign, pattern, mark in _MARKS:
        if sign in text:
            text = pattern.sub(mark, text)
    return text


def _address(found: re.Match[str]) -> str:
    """Four small numbers with dots are as often the version of a program as an address."""
    before = found.string[max(0, found.start() - 12) : found.start()]
    try:
        ip_address(found[0])
    except ValueError:
        return found[0]
    return found[0] if _NUMBERED.search(before) or _GROUP.search(found[0]) is None else "[address]"


def _phone(found: re.Match[str]) -> str:
    return "[phone]" if _is_phone(found) else found[0]


def _is_phone(found: re.Match[str]) -> bool:
    written = found[0]
    groups = _GROUP.findall(written)
    if not _DIGITS_MIN <= sum(map(len, groups)) <= _DIGITS_MAX or _DATE_IN.search(written):
        return False
    called = _CALLED.search(found.string[max(0, found.start() - 20) : found.start()])
    if written.startswith("+") or called or _NORTH_AMERICAN.fullmatch(written):
        return True
    return written.lstrip("(").startswith("0") and _is_grouped(groups)


def _is_grouped(groups: list[str]) -> bool:
    """An area before the number, or pairs throughout; times of a night and a row of counted tracks are neither."""
    if all(_CLOCK_TIME.fullmatch(group) for group in groups):
        return False
    if all(len(group) == 2 for group in groups):
        return len(groups) == 5 and int(groups[1]) != int(groups[0]) + 1
    return 2 <= len(groups) <= 6 and 3 <= len(groups[0]) <= 5


_MARKS: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("@", _E_MAIL, "[e-mail]"),
    ("", _E_MAIL_IN_WORDS, "[e-mail]"),
    (":/", _FILE_URL, "[path]"),
    ("/", _HOME_PATH, "[path]"),
    (":\\", _DRIVE_PATH, "[path]"),
    (":", _IPV6, _address),
    (".", _IPV4, _address),
    ("", _PHONE, _phone),
)
