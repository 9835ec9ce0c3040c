"""One parser's process for all imports of a test process: to start one costs more than most imports do."""

from types import TracebackType

from knowledge.parsing import Parser


class KeptParser(Parser):
    """Stays open when an import is through; whoever made it closes it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the next import."""
