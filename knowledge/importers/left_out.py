"""What could not be taken in, one sentence a kind, with the lines where it stands."""

from collections.abc import Iterable

_LINES_NAMED_MAX = 12


class LeftOut:
    """Gathers lines under the sentence that says what became of them."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}

    def add(self, what: str, lines: Iterable[int]) -> None:
        """Note lines of which `what` is true: "without a title left out"."""
        for line in lines:
            self._lines.setdefault(what, []).append(line)

    def sentences(self) -> tuple[str, ...]:
        """Give "3 rows without a title left out: line 12, 40, 41." for every kind."""
        return tuple(f"{_rows(lines)} {what}: line {_named(lines)}." for what, lines in self._lines.items())


def _rows(lines: list[int]) -> str:
    return "1 row" if len(lines) == 1 else f"{len(lines)} rows"


def _named(lines: list[int]) -> str:
    named = ", ".join(str(line) for line in lines[:_LINES_NAMED_MAX])
    return f"{named} and {len(lines) - _LINES_NAMED_MAX} more" if len(lines) > _LINES_NAMED_MAX else named
