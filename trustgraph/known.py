"""What this process knows of the log, kept in step with the database, and the doubts about it.

A log is in doubt when it does not hold the last head that was seen, when an entry is not what it
was, or when one came that does not follow from those before it. The doubt ends when the log is whole
again, or when the artist has signed its present head since.
"""

import threading
import time
from collections.abc import Callable

from trustgraph.documents import Checkpoint, read
from trustgraph.entries import FIRST_PREV, Entry
from trustgraph.errors import DocumentRefused, LogInDoubt
from trustgraph.head import Head, HeadFile
from trustgraph.judging import Bench, check_checkpoint, judge
from trustgraph.spine import Spine
from trustgraph.sql_store import SqlStore

REWOUND = "The log of trust does not hold the last entry that was seen here: the database was set back."
BROKEN = "An entry of the log of trust is not what it was, or does not follow from those before it."
NO_HEAD = "The file keys/head.json, which names the last entry of the log of trust, is not here or cannot be read."
# A log in doubt is read whole to see whether it is sound again; not at every request.
READ_AGAIN_S = 2.0
EVERYTHING = 2**62


class Known:
    """The spine, and the doubt. Whoever calls holds `lock`."""

    def __init__(self, head_file: HeadFile, now: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.spine = Spine()
        self.judged_to = 0
        """What lies beyond this and beyond what is known is judged when it is met."""
        self.doubt: Head | None = None
        self._head_file = head_file
        self._now = now
        self._is_new = True
        self._read_again_at = 0.0

    def look(self, store: SqlStore) -> None:
        """Bring the spine up to a snapshot; its first statement is made here."""
        head = store.head() or (0, FIRST_PREV)
        if self._is_new:
            self._begin(store, head)
        elif self.doubt is not None:
            self.read_again(store, head)
        elif head[0] > self.spine.seq:
            self._go_on(store, self._present)
        elif head != (self.spine.seq, self.spine.head):
            self.fall_into_doubt(REWOUND, self._present)

    def is_up_to(self, store: SqlStore) -> bool:
        """Whether a snapshot has nothing new, and nothing is in doubt; the spine is left as it is."""
        head = store.head() or (0, FIRST_PREV)
        return not self._is_new and self.doubt is None and head == (self.spine.seq, self.spine.head)

    def fall_into_doubt(self, why: str, last: Head) -> None:
        """From now on everybody is public; `last` is the head that has to be there again."""
        if self.doubt is None:
            self.doubt = Head(last.seq, last.hash, why, int(self._now()))
            self._head_file.note(self.doubt)

    def read_again(self, store: SqlStore, head: tuple[int, str], *, at_once: bool = False) -> None:
        """Read the log in doubt from its beginning, and end the doubt where that is possible."""
        doubt = self.doubt
        if doubt is None or (time.monotonic() < self._read_again_at and not at_once):
            return
        self._read_again_at = time.monotonic() + READ_AGAIN_S
        spine = Spine()
        try:
            extend(spine, store)
        except LogInDoubt:
            return
        self.spine = spine  # whose log it is can be told, though nothing of it opens anything
        if self._is_here(doubt, spine, store) or self._is_signed_since(doubt, spine, store):
            self.doubt = None
            self._head_file.note(self._present)

    def judged_in(self, store: SqlStore) -> int:
        """Say up to where a log, if its chain is whole, needs no further judging."""
        if self.doubt is None:
            return self.spine.seq
        entry = store.by_seq(self.doubt.seq)
        return self.doubt.seq if entry is not None and entry.hash == self.doubt.hash else 0

    @property
    def _present(self) -> Head:
        return Head(self.spine.seq, self.spine.head)

    def broken(self) -> None:
        """Fall into doubt over an entry that is not what it was."""
        self.fall_into_doubt(BROKEN, self._present)

    def _begin(self, store: SqlStore, head: tuple[int, str]) -> None:
        try:
            noted = self._head_file.read()
        except LogInDoubt:
            noted = Head(0, FIRST_PREV, NO_HEAD, int(self._now()))
        self._is_new = False
        if noted is not None and noted.doubt is not None:
            self.doubt = noted
            self.read_again(store, head)
        elif noted is None and head[0]:
            self.fall_into_doubt(NO_HEAD, Head(0, FIRST_PREV))
            self.read_again(store, head)
        else:
            self._go_on(store, noted or self._present)

    def _go_on(self, store: SqlStore, last: Head) -> None:
        try:
            extend(self.spine, store, judged_to=max(last.seq, self.judged_to))
        except LogInDoubt:
            self.fall_into_doubt(BROKEN, last)
            return
        if not _holds(self.spine, last):
            self.fall_into_doubt(REWOUND, last)
        elif self.spine.seq:
            self._head_file.note(self._present)

    def _is_here(self, doubt: Head, spine: Spine, store: SqlStore) -> bool:
        if doubt.doubt == NO_HEAD or not _holds(spine, doubt):
            return False
        try:
            extend(Spine(), store, judged_to=doubt.seq)
        except LogInDoubt:
            return False
        return True

    def _is_signed_since(self, doubt: Head, spine: Spine, store: SqlStore) -> bool:
        for envelope in store.checkpoints(spine.seq):
            checkpoint, _ = read(envelope, "checkpoint")
            try:
                if isinstance(checkpoint, Checkpoint) and checkpoint.t >= doubt.since:
                    check_checkpoint(checkpoint, Bench(spine, store, int(self._now())))
                    return True
            except DocumentRefused:
                continue
        return False


def extend(spine: Spine, store: SqlStore, *, judged_to: int = EVERYTHING) -> None:
    """Take in what came since; judge again what lies beyond `judged_to`, for anybody may have put it there.

    Raises `LogInDoubt`.
    """
    for entry in store.after(spine.seq):
        if entry.seq > judged_to:
            _check_follows(entry, spine, store.as_of(spine.seq))
        spine.extend(entry)


def _check_follows(entry: Entry, spine: Spine, store: SqlStore) -> None:
    try:
        document, opened = read(entry.envelope, entry.kind)
        follows = judge(document, opened, Bench(spine, store, entry.received_at))
    except DocumentRefused as refusal:
        raise LogInDoubt("log_in_doubt") from refusal
    if follows != entry:
        raise LogInDoubt("log_in_doubt")


def _holds(spine: Spine, noted: Head) -> bool:
    return noted.seq == 0 or (noted.seq <= spine.seq and spine.hash_at(noted.seq) == noted.hash)
