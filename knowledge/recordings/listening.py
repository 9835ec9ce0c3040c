"""Has recordings looked into by a process of its own; a file that kills it kills only it."""

import base64
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from knowledge.errors import NotSound

TELL_SECONDS_MAX = 120.0
DRAW_SECONDS_MAX = 3_600.0
MEMORY_BYTES_MAX = 2 * 1024**3
UNDRAWABLE = b""


def tell(path: Path) -> tuple[str, int]:
    """Give the media type and the length in milliseconds, or raise `NotSound`."""
    answer = _asked("tell", path, TELL_SECONDS_MAX)
    if answer is None or "refused" in answer:
        raise NotSound
    return str(answer["type"]), int(answer["duration_ms"])


def draw(path: Path, closed: threading.Event) -> bytes | None:
    """Give what a recording looks like, `UNDRAWABLE` where nobody can say, None when broken off."""
    answer = _asked("draw", path, DRAW_SECONDS_MAX, closed)
    if closed.is_set():
        return None
    return UNDRAWABLE if answer is None or answer["peaks"] is None else base64.b64decode(answer["peaks"])


def _asked(deed: str, path: Path, seconds_max: float, closed: threading.Event | None = None) -> dict[str, Any] | None:
    """Put one request; None when the process died of it or took too long."""
    # -P: the folder in which somebody happens to stand must not be searched for modules.
    command = [sys.executable, "-P", "-m", "knowledge.recordings.child", deed, str(path), str(MEMORY_BYTES_MAX)]
    child = subprocess.Popen(  # noqa: S603  # our own module, our own interpreter
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with child:
        waited = 0.0
        while True:
            try:
                output, _ = child.communicate(timeout=LOOK_EVERY_S)
            except subprocess.TimeoutExpired:
                waited += LOOK_EVERY_S
                if waited < seconds_max and not (closed and closed.is_set()):
                    continue
                child.kill()
                return None
            return json.loads(output) if child.returncode == 0 and output else None


LOOK_EVERY_S = 0.5
"""How often is looked whether the node closes."""
