"""What processes that are gone left in mid-answer: it ends as failed, and costs nothing."""

from functools import partial

import structlog
from sqlalchemy import select

from billing import Holds
from presence.asking.one_by_one import OneByOne
from presence.asking.steps import TakenOver
from presence.asking.transcripts import Transcripts
from presence.database import Database
from presence.processes.living import BACK_SECONDS, Living
from presence.tables import questions
from presence.write_lane import WriteLane

GONE_SECONDS = BACK_SECONDS
"""How long a process is missed before what it wrote is ended: one that only lost its line is back before."""
log = structlog.get_logger()


class Left:
    """Ends what was left. The answer and the hold end in one command, whoever else tries."""

    def __init__(
        self, database: Database, lane: WriteLane, living: Living, transcripts: Transcripts, holds: Holds
    ) -> None:
        self._database, self._lane, self._living = database, lane, living
        self._transcripts, self._holds = transcripts, holds
        self._hers: set[str] = set()
        self._each = OneByOne()

    def settle(self, *, after_seconds: float = GONE_SECONDS) -> int:
        """End what nobody writes any more; give how many answers. What waits for the artist waits.

        One that cannot be ended stands in the way of no other. Raises what the database does while it is away.
        """
        is_open = questions.c.finished_at.is_(None), questions.c.process.is_not(None)
        with self._database.records() as records:
            left = records.execute(select(questions.c.id, questions.c.process).where(*is_open)).all()
        gone = self._living.gone({row.process for row in left}, after_seconds=after_seconds)
        self._hers &= {row.id for row in left}
        due = [row.id for row in left if row.process in gone and row.id not in self._hers]
        return self._each.end(due, self._ended)

    def _ended(self, ident: str) -> bool:
        try:
            ended = self._lane.run(lambda owner: self._transcripts.give_up(owner, ident, self._holds.abandon))
        except TakenOver:  # it waits for her, until the conversation is handed back
            self._lane.run(partial(self._holds.abandon, ident=ident))
            self._hers.add(ident)
            return False
        if ended:
            log.warning("answer_left", question=ident)
            self._transcripts.announce(ident)
        return ended
