"""What leaves a reader: nothing private in what can be shown, and nothing that no database can keep.

It is done once, for every format, so that no reader can forget it. Names by which the rows of a source speak
of each other are touched only where they are an address or a path themselves: digits in groups are codes there.
"""

import re
from typing import Any

from knowledge.importers.posts import distinct
from knowledge.importers.private import without_private
from knowledge.importers.record import ImportedDoc

_SHOWN = ("title", "speaker", "licence", "kind", "date")
_CODES = {"ref", "event", "release", "of", "mbid", "work_mbid", "isrc", "iswc", "barcode", "catalogue_number"}
_NO_CODE = re.compile(
    r"[@+\\]|:/|/(?:Users|home|mnt|Volumes|root|private|var)/|[(\[]at[)\]]|(?:[0-9]{1,3}\.){3}[0-9]", re.IGNORECASE
)
_OPTIONAL_NUMBERS = {"duration_ms", "time_ms", "bpm_milli"}
_INTEGER_MAX = 2**31 - 1


def cleaned(document: ImportedDoc) -> ImportedDoc:
    """Give a document as it may be kept and shown."""
    values = _writable(document.as_dict())
    shown = {name: without_private(values[name]) for name in _SHOWN}
    rows = {name: [_row(row) for row in values[name]] for name in ("blocks", "statements")}
    return ImportedDoc.from_dict({**values, **shown, **rows})


def cleaned_parts(parts: list[str]) -> list[str]:
    """Give the names of the parts of a file as they may be shown; two that are alike then stay apart."""
    clean = [without_private(part) for part in parts]
    return parts if clean == parts else distinct(clean)


def cleaned_name(name: str) -> str:
    """Give a file's name as it may be shown. An address that the ending belongs to goes without it."""
    folders, slash, last = name.rpartition("/")
    stem, dot, ending = last.rpartition(".") if last.rfind(".") > 0 else (last, "", "")
    return without_private(folders) + slash + without_private(without_private(stem) + dot + ending)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if _is_code(name, value) else _value(value) for name, value in row.items()}


def _is_code(name: str, value: Any) -> bool:
    return name in _CODES and isinstance(value, str) and _NO_CODE.search(value) is None


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return without_private(value)
    if isinstance(value, dict):
        return _row(value)
    return [_value(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _writable(value: Any, name: str = "") -> Any:
    """Replace half letters and zeros, which an escape can make, and numbers of any size."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode("utf-8").replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {key: _writable(inner, key) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(inner, name) for inner in value]
    if isinstance(value, int) and not -_INTEGER_MAX <= value <= _INTEGER_MAX:
        return None if name in _OPTIONAL_NUMBERS else 0
    return value
