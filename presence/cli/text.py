"""A text that is given to a command: a file, or standard input."""

import json
import sys
from pathlib import Path
from typing import Any

from presence.errors import TextUnreadable

TEXT_BYTES_MAX = 1024**2


def given_text(file: Path) -> str:
    """Read a text, or refuse with a sentence."""
    try:
        data = sys.stdin.buffer.read(TEXT_BYTES_MAX + 1) if str(file) == "-" else _of(file)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TextUnreadable(str(file)) from error
    if len(data) > TEXT_BYTES_MAX:
        raise TextUnreadable(str(file))
    return text


def given_json(file: Path) -> Any:
    """Read a text that is JSON, or refuse with a sentence."""
    try:
        return json.loads(given_text(file))
    except ValueError as error:
        raise TextUnreadable(str(file)) from error


def _of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(TEXT_BYTES_MAX + 1)
