"""“Delete me”: everything that is kept of a listener goes, in one command, but what others have to be able to check.

What stays: the ledger and the receipts, which name her key alone; the signed log of who let whom in; that an
invite was taken; and notes that the artist wrote, also those that answer a question of hers.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, Select, delete, or_, select

from presence.database import Database
from presence.errors import StillAnswering
from presence.memory.items import forget
from presence.paying.cards import CardSide
from presence.stepping_in import consent as stepping_in
from presence.tables import (
    answer_events,
    bearer_keys,
    citations,
    follow_requests,
    held_keys,
    inbox,
    listener_sessions,
    mail_links,
    passkeys,
    people,
    places,
    questions,
    reports,
    shared_answers,
)
from presence.telling.house import Telling
from presence.write_lane import WriteLane

log = structlog.get_logger()
SETTLING_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.05
CHECKPOINT_TRIES = 40
CHECKPOINT_WAITS_MS = 250


@dataclass(frozen=True, slots=True)
class Leaving:
    """One per node; thread-safe."""

    database: Database
    lane: WriteLane
    stop: Callable[[str], object]
    """Lets an answer stop, whichever process writes it."""
    telling: Telling
    cards: CardSide | None
    now: Callable[[], float] = time.monotonic

    def leave(self, did: str, asked_as: Collection[str] = ()) -> int:
        """Delete everything of somebody, and what was asked under other names of hers; give how many questions.

        Her subscriptions are ended first, and what is being answered is stopped and settled. Raises `StillAnswering`
        where that takes too long, and what the processor of cards refuses; then nothing of this is deleted.
        """
        self._stop_paying(did)
        until = self.now() + SETTLING_SECONDS
        while (left := self.lane.run(lambda owner: self._delete(owner, did, asked_as), ends=True)) is None:
            self._stop_answers(did, asked_as)
            if self.now() >= until:
                raise StillAnswering
            time.sleep(LOOK_AGAIN_SECONDS)
        dids, count = left
        for one in dids:
            self.telling.forget(one)
        self._wipe()
        return count

    def _stop_paying(self, did: str) -> None:
        if self.cards is None:
            return
        for subscription in self.cards.subscriptions.of_owner(did):
            if subscription.is_live and not subscription.ends:
                self.cards.subscriptions.cancel(subscription.ident)
        if self.cards.auto.find(did) is not None:
            self.cards.auto.turn_off(did)

    def _stop_answers(self, did: str, asked_as: Collection[str]) -> None:
        with self.database.records() as records:
            names = _names(records, _dids(records, did), asked_as)
            waiting = list(records.execute(_unfinished(names)).scalars())
        for ident in waiting:
            self.stop(ident)

    def _delete(self, owner: Connection, did: str, asked_as: Collection[str]) -> tuple[list[str], int] | None:
        """Delete it all, unless something is being answered still: an answer settles its money by its question."""
        if owner.dialect.name == "sqlite":
            owner.exec_driver_sql("PRAGMA secure_delete = ON")  # what is deleted is written over, not only let go
        dids = _dids(owner, did)
        names = _names(owner, dids, asked_as)
        if owner.execute(_unfinished(names)).first() is not None:
            return None
        hers = select(questions.c.id).where(questions.c.listener.in_(names))
        for table in (answer_events, citations, inbox, reports, shared_answers):
            owner.execute(delete(table).where(table.c.question_id.in_(hers)))
        count = owner.execute(delete(questions).where(questions.c.listener.in_(names))).rowcount
        stepping_in.forget(owner, names)
        mailboxes = select(held_keys.c.mailbox).where(held_keys.c.did.in_(dids))
        owner.execute(delete(mail_links).where(mail_links.c.mailbox.in_(mailboxes)))
        owner.execute(delete(places).where(or_(places.c.taken_by.in_(dids), places.c.mailbox.in_(mailboxes))))
        owner.execute(delete(passkeys).where(passkeys.c.whose.in_(dids)))
        for table in (listener_sessions, bearer_keys, people, follow_requests, held_keys):
            owner.execute(delete(table).where(table.c.did.in_(dids)))
        for one in dids:
            forget(owner, one)
        return dids, count

    def _wipe(self) -> None:
        """Empty SQLite's journal, in which what was deleted stands until then."""
        if self.database.dialect != "sqlite":
            return
        for _ in range(CHECKPOINT_TRIES):
            if self._emptied():
                return
            time.sleep(LOOK_AGAIN_SECONDS)
        log.warning("journal_not_emptied", why="somebody reads all the time; it is emptied when the node closes")

    def _emptied(self) -> bool:
        pooled = self.database.owner.raw_connection()
        driver = pooled.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError(type(driver))
        waits = driver.execute("PRAGMA busy_timeout").fetchone()[0]
        try:
            driver.execute(f"PRAGMA busy_timeout = {CHECKPOINT_WAITS_MS}")
            is_busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not is_busy
        finally:
            driver.execute(f"PRAGMA busy_timeout = {waits}")
            pooled.close()


def _dids(records: Connection, did: str) -> list[str]:
    """Give her key, and those that the node held for her before she brought it."""
    held = select(held_keys.c.did).where(held_keys.c.moved_to == did)
    return list(dict.fromkeys([did, *records.execute(held).scalars()]))


def _names(records: Connection, dids: Iterable[str], asked_as: Iterable[str]) -> list[str]:
    """Give the names under which she asked: her keys, her browser's before, and the rooms that she put elsewhere."""
    rooms = select(bearer_keys.c.id).where(bearer_keys.c.did.in_(list(dids)))
    return [*dids, *asked_as, *(f"embed:{ident}" for ident in records.execute(rooms).scalars())]


def _unfinished(names: Collection[str]) -> Select[Any]:
    return select(questions.c.id).where(questions.c.listener.in_(names), questions.c.outcome.is_(None))
