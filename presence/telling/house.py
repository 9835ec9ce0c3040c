"""Being told: what a listener chose to hear of, by mail or by push, each thing once.

What happens is noted in the command in which it happens, or found by looking; a thread makes letters and
pushes of it, which wait in their outboxes until they are taken over.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, select

from billing.cards import Subscriptions
from presence.database import Database
from presence.languages.choosing import ENGLISH
from presence.sessions.origins import Origins
from presence.tables import questions
from presence.telling import listeners
from presence.telling.addresses import Addresses
from presence.telling.browsers import Browsers
from presence.telling.choices import Choices
from presence.telling.composing import Composing
from presence.telling.events import DAY_SECONDS, Event, note, prune
from presence.telling.hearing import Hearing, May
from presence.telling.kinds import Channel, Kind
from presence.telling.looks import UNKNOWN, Looks, Renewals
from presence.telling.outbox import Outbox
from presence.telling.push import Push, WebPush
from presence.telling.push_door import PushDoor
from presence.telling.tables import choices as chosen
from presence.telling.tables import events as happened
from presence.telling.tables import pushes as push_table
from presence.telling.vapid import Vapid
from presence.telling.waiting import Waiting
from presence.telling.words import Words
from presence.write_lane import WriteLane
from trustgraph import GrantLog
from trustgraph.sealing import Seal

LOOK_S = 15.0
VISIT_SECONDS = 3600
"""She goes out and comes in again; within this, that is one visit, and this long it is news."""
ANSWERED_SECONDS = 30 * DAY_SECONDS
LATELY_MAX = 20
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Told:
    """Something that somebody was told, or could have been."""

    title: str
    link: str
    at: float


class Telling:
    """One per process. Thread-safe."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        hearing: Hearing,
        looks: Looks,
        composing: Composing,
        words: Words,
        push_key: Callable[[], str],
        now: Callable[[], float],
    ) -> None:
        self.choices, self.addresses, self.browsers = composing.choices, composing.addresses, composing.browsers
        self._push_key = push_key  # made from the node's secret, which a node that needs none does not make
        self.door, self.pushes = composing.browsers.door, composing.pushes
        self.words = words
        self._database, self._lane, self._now = database, lane, now
        self._hearing, self._looks, self._composing = hearing, looks, composing
        self._awake, self._closed = threading.Event(), False
        self._thread: threading.Thread | None = None
        self._pruned_at = 0.0

    @property
    def push_key(self) -> str:
        """What a browser is told to take pushes of."""
        return self._push_key()

    def tell(self, did: str, kind: Kind, about: str, *, link: str = "/", of_use_seconds: float = DAY_SECONDS) -> bool:
        """Tell somebody something, if she chose to hear of it; once, however often it is said `about` the same."""
        now = self._now()
        event = Event(did, kind, about, link, now, now + of_use_seconds)
        is_new = self._lane.run(lambda owner: note(owner, event))
        self.wake()
        return is_new

    def arrived(self, visit: str | None = None) -> int:
        """Tell everybody who wants to hear of it that the artist is here; give how many.

        `visit` names it, so that it is told once; without a name, all within an hour is one visit.
        """
        now = self._now()
        about = visit if visit is not None else f"hour {int(now // VISIT_SECONDS)}"

        def arrive(owner: Connection) -> int:
            wants = select(chosen.c.did).where(chosen.c.kind == Kind.SHE_IS_HERE)
            dids = owner.execute(wants).scalars().all()
            until = now + VISIT_SECONDS
            return sum(note(owner, Event(did, Kind.SHE_IS_HERE, about, "/", now, until)) for did in dids)

        count = self._lane.run(arrive)
        self.wake()
        return count

    def answered(self, owner: Connection, idents: Sequence[str]) -> None:
        """Note, in the command that settles them, that the artist answered these questions."""
        now = self._now()
        asked = select(questions.c.id, questions.c.listener).where(questions.c.id.in_(idents))
        for row in owner.execute(asked).all():
            until = now + ANSWERED_SECONDS
            note(owner, Event(row.listener, Kind.QUESTION_ANSWERED, row.id, f"/answers/{row.id}", now, until))
        self.wake()

    def tier_of(self, did: str) -> int:
        """Say how deep somebody may read, however she came; a key that the node holds opens less than her own."""
        return self._hearing.tier_of(did)

    def lately(self, did: str) -> list[Told]:
        """Give what somebody could be told lately, the newest first: what is true still, and hers to know."""
        now = self._now()
        newest = select(happened).where(happened.c.did == did, happened.c.until >= now)
        with self._database.records() as records:
            rows = records.execute(newest.order_by(happened.c.at.desc()).limit(LATELY_MAX)).all()
        found = [Event(row.did, Kind(row.kind), row.about, row.link, row.at, row.until) for row in rows]
        told = [event for event in found if self._hearing.may(event, now) is May.TELL]
        return [Told(self.words.title(event), event.link, event.at) for event in told]

    def forget(self, did: str) -> None:
        """Forget somebody's address, browsers and choices, and whatever waits for her."""

        def forget(owner: Connection) -> None:
            ident = listeners.forget(owner, did)
            if ident is not None:
                self._composing.outbox.take_back(owner, f"{ident} *")
                self.pushes.take_back(owner, f"{ident} *")

        self._lane.run(forget)

    def look(self) -> int:
        """Look for what happened, and write what is due; give how many letters and pushes it became."""
        # Whoever woke us may have done so from within a command: after an empty one, that is committed.
        self._lane.run(lambda _owner: None)
        self._looks.look()
        if self._pruned_at + DAY_SECONDS <= self._now():
            self._lane.run(lambda owner: prune(owner, self._now()))
            self._pruned_at = self._now()
        return self._composing.compose_due()

    def start(self) -> None:
        """Look now, and from now on."""
        self.pushes.start()
        self._thread = threading.Thread(target=self._work, name="telling", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that something happened."""
        self._awake.set()

    def close(self) -> None:
        """Stop; what is due waits for the next start."""
        self._closed = True
        self._awake.set()
        if self._thread is not None:
            self._thread.join()
        self.pushes.close()

    def _work(self) -> None:
        while not self._closed:
            self._awake.clear()
            try:
                self.look()
            except Exception:
                log.exception("telling")  # it must go on when the database comes back
            self._awake.wait(LOOK_S)


def open_telling(
    database: Database,
    lane: WriteLane,
    seal: Seal,
    outbox: Outbox,
    origins: Origins,
    trust: GrantLog,
    is_open: Callable[[str, int], bool],
    subscriptions: Subscriptions | None,
    *,
    called: Callable[[], str],
    language: str = ENGLISH,
    contact: str,
    now: Callable[[], float] = time.time,
) -> Telling:
    """Open it; `is_open` says whether a document is there for a tier, `contact` is told to push services."""
    renewals, door = Renewals(subscriptions), PushDoor()
    hearing = Hearing(database, trust, is_open, renewals.is_behind)
    looks = Looks(database, lane, trust, hearing.tier_of, renewals, now)

    def tier_known(did: str) -> int:
        return hearing.tier_of(did) if trust.doubt is None else UNKNOWN

    browsers = Browsers(database, lane, seal, door, tier_known, now)
    vapid = Vapid(seal, contact, now)
    carrier = WebPush(browsers, vapid, door, now)
    pushes: Waiting[Push] = Waiting(database, lane, seal, carrier, now, push_table, ("push", Push))
    choices = Choices(database, lane, seal, tier_known, {Channel.MAIL: outbox, Channel.PUSH: pushes})
    addresses = Addresses(database, lane, seal, outbox, origins, called, tier_known, now)
    words = Words(called, language)
    composing = Composing(database, lane, choices, addresses, browsers, hearing, words, origins, outbox, pushes, now)
    return Telling(database, lane, hearing, looks, composing, words, vapid.public, now)
