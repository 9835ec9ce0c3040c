"""JSON files: read or refused with a sentence, and values taken out of them whatever stands in their place."""

import json
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers.sniffed import Sniffed


def parsed(file: Sniffed) -> Any:
    """Read a file as JSON; nesting without end and numbers without end are refused like any other damage."""
    try:
        return json.loads(file.text)
    except (ValueError, RecursionError) as error:
        why = str(error).splitlines()[0][:120] if str(error) else "it is nested too deeply"
        raise ImportRefused(f"The JSON in it is damaged ({why}); export it again and add the new file.") from error


def looks_like(file: Sniffed, *keys: str) -> bool:
    """Whether a file is JSON by its first letter and has one of these keys anywhere."""
    return file.opening[:1] in ("{", "[") and any(f'"{key}"'.encode() in file.data for key in keys)


def mapping(value: Any) -> dict[str, Any]:
    """Give an object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """Give the objects of a list; one object alone counts as a list of itself."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def words(value: Any) -> str:
    """Give a text or a number as text on one line, and nothing for everything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(str(value).split())


def row(value: Any) -> str:
    """Write a value as one line, the letters as they are: the row that a citation shows."""
    return json.dumps(value, ensure_ascii=False)
