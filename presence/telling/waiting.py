"""Things that wait to be handed over: sealed at rest, tried again, forgotten once somebody has taken them.

One thread hands over. What cannot be handed over is tried again after 10 seconds, then after twice as
long each time, and given up when it is of no use any more, after a day at the latest. Of several
processes on one database, the one that claims a thing first hands it over. One that dies in the middle
leaves it to be handed over again, under the same name, by which the receiver can know it.
"""

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update

from presence.database import Database
from presence.errors import Undelivered
from presence.write_lane import WriteLane
from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import Seal

DAY_SECONDS = 24 * 3600
FIRST_WAIT_SECONDS = 10
WAIT_SECONDS_MAX = 3600
CLAIM_SECONDS = 240
"""Longer than handing over takes at the most; then another process may try."""
LOOK_ELSEWHERE_SECONDS = 60.0
"""How long nothing is looked for that another process left: it may have died with a letter in its hands."""
CLOSE_SECONDS_MAX = 5.0
BATCH_MAX = 50
UNREADABLE_MAX = 1_000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something that waits; `ident` is its name while it does."""

    ident: str = field(default="", compare=False, kw_only=True)
    until: float = field(default=0.0, compare=False, kw_only=True)


T = TypeVar("T", bound=Parcel)
P = TypeVar("P", contravariant=True)


class Carrier(Protocol[P]):
    """Takes things over."""

    def send(self, parcel: P, /) -> None:
        """Take one over, or raise `Undelivered`."""
        ...


class Waiting(Generic[T]):
    """Thread-safe. Without a carrier, what is put waits for a process that has one."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        seal: Seal,
        carrier: Carrier[T] | None,
        now: Callable[[], float],
        table: Table,
        what: tuple[str, type[T]],
    ) -> None:
        self._database = database
        self._lane = lane
        self._seal = seal
        self._carrier = carrier
        self._now = now
        self._table = table
        self._word, self._type = what
        self._unreadable: set[str] = set()
        self._news = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def put(self, parcel: T, *, of_use_seconds: float = DAY_SECONDS) -> None:
        """Keep something until it is taken over."""
        self._lane.run(lambda owner: self.keep(owner, parcel, of_use_seconds=of_use_seconds))
        self.wake()

    def keep(self, owner: Connection, parcel: T, *, of_use_seconds: float = DAY_SECONDS, about: str = "") -> None:
        """Keep something within another command; `about` is by what it can be taken back. `wake` after it."""
        ident, now = secrets.token_urlsafe(12), self._now()
        until = now + min(of_use_seconds, DAY_SECONDS)
        sealed = self._seal.close(json.dumps(_told(parcel) | {"until": until}).encode(), self._purpose(ident))
        row = {"id": ident, "sealed": sealed, "tries": 0, "next_at": now, "about": about or None}
        owner.execute(insert(self._table).values(**row))

    def take_back(self, owner: Connection, *abouts: str) -> None:
        """Forget what waits about these; one that ends in `*` stands for all that begin so."""
        for about in abouts:
            column = self._table.c.about
            which = column.startswith(about[:-1], autoescape=True) if about.endswith("*") else column == about
            owner.execute(delete(self._table).where(which))

    def wake(self) -> None:
        """Say that something was kept."""
        self._news.set()

    def start(self) -> None:
        """Hand over from now on, beginning with what the last run left."""
        if self._carrier is not None and self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._table.name, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop; what was not handed over waits for the next start."""
        self._closing = True
        self._news.set()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS_MAX)

    def send_due(self) -> int:
        """Try what is due now; give how many were handed over."""
        table = self._table
        due = self._readable(select(table)).where(table.c.next_at <= self._now()).order_by(table.c.next_at)
        with self._database.records() as records:
            rows = records.execute(due.limit(BATCH_MAX)).all()
        return sum(self._try(row) for row in rows if not self._closing)

    def _work(self) -> None:
        while not self._closing:
            self._news.clear()
            try:
                while self.send_due():
                    pass
                wait = self._until_next()
            except Exception as error:  # noqa: BLE001  # it must go on when the database comes back
                log.warning("handing_over", what=self._word, why=type(error).__name__)
                wait = float(FIRST_WAIT_SECONDS)
            self._news.wait(wait)

    def _until_next(self) -> float | None:
        with self._database.records() as records:
            found = records.execute(self._readable(select(func.min(self._table.c.next_at)))).scalar()
        wait = None if found is None else max(float(found) - self._now(), 0.01)
        if self._database.process is None:
            return wait
        return min(LOOK_ELSEWHERE_SECONDS if wait is None else wait, LOOK_ELSEWHERE_SECONDS)

    def _readable(self, query: Select[Any]) -> Select[Any]:
        return query.where(self._table.c.id.not_in(self._unreadable)) if self._unreadable else query

    def _try(self, row: Row[Any]) -> bool:
        if self._carrier is None:
            return False
        try:
            told = json.loads(self._seal.open(row.sealed, self._purpose(row.id)))
            parcel = replace(self._type(**told), ident=row.id)
        except (KeyFileWrong, ValueError, TypeError):
            self._pass_over(row)
            return False
        if parcel.until < self._now():
            self._say("given_up", row.id, tries=row.tries)
            self._forget(row.id)
            return False
        if not self._claimed(row):
            return False
        try:
            self._carrier.send(parcel)
        except Undelivered as error:
            self._later(row.id, row.tries + 1, parcel.until, error)
            return False
        self._forget(row.id)
        return True

    def _pass_over(self, row: Row[Any]) -> None:
        """Leave what was sealed with another process's secret to that one; after a day it has none any more."""
        self._say("unreadable", row.id)
        if row.next_at + DAY_SECONDS < self._now():
            self._forget(row.id)
            return
        if len(self._unreadable) >= UNREADABLE_MAX:
            self._unreadable.clear()
        self._unreadable.add(row.id)

    def _claimed(self, row: Row[Any]) -> bool:
        """Whether it is ours to hand over: another process may have looked at the same moment."""
        table = self._table
        until = self._now() + CLAIM_SECONDS
        claim = update(table).where(table.c.id == row.id, table.c.next_at == row.next_at).values(next_at=until)
        return bool(self._lane.run(lambda owner: owner.execute(claim).rowcount))

    def _forget(self, ident: str) -> None:
        self._lane.run(lambda owner: owner.execute(delete(self._table).where(self._table.c.id == ident)))

    def _later(self, ident: str, tries: int, until: float, error: Undelivered) -> None:
        wait = max(min(FIRST_WAIT_SECONDS * 2 ** min(tries - 1, 20), WAIT_SECONDS_MAX), error.retry_after_s)
        # The last look comes when it is of no use any more, to forget it then.
        next_at = min(self._now() + wait, until + 1)
        self._say("waits", ident, tries=tries, why=str(error))
        again = update(self._table).where(self._table.c.id == ident).values(tries=tries, next_at=next_at)
        self._lane.run(lambda owner: owner.execute(again))

    def _say(self, what: str, ident: str, **more: object) -> None:
        event = f"{self._word}_{what}"
        log.warning(event, **{self._word: ident}, **more)

    def _purpose(self, ident: str) -> str:
        return f"{self._word} {ident}"


def _told(parcel: Parcel) -> dict[str, Any]:
    return {name: value for name, value in asdict(parcel).items() if name != "ident"}
