"""The fields of a head, whichever way they are nested and written, and the lines where they stand.

Some sites keep whole dumps of tags in their heads: `common:` has the fields, `transformed:` the tags
as they are in the file (`LABEL`, `CATALOGNUMBER`), `format:` the duration. The tracks before and after
are copied in as well (`nextTrack:`); they are none of this one's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.importers import statements
from knowledge.importers.html import plain_text
from knowledge.importers.statements import At

_NESTED = ("common", "format", "tags", "meta", "metadata", "release", "details")
_DUMPS = ("transformed",)
_LINE = re.compile(r"^\s*(?:- )?[\"']?(?P<key>[A-Za-z][\w -]{0,40}?)[\"']?\s*[:=]\s*(?P<value>\S.*)$")
_TOP = re.compile(r"^(?P<key>[A-Za-z][\w-]*)\s*:")
_OTHER_NOTE = re.compile(r"next|prev|related|native|^all$|^tracks$|^comment$", re.IGNORECASE)
_SHOWN_KEYS = (
    "title name displayname artist artists albumartist album label catalognumber cataloguenumber "
    "catno barcode upc ean isrc iswc duration length bpm key initialkey no tracknumber position "
    "date released releasedate year licence license formats medium composer producer remixer venue "
    "city country aliases b2b with lineup tickets bandcamp url buy link kind type layout category"
)
_SHOWN = frozenset(_SHOWN_KEYS.split())
_SAYS_NOTHING = {"null", "~", "''", '""', "[]", "{}", ">", ">-", "|", "|-"}
_SHOWN_LINES_MAX = 16


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one thing; keys are compared without case, dashes and underscores."""

    values: Mapping[str, Any]

    @classmethod
    def of(cls, head: Mapping[str, Any]) -> "Fields":
        """Take the fields of a mapping, then those nested in it, the outer one first."""
        layers = [head, *(head[key] for key in _NESTED if isinstance(head.get(key), dict))]
        for key in _DUMPS:
            dump = head.get(key)
            layers += [one for one in dump.values() if isinstance(one, dict)] if isinstance(dump, dict) else []
        found: dict[str, Any] = {}
        for layer in layers:
            for key, value in layer.items():
                if value not in (None, "", [], {}):
                    found.setdefault(flat(str(key)), value)
        return cls(found)

    def first(self, *keys: str) -> str:
        """Give the first of these fields that says something, on one line."""
        return next((said for key in keys for said in self.every(key)), "")

    def joined(self, *keys: str) -> str:
        """Give all that the first of these fields says."""
        return next((", ".join(said) for key in keys if (said := self.every(key))), "")

    def every(self, key: str) -> list[str]:
        """Give what a field says, one by one."""
        return list(_plain(self.values.get(key)))

    def number(self, *keys: str) -> int:
        """Give a number from 1, also one that is kept as `no:` in a mapping; 0 where there is none."""
        for key in keys:
            value = self.values.get(key)
            written = value.get("no") if isinstance(value, dict) else value
            found = re.match(r"\s*(\d{1,4})\b", written) if isinstance(written, str) else None
            if found:
                return int(found[1])
        return 0


def flat(key: str) -> str:
    """Write a key in one way: `catalog_number`, `CATALOGNUMBER` and `catalog-number` are one."""
    return re.sub(r"[\W_]+", "", key.lower())


def _plain(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        said = " ".join(plain_text(value).split())
        if said:
            yield said
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, (str, dict)):
                yield from _plain(one if isinstance(one, str) else one.get("name") or one.get("title"))


def place_of(head: str, first_line: int = 2) -> At:
    """Quote the lines of a head that speak of its thing, from the first of them on."""
    top, told, seen = "", list[tuple[int, str]](), set[str]()
    for line, text in enumerate(head.split("\n"), start=first_line):
        if opened := _TOP.match(text):
            top = opened["key"]
        found = _LINE.match(text)
        if found is None or _OTHER_NOTE.search(top) or flat(found["key"]) not in _SHOWN:
            continue
        row = text.strip().removeprefix("- ")
        if row not in seen and found["value"].strip() not in _SAYS_NOTHING:
            seen.add(row)
            told.append((line, row))
    kept = told[:_SHOWN_LINES_MAX]
    return At(kept[0][0] if kept else first_line - 1, statements.raw("\n".join(row for _, row in kept)))


def line_with(head: str, words: str, otherwise: At) -> At:
    """Quote the line of a head in which these words stand."""
    lines = enumerate(head.split("\n"), start=2)
    return next((At(line, statements.raw(text.strip())) for line, text in lines if words in text), otherwise)


def items_of(head: str, key: str) -> list[tuple[int, str]]:
    """Give the items of a list in a head, each with its first line; none where they cannot be told apart."""
    lines = head.split("\n")
    start = next((at for at, text in enumerate(lines) if re.match(rf"{re.escape(key)}\s*:\s*$", text)), None)
    if start is None:
        return []
    end = next((at for at in range(start + 1, len(lines)) if re.match(r"[^\s#-]", lines[at])), len(lines))
    dash = next(
        (text[: len(text) - len(text.lstrip())] + "- " for text in lines[start + 1 : end] if text.strip()), "- "
    )
    starts = [at for at in range(start + 1, end) if lines[at].startswith(dash)]
    return [(at + 2, "\n".join(lines[at:following])) for at, following in zip(starts, [*starts[1:], end], strict=True)]
