"""Answers that listeners reported: a reason, a few words, and what the artist said to it.

Only who may read an answer can report it, and the report is kept with the answer's id and nothing else.
Whoever reported reads what came of it where she reads the answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from presence.asking.contracts import Listener
from presence.asking.rendered import answer_json
from presence.asking.tickets import Counter
from presence.asking.transcripts import Transcripts
from presence.database import Database
from presence.errors import ReportWrong, UnknownReport
from presence.tables import reports
from presence.write_lane import WriteLane

REASONS = {
    "": "nothing more is said",
    "wrong": "it is wrong",
    "unsupported": "the notes do not say this",
    "private": "it tells something private",
    "hurtful": "it hurts somebody",
    "rights": "it shows what is not hers to show",
    "other": "something else",
}
"""By its name, in the words that people read."""
WORDS_CHARS_MAX = 500
SHOWN_MAX = 200
"""So many are shown at once, the oldest open ones first, the newest closed ones first."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was said about an answer; times are in Unix seconds."""

    ident: str
    """The answer's."""
    reason: str
    words: str
    reported_at: float
    closed_at: float | None
    closed_because: str | None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def reason_words(self) -> str:
        """The reason as people read it."""
        return REASONS.get(self.reason, REASONS["other"])

    def as_json(self) -> dict[str, Any]:
        """Give what whoever reported reads of it."""
        told: dict[str, Any] = {"state": "closed" if self.is_closed else "open", "reason": self.reason}
        return told | ({"closed_because": self.closed_because} if self.is_closed else {})


@dataclass(frozen=True, slots=True)
class ReportedAnswer:
    """A report with the answer that it is about, as the artist looks at it."""

    report: Report
    tier: int
    asked_at: float
    answer: dict[str, Any]


class Reports:
    """One per node."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        counter: Counter,
        transcripts: Transcripts,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._counter = counter
        self._transcripts = transcripts
        self._now = now

    def report(self, ident: str, listener: Listener, *, reason: str = "", words: str = "") -> tuple[Report, bool]:
        """Report an answer that this listener may read; give the report, and whether it is new.

        Until it is closed, a second time puts the new words in the place of the old ones. Raises
        `UnknownQuestion`, `TierTooLow`, `ReportWrong`.
        """
        self._counter.readable(ident, listener)
        if reason not in REASONS:
            raise ReportWrong(
                f"The reason may be left out, or is one of: {', '.join(name for name in REASONS if name)}."
            )
        said = {"reason": reason, "words": _one_line(words, "What you say about it")}
        row = {"question_id": ident, **said, "reported_at": self._now()}

        def keep(owner: Connection) -> bool:
            earlier = _found(owner, ident)
            if earlier is None:
                owner.execute(insert(reports).values(**row))
            elif not earlier.is_closed and any(said.values()):
                owner.execute(update(reports).where(reports.c.question_id == ident).values(**said))
            return earlier is None

        is_new = self._lane.run(keep)
        return self._find(ident), is_new

    def listed(self, *, closed: bool = False) -> list[ReportedAnswer]:
        """Give the open reports, the oldest first; or the closed ones, the newest first."""
        of_state = reports.c.closed_at.is_not(None) if closed else reports.c.closed_at.is_(None)
        order = reports.c.closed_at.desc() if closed else reports.c.reported_at
        query = select(reports).where(of_state).order_by(order, reports.c.question_id).limit(SHOWN_MAX)
        with self._database.records() as records:
            found = [_report(row) for row in records.execute(query)]
        return [shown for one in found if (shown := self._with_answer(one)) is not None]

    def open_count(self) -> int:
        """Count the open ones."""
        query = select(func.count()).select_from(reports).where(reports.c.closed_at.is_(None))
        with self._database.records() as records:
            return int(records.execute(query).scalar_one())

    def close(self, ident: str, because: str) -> Report:
        """Close a report with what whoever reported is told, or raise `UnknownReport`, `ReportWrong`."""
        told = _one_line(because, "The reason")
        if not told:
            raise ReportWrong("Say why you close it: whoever reported the answer reads it there.")
        of_it = reports.c.question_id == ident
        closing = update(reports).where(of_it).values(closed_at=self._now(), closed_because=told)
        self._lane.run(lambda owner: owner.execute(closing))
        return self._find(ident)

    def _find(self, ident: str) -> Report:
        with self._database.records() as records:
            found = _found(records, ident)
        if found is None:
            raise UnknownReport(ident)
        return found

    def _with_answer(self, report: Report) -> ReportedAnswer | None:
        asked = self._transcripts.find(report.ident)
        if asked is None:
            return None
        answer = answer_json(asked, self._transcripts.events(report.ident))
        return ReportedAnswer(report, asked.tier, asked.created_at, answer)


def report_of(database: Database, ident: str) -> Report | None:
    """Give what was reported of an answer."""
    with database.records() as records:
        return _found(records, ident)


def _found(connection: Connection, ident: str) -> Report | None:
    row = connection.execute(select(reports).where(reports.c.question_id == ident)).first()
    return None if row is None else _report(row)


def _report(row: Row[Any]) -> Report:
    return Report(row.question_id, row.reason, row.words, row.reported_at, row.closed_at, row.closed_because)


def _one_line(text: str, what: str) -> str:
    cleaned = " ".join(text.split())
    if len(cleaned) > WORDS_CHARS_MAX:
        raise ReportWrong(f"{what} may be {WORDS_CHARS_MAX} characters long, not {len(cleaned):,}.")
    if not cleaned.isprintable():
        raise ReportWrong(f"{what} holds signs that cannot be seen. Take them out.")
    return cleaned
