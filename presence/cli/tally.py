"""What became of many files, in one line per folder; by ending where there is one folder or too many of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

FILES_MIN = 21  # of fewer files the list itself is short enough
GROUPS_MAX = 40
_STATUSES = ("ok", "unchanged", "partial", "refused")
_NAME_CHARS_MAX = 40


class Tally:
    """Counts files while they are told."""

    def __init__(self) -> None:
        self._files: list[tuple[PurePosixPath, str]] = []

    def add(self, name: str, status: str) -> None:
        """Count one file."""
        self._files.append((PurePosixPath(name), status))

    def lines(self) -> Iterator[str]:
        """Give one line per group, the same columns in all of them; none where the files are few."""
        if len(self._files) < FILES_MIN:
            return
        groups = self._by(_folder)
        if not 2 <= len(groups) <= GROUPS_MAX:
            groups = self._by(_ending)
        shown = sorted(groups.items(), key=lambda group: (-group[1].total(), group[0]))[:GROUPS_MAX]
        widest = max(len(name) for name, _ in shown)
        for name, counted in sorted(shown):
            parts = [f"{counted[status]:>5} {status}" for status in _STATUSES if counted[status]]
            noun = "file " if counted.total() == 1 else "files"
            yield f"  {name:<{widest}} {counted.total():>5} {noun} {','.join(parts)}"
        if len(groups) > len(shown):
            yield f"  … and {len(groups) - len(shown)} more kinds of files"

    def _by(self, group: Callable[[PurePosixPath], str]) -> dict[str, Counter[str]]:
        groups: dict[str, Counter[str]] = {}
        for name, status in self._files:
            groups.setdefault(group(name)[:_NAME_CHARS_MAX], Counter())[status] += 1
        return groups


def _folder(name: PurePosixPath) -> str:
    return name.parts[0] + "/" if len(name.parts) > 1 else "(no folder)"


def _ending(name: PurePosixPath) -> str:
    return name.suffix.lower() or "(no ending)"
