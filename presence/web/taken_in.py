"""What was taken in, as people read it: the head of a file is a list of fields, and stands as one, word for word."""

import re

FENCES = ("---", "+++", "...")
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w .-]{0,40}):(?:[ \t]+(?P<value>.*))?")


def fields_of(raw: str) -> list[tuple[str, str]]:
    """Give the names and values of a row that is the head of a file; none where it is anything else."""
    lines = [line.strip() for line in raw.splitlines() if line.strip() and line.strip() not in FENCES]
    found = [_FIELD.fullmatch(line) for line in lines]
    if len(found) < 2 or not all(found):
        return []
    named = [(one["name"].replace("_", " "), (one["value"] or "").strip()) for one in found if one]
    return [(name, value) for name, value in named if value]
