"""Moves the clock of whole processes: a command started with `environment` lives as much later as `ahead` says.

Its Python reads `sitecustomize.py` of this folder before anything else. Nothing else of it is other than it is.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass
class MovedClock:
    """What it is by now, for a test and for every process that it starts; `file` tells them how far it was moved."""

    file: Path
    ahead: int = 0

    def __post_init__(self) -> None:
        self._tell()

    @property
    def environment(self) -> dict[str, str]:
        """What a process is started with, so that its clock is this one."""
        path = os.pathsep.join(filter(None, (str(FOLDER), os.environ.get("PYTHONPATH"))))
        return {"PYTHONPATH": path, "MOVED_CLOCK": str(self.file)}

    def move(self, seconds: int) -> None:
        """Let so many seconds go by, everywhere at once."""
        self.ahead += seconds
        self._tell()

    def now(self) -> float:
        """Give the time, in Unix seconds."""
        return time.time() + self.ahead

    def moment(self) -> datetime:
        """Give the same as a moment."""
        return datetime.fromtimestamp(self.now(), UTC)

    def _tell(self) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(self.ahead))
        new.replace(self.file)  # whoever reads it meanwhile reads the whole number before
