"""Letters that wait to be handed to the mail server: sealed at rest, tried again, forgotten once they are sent.

One thread sends. A letter that cannot be handed over is tried again after 10 seconds, then after
twice as long each time, and given up when it is of no use any more, after a day at the latest.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

import structlog
from sqlalchemy import Row, delete, func, insert, select, update

from presence.database import Database
from presence.errors import MailUndelivered, NoMail
from presence.tables import outbox
from presence.telling.mail import Letter, Post
from presence.write_lane import WriteLane
from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import Seal

DAY_SECONDS = 24 * 3600
FIRST_WAIT_SECONDS = 10
WAIT_SECONDS_MAX = 3600
CLOSE_SECONDS_MAX = 5.0
BATCH_MAX = 50
log = structlog.get_logger()


class Outbox:
    """Thread-safe. Without a mail server (`post` None) it refuses every letter."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        seal: Seal,
        post: Post | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._seal = seal
        self._post = post
        self._now = now
        self._news = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    @property
    def sends(self) -> bool:
        """Whether there is a mail server."""
        return self._post is not None

    def put(self, letter: Letter, *, of_use_seconds: float = DAY_SECONDS) -> None:
        """Keep a letter until it is sent; raises `NoMail` where none is sent."""
        if self._post is None:
            raise NoMail
        ident, now = secrets.token_urlsafe(12), self._now()
        told = asdict(letter) | {"until": now + min(of_use_seconds, DAY_SECONDS)}
        sealed = self._seal.close(json.dumps(told).encode(), _purpose(ident))
        row = insert(outbox).values(id=ident, sealed=sealed, tries=0, next_at=now)
        self._lane.run(lambda owner: owner.execute(row))
        self._news.set()

    def start(self) -> None:
        """Send from now on, beginning with what the last run left."""
        if self._post is not None and self._thread is None:
            self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop sending; what was not sent waits for the next start."""
        self._closing = True
        self._news.set()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS_MAX)

    def send_due(self) -> int:
        """Try what is due now; give how many letters were handed over."""
        due = select(outbox).where(outbox.c.next_at <= self._now()).order_by(outbox.c.next_at).limit(BATCH_MAX)
        with self._database.records() as records:
            rows = records.execute(due).all()
        return sum(self._try(row) for row in rows if not self._closing)

    def _work(self) -> None:
        while not self._closing:
            self._news.clear()
            try:
                while self.send_due():
                    pass
                wait = self._until_next()
            except Exception as error:  # noqa: BLE001  # mail must go on when the database comes back
                log.warning("outbox", why=type(error).__name__)
                wait = float(FIRST_WAIT_SECONDS)
            self._news.wait(wait)

    def _until_next(self) -> float | None:
        with self._database.records() as records:
            next_at: float | None = records.execute(select(func.min(outbox.c.next_at))).scalar()
        return None if next_at is None else max(next_at - self._now(), 0.01)

    def _try(self, row: Row[tuple[object, ...]]) -> bool:
        if self._post is None:
            return False
        try:
            told = json.loads(self._seal.open(row.sealed, _purpose(row.id)))
        except (KeyFileWrong, ValueError):
            log.warning("letter_unreadable", letter=row.id)
            self._forget(row.id)
            return False
        until = told.pop("until")
        if until < self._now():
            log.warning("letter_given_up", letter=row.id, tries=row.tries)
            self._forget(row.id)
            return False
        try:
            self._post.send(Letter(**told))
        except MailUndelivered as error:
            self._later(row.id, row.tries + 1, until, str(error))
            return False
        self._forget(row.id)
        return True

    def _forget(self, ident: str) -> None:
        self._lane.run(lambda owner: owner.execute(delete(outbox).where(outbox.c.id == ident)))

    def _later(self, ident: str, tries: int, until: float, why: str) -> None:
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(tries - 1, 20), WAIT_SECONDS_MAX)
        # The last look comes when it is of no use any more, to forget it then.
        next_at = min(self._now() + wait, until + 1)
        log.warning("letter_waits", letter=ident, tries=tries, why=why)
        again = update(outbox).where(outbox.c.id == ident).values(tries=tries, next_at=next_at)
        self._lane.run(lambda owner: owner.execute(again))


def _purpose(ident: str) -> str:
    return f"letter {ident}"
