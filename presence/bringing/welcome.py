"""The first steps with a presence: which of them were done or passed over, in a file, so that they can be resumed."""

import json
from pathlib import Path
from typing import Literal, get_args

Step = Literal["name", "tracklist", "note", "questions", "open"]
STEPS: tuple[Step, ...] = get_args(Step)


class Welcome:
    """One per node."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "welcome.json"

    @property
    def passed(self) -> tuple[Step, ...]:
        """The steps that were done or passed over."""
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        return tuple(step for step in STEPS if isinstance(told, list) and step in told)

    @property
    def next(self) -> Step | None:
        """The first step that is left; None after the last."""
        passed = self.passed
        return next((step for step in STEPS if step not in passed), None)

    def passes(self, step: Step) -> None:
        """Remember that a step was done, or is not wanted."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.write_text(json.dumps([*self.passed, step]), encoding="utf-8")


def after(step: Step) -> Step | None:
    """Give the step that follows."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None
