"""The process in which recordings are looked into: no database, no network, bounded memory.

`tell PATH` writes one line, `{"type", "duration_ms"}` or `{"refused"}`; `draw PATH` writes `{"peaks"}`,
in base64, or null where it cannot be decoded.
"""

import base64
import json
import resource
import sys
from pathlib import Path

from knowledge.errors import NotSound
from knowledge.recordings.sound import drawn, told


def main() -> None:
    """Answer one request."""
    deed, path, memory_bytes_max = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes_max, memory_bytes_max))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_told(path) if deed == "tell" else _drawn(path)))


def _told(path: Path) -> dict[str, object]:
    try:
        kind, duration_ms = told(path)
    except NotSound as refusal:
        return {"refused": str(refusal)}
    return {"type": kind, "duration_ms": duration_ms}


def _drawn(path: Path) -> dict[str, object]:
    peaks = drawn(path)
    return {"peaks": None if peaks is None else base64.b64encode(peaks.tobytes()).decode()}


if __name__ == "__main__":
    main()
