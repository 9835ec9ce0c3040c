"""What happens to files on their way: torn, flipped, joined, saved in another encoding, renamed, filled with oddities.

Every mutation takes its chances from a seeded `Random`, so that the same number gives the same file again.
"""

import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import PurePosixPath
from random import Random
from typing import Any

File = tuple[str, bytes]
Mutation = Callable[[Random, File, File], File]

SUFFIXES = (".md", ".txt", ".html", ".csv", ".json", ".xml", ".zip", ".docx", ".pdf", ".mp3", ".cue", ".m3u", ".srt",
            ".nml", ".xspf", ".bin", "")  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp1251", "mac_roman")
_WORDS = """-1|0|00|1/0|²|٣٤|９|1e999|NaN|Infinity|inf|99999999999|0000-00-00|2019-02-30|9999-12-31|10000-01-01|1-1-1
24:60:99|-0:00:01|::|1:2:3:4:5|]]>|<![CDATA[|<!--|&x;|&#0;|&#xD800;|<a>|</a>|"|""|'|,|;|\t|{|[|}|]|[[|{{|---|+++|...
: |- |#|\\|%s|%ZZ|\\ud800|\\u0000|null|true|[]|{}|http://[|http://[::1|file:///x|//|javascript:1|@|ß|İ|ﬁ
\u2028|\u0085|\ufeff|\u200e"""
TOKENS: tuple[bytes, ...] = (
    *(word.encode() for word in _WORDS.replace("\n", "|").split("|")),
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\n\n", b"9" * 5_000, b"(" * 300, b"<b>" * 300, b"[" * 300,
    b" " * 3_000, b"A" * 5_000, "\u0301".encode() * 300, b"\x1b[0m",
)  # fmt: skip
VALUES: tuple[Any, ...] = (None, True, 0, -1, 10**30, 1.5, 1e308, "", " ", "x", "\ud800", "9" * 5_000, [], {}, [None],
                           [[]], [{}], {"name": None}, {"": []}, ["x"], "2019-02-30", "²")  # fmt: skip


def mutated(seed: str, files: tuple[File, ...]) -> File:
    """Take one of the files, and let one to four things happen to it."""
    chance = Random(seed)
    file = chance.choice(files)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        file = chance.choice(MUTATIONS)(chance, file, chance.choice(files))
    return file


def truncated(chance: Random, file: File, _other: File) -> File:
    """Leave off the end, or the beginning."""
    name, data = file
    at = chance.randint(0, len(data))
    return name, data[:at] if chance.random() < 0.8 else data[at:]


def flipped(chance: Random, file: File, _other: File) -> File:
    """Turn single bits over."""
    name, data = file
    turned = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 40)) if turned else 0):
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
    return name, bytes(turned)


def renamed(chance: Random, file: File, _other: File) -> File:
    """Give it another ending."""
    return str(PurePosixPath(file[0]).with_suffix(chance.choice(SUFFIXES))), file[1]


def reencoded(chance: Random, file: File, _other: File) -> File:
    """Save it in another encoding, or in the wrong one."""
    name, data = file
    return name, data.decode("utf-8", errors="replace").encode(chance.choice(ENCODINGS), errors="replace")


def joined(chance: Random, file: File, other: File) -> File:
    """Write two files into one, whole or half of each."""
    name, data = file
    if chance.random() < 0.5:
        return name, data + other[1]
    return name, data[: chance.randint(0, len(data))] + other[1][chance.randint(0, len(other[1])) :]


def repeated(chance: Random, file: File, _other: File) -> File:
    """Write a stretch of it again and again, or leave it out."""
    name, data = file
    start = chance.randint(0, len(data))
    end = min(len(data), start + chance.choice((1, 10, 100, 1_000)))
    times = chance.choice((0, 0, 2, 5, 50))
    return name, data[:start] + data[start:end] * times + data[end:]


def with_token(chance: Random, file: File, _other: File) -> File:
    """Put something odd in, or in the place of a word."""
    name, data = file
    for _ in range(chance.choice((1, 1, 3))):
        at = chance.randint(0, len(data))
        end = at
        while end < len(data) and data[end : end + 1].isalnum() and chance.random() < 0.95:
            end += 1
        data = data[:at] + chance.choice(TOKENS) + data[end:]
    return name, data


def with_value(chance: Random, file: File, other: File) -> File:
    """Put another kind of value into a JSON file; of other files, into a field."""
    name, data = file
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return with_token(chance, file, other)
    for _ in range(chance.choice((1, 1, 4))):
        value = _with_odd_value(chance, value)
    return name, json.dumps(value).encode()


def _with_odd_value(chance: Random, value: Any) -> Any:
    if isinstance(value, (dict, list)) and value and chance.random() < 0.9:
        at = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
        value[at] = _with_odd_value(chance, value[at])
        return value
    return deepcopy(chance.choice(VALUES))


def in_member(chance: Random, file: File, other: File) -> File:
    """Let something happen to a file in a zip; other files are packed."""
    name, data = file
    members = _members(data) or [(name, data)]
    at = chance.randrange(len(members))
    members[at] = chance.choice(MUTATIONS[:-1])(chance, members[at], other)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for inner, content in members:
            packed.writestr(zipfile.ZipInfo(inner.replace("\x00", "") or "x"), content)
    return (name if _members(data) else "packed.zip"), out.getvalue()


def _members(data: bytes) -> list[File]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return [(one.filename, packed.read(one)) for one in packed.infolist()]
    except Exception:  # noqa: BLE001  # a zip that was torn before is no zip
        return []


MUTATIONS: tuple[Mutation, ...] = (
    truncated, flipped, renamed, reencoded, joined, repeated, with_token, with_token, with_value, with_value, in_member,
)  # fmt: skip
