"""Ends answers one by one: one that fails is told of once and tried again later, and the others end all the same."""

from collections.abc import Callable, Collection

import structlog

from presence.errors import DatabaseAway
from presence.stores import refusal_of

log = structlog.get_logger()


class OneByOne:
    """Remembers which failed, so that each is told of once; for one thread."""

    def __init__(self) -> None:
        self._failed: set[str] = set()

    def end(self, idents: Collection[str], end: Callable[[str], bool]) -> int:
        """Call `end` with each; give how often it said that it ended something.

        Raises what the database does while it is away, for then it is for all of them.
        """
        self._failed.intersection_update(idents)
        ended = 0
        for ident in idents:
            try:
                ended += end(ident)
                self._failed.discard(ident)
            except Exception as error:
                if isinstance(refusal_of(error), DatabaseAway):
                    raise
                if ident not in self._failed:
                    log.exception("answer_not_ended", question=ident)
                self._failed.add(ident)
        return ended
