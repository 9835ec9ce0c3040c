"""Questions that the notes could not answer and listeners gave to the artist; like ones lie together.

Nothing comes here by itself: a listener presses a button, and says whether her name goes with it.
"""

import hashlib
import time
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge import ImportReport, Library
from knowledge.imported import TextRequest
from knowledge.search import ANSWER
from presence.asking.contracts import Listener, Outcome
from presence.asking.tickets import Counter
from presence.database import Database
from presence.errors import NothingToForward, UnknownGroup
from presence.tables import inbox, questions
from presence.write_lane import WriteLane

FORWARDED = (Outcome.NOT_IN_NOTES, Outcome.ASK_BACK)
CORRECTED = "corrected"
"""How it stands with an answer that the artist put right by herself: nobody waits for it."""
GROUPED_MAX = 1_000
"""So many are looked at together, the oldest first; the others wait for these."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A question in the inbox; `name` is "" where the listener left it out."""

    ident: str
    text: str
    tier: int
    name: str
    forwarded_at: float


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are much alike, the oldest first."""

    questions: tuple[Forwarded, ...]

    @property
    def ident(self) -> str:
        """A name that stays while others join."""
        return hashlib.sha256(self.questions[0].ident.encode()).hexdigest()[:8]

    @property
    def question(self) -> str:
        """The words that most of them use, or else the oldest."""
        return Tally(" ".join(one.text.split()) for one in self.questions).most_common(1)[0][0]

    @property
    def tiers(self) -> dict[int, int]:
        """How many were asked from each tier."""
        return dict(sorted(Tally(one.tier for one in self.questions).items()))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.name for one in self.questions if one.name))


class Inbox:
    """One per node."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        library: Library,
        counter: Counter,
        called: Callable[[], str],
        now: Callable[[], float] = time.time,
        answered: Callable[[Connection, Sequence[str]], None] = lambda _owner, _idents: None,
    ) -> None:
        self._answered = answered  # called within the command that settles them, with their ids
        self._database = database
        self._lane = lane
        self._library = library
        self._counter = counter
        self._called = called
        self._now = now

    def forward(self, ident: str, listener: Listener, *, with_name: bool) -> bool:
        """Give a listener's own question to the artist; a second time changes nothing. Gives whether her name went."""
        asked = self._counter.readable(ident, listener)
        if asked.outcome not in FORWARDED:
            raise NothingToForward
        row = {"question_id": ident, "with_name": with_name, "forwarded_at": self._now(), "state": "open"}
        try:
            self._lane.run(lambda owner: owner.execute(insert(inbox).values(**row)))
        except IntegrityError:
            with self._database.records() as records:
                return bool(records.execute(select(inbox.c.with_name).where(inbox.c.question_id == ident)).scalar_one())
        return with_name

    def waiting(self) -> int:
        """Count how often what waits was asked; like questions are told apart only where they are looked at."""
        query = select(func.count()).select_from(inbox).where(inbox.c.state == "open")
        with self._database.records() as records:
            return int(records.execute(query).scalar_one())

    def groups(self) -> list[Group]:
        """Give what waits, like questions together, the largest group first."""
        waiting = self._open()
        groups = [Group(tuple(waiting[at] for at in rows)) for rows in self._library.alike([q.text for q in waiting])]
        return sorted(groups, key=lambda group: -len(group.questions))

    def group(self, ident: str) -> Group:
        """Find a group by its name, or raise `UnknownGroup`."""
        found = next((group for group in self.groups() if group.ident == ident), None)
        if found is None:
            raise UnknownGroup(ident)
        return found

    def dismiss(self, ident: str) -> Group:
        """Put a group away without an answer."""
        group = self.group(ident)
        self._settle(group, "dismissed")
        return group

    def answer(self, ident: str, text: str, *, name: str, tier: int) -> tuple[Group, ImportReport]:
        """Make a note of an answer, under the question as its title; `name` is the file's, which tells the format."""
        group = self.group(ident)
        request = TextRequest(
            text=text,
            name=PurePath(name).name,
            origin=f"inbox:{ident}",
            file_name=f"answers/{ident}{PurePath(name).suffix}",
            tier=tier,
            speaker=self._called(),
            kind="answer",
            label=f"answer to “{group.question}”",
        )
        adapt = lambda read: replace(read, title=group.question, kind=ANSWER)  # noqa: E731
        report = self._library.shelf.take_text(request, adapt)
        self._settle(group, "answered", self._library.shelf.document_of(report.import_id))
        return group, report

    def correct(self, ident: str, question: str, text: str, *, tier: int, is_told: bool) -> ImportReport:
        """Make a note that puts an answer right, under its question; `ident` is the answer's, "" where none was given.

        With `is_told`, whoever asked reads on the answer's page where it stands, as far as her tier goes, and
        is told of it if she chose to hear of the artist's answers.
        """
        name = hashlib.sha256((ident or question).encode()).hexdigest()[:8]
        request = TextRequest(
            text=text,
            name="correction.md",
            origin=f"correction:{name}",
            file_name=f"corrections/{name}.md",
            tier=tier,
            speaker=self._called(),
            kind="correction",
            label=f"correction of “{question}”",
        )
        adapt = lambda read: replace(read, title=question, kind=ANSWER)  # noqa: E731
        report = self._library.shelf.take_text(request, adapt)
        document_id = self._library.shelf.document_of(report.import_id)
        if ident and is_told and document_id is not None:
            self._lane.run(lambda owner: self._corrected(owner, ident, document_id))
        return report

    def _corrected(self, owner: Connection, ident: str, document_id: str) -> None:
        """Lead whoever asked to the note; who never gave her question to the artist reads nothing before it is hers."""
        here = inbox.c.question_id == ident
        known = owner.execute(select(inbox.c.state).where(here)).scalar()
        if known is None:
            row = {"question_id": ident, "with_name": False, "forwarded_at": self._now(), "state": CORRECTED}
            owner.execute(insert(inbox).values(**row, document_id=document_id))
        else:
            state = CORRECTED if known == CORRECTED else "answered"
            owner.execute(update(inbox).where(here).values(state=state, document_id=document_id))
        self._answered(owner, [ident])

    def _open(self) -> list[Forwarded]:
        query = (
            select(questions.c.id, questions.c.question, questions.c.tier, questions.c.listener, inbox)
            .join(inbox, inbox.c.question_id == questions.c.id)
            .where(inbox.c.state == "open")
            .order_by(inbox.c.forwarded_at, questions.c.id)
            .limit(GROUPED_MAX)
        )
        with self._database.records() as records:
            return [_forwarded(row) for row in records.execute(query)]

    def _settle(self, group: Group, state: str, document_id: str | None = None) -> None:
        idents: Sequence[str] = [one.ident for one in group.questions]

        def settle(owner: Connection) -> None:
            these = inbox.c.question_id.in_(idents), inbox.c.state == "open"
            changed = update(inbox).where(*these).values(state=state, document_id=document_id)
            settled = owner.execute(changed.returning(inbox.c.question_id)).scalars().all()
            if document_id is not None:
                self._answered(owner, settled)

        self._lane.run(settle)


def _forwarded(row: Any) -> Forwarded:
    name = row.listener if row.with_name else ""
    return Forwarded(row.id, row.question, row.tier, name, row.forwarded_at)
