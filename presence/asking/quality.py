"""The artist's own list of questions, asked of her notes: answered, from the right note, or rightly left alone.

Nothing is written by a writer and nothing is kept of it but the list and the last run. A list is asked on a
thread of its own, one at a time, so that whoever began it can go on with something else.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

import structlog
from sqlalchemy import Connection, delete, insert, select

from knowledge import AskBack, Evidence, Facts, Finding
from knowledge.evaluation import Judged, QuestionsUnreadable, read_questions
from knowledge.facts.keys import normal
from presence.asking.trying import Trying
from presence.database import Database
from presence.errors import ListWrong, PresenceError
from presence.tables import rules
from presence.write_lane import WriteLane

QUESTIONS_MAX = 500
CHARS_MAX = 100_000
SOURCES_LOOKED_AT = 3
"""The right note has to be among the notes of so many first sentences."""
NOT_TOLD = ("-", "–", "—")
"""In the place of a note: the notes are not to answer this."""
_SIGNS = ("\t", "=>", "→", "|")
_LIST, _RUN = "quality_list", "quality_run"
log = structlog.get_logger()


class Came(StrEnum):
    """What came of a question, in words that a page shows."""

    ANSWERED = "answered"
    ASKED_BACK = "asked back"
    NOT_IN_NOTES = "not in the notes"
    SET_ASIDE = "a topic that is set aside"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """One question of a run; `sources` are the titles of the notes that an answer would rest on first."""

    question: str
    expected: tuple[str, ...]
    is_for_nobody: bool
    came: Came
    sources: tuple[str, ...]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A list that was asked whole, as a tier; `at` is in Unix seconds."""

    tier: int
    at: float
    results: tuple[Result, ...]

    def count(self, came: Came) -> int:
        """How many came to this."""
        return sum(one.came is came for one in self.results)

    @property
    def right(self) -> int:
        return sum(one.is_right for one in self.results)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    done: int
    whole: int


class Quality:
    """One per node; thread-safe. Close it before the database."""

    def __init__(
        self, database: Database, lane: WriteLane, trying: Trying, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._lane = lane
        self._trying = trying
        self._now = now
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._progress: Progress | None = None
        self._broke_off = False

    @property
    def progress(self) -> Progress | None:
        """How far the run is that goes on here now; None when there is none: `last` holds then what came of it."""
        return self._progress

    @property
    def broke_off(self) -> bool:
        """Whether the run that was begun last could not come to its end; the log says why."""
        return self._broke_off

    @property
    def listed(self) -> str:
        """The list as it was written."""
        return str(self._value(_LIST) or "")

    @property
    def last(self) -> Run | None:
        """The last run that came to its end."""
        kept = self._value(_RUN)
        if kept is None:
            return None
        results = (one | {"came": Came(one["came"])} for one in kept["results"])
        read = tuple(Result(**one | {name: tuple(one[name]) for name in ("expected", "sources")}) for one in results)
        return Run(kept["tier"], kept["at"], read)

    def keep(self, text: str) -> int:
        """Keep a list, and give how many questions it has; raises `ListWrong`."""
        count = len(wishes(text))
        self._keep(_LIST, text)
        return count

    def start(self, tier: int) -> bool:
        """Ask the list as a tier, in the background; False where a run goes on already. Raises `ListWrong`."""
        asked = wishes(self.listed)
        if not asked:
            raise ListWrong("There is no question in your list yet. Write one on each line.")
        with self._lock:
            if self._progress is not None:
                return False
            self._progress, self._broke_off = Progress(0, len(asked)), False
            self._thread = threading.Thread(target=self._run, args=(asked, tier), name="quality", daemon=True)
            self._thread.start()
        return True

    def wait(self, seconds: float) -> bool:
        """Wait until no run goes on; whether that is so."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._progress is None

    def close(self) -> None:
        """Stop a run; what it found so far is not kept."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, asked: list[Judged], tier: int) -> None:
        try:
            results = []
            for one in asked:
                if self._stop.is_set():
                    return
                results.append(self._asked(one, tier))
                self._progress = Progress(len(results), len(asked))
            told = {"tier": tier, "at": self._now(), "results": [asdict(one) for one in results]}
            self._keep(_RUN, told)
        except Exception:
            log.exception("quality")
            self._broke_off = True
        finally:
            self._progress = None

    def _asked(self, one: Judged, tier: int) -> Result:
        try:
            came, sources = _came(self._trying.found(one.question, tier))
        except PresenceError:
            came, sources = Came.FAILED, []
        titles = tuple(dict.fromkeys(title or file for title, file in sources))
        return Result(one.question, tuple(sorted(one.relevant)), not one.answerable, came, titles,
                      _is_right(one, came, sources))  # fmt: skip

    def _value(self, name: str) -> Any:
        with self._database.records() as records:
            kept = records.execute(select(rules.c.value).where(rules.c.name == name)).scalar()
        return None if kept is None else json.loads(kept)

    def _keep(self, name: str, value: Any) -> None:
        def keep(owner: Connection) -> None:
            owner.execute(delete(rules).where(rules.c.name == name))
            owner.execute(insert(rules).values(name=name, value=json.dumps(value, ensure_ascii=False)))

        self._lane.run(keep)


def wishes(text: str) -> list[Judged]:
    """Read a list: a question on each line, behind it perhaps the note that answers it, or `-`; or JSON Lines."""
    if len(text) > CHARS_MAX:
        raise ListWrong(f"A list may be {CHARS_MAX:,} characters long, not {len(text):,}.")
    try:
        found = [_wish(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    except QuestionsUnreadable as error:
        raise ListWrong(str(error)) from error
    if len(found) > QUESTIONS_MAX:
        raise ListWrong(f"A list may hold {QUESTIONS_MAX} questions, not {len(found):,}.")
    return found


def _wish(number: int, line: str) -> Judged:
    if line.lstrip().startswith("{"):
        try:
            return read_questions(line)[0]
        except QuestionsUnreadable as error:
            raise QuestionsUnreadable(number, str(error).partition(": ")[2].rstrip(".")) from error
    question, note = line.strip(), ""
    for sign in _SIGNS:
        if sign in question:
            question, _, note = (part.strip() for part in question.partition(sign))
            break
    if not any(char.isalnum() for char in question):
        raise QuestionsUnreadable(number, "there is no question in it")
    is_for_nobody = note in NOT_TOLD
    return Judged(question, frozenset({note} if note and not is_for_nobody else ()), answerable=not is_for_nobody)


def _came(found: Finding | None) -> tuple[Came, list[tuple[str, str]]]:
    match found:
        case None:
            return Came.SET_ASIDE, []
        case AskBack():
            return Came.ASKED_BACK, []
        case Facts():
            rows = [row for sentence in found.sentences for row in sentence.rows]
            return Came.ANSWERED, [(row.title, row.file_name) for row in rows]
        case Evidence():
            passages = [one.passage for one in found.sentences[:SOURCES_LOOKED_AT]]
            return Came.ANSWERED, [(passage.title, passage.file_name) for passage in passages]
    return Came.NOT_IN_NOTES, []


def _is_right(one: Judged, came: Came, sources: list[tuple[str, str]]) -> bool:
    """Whether it was answered from a note that was named, or from any where none was; or left alone as it should be."""
    if not one.answerable:
        return came in (Came.NOT_IN_NOTES, Came.ASKED_BACK, Came.SET_ASIDE)
    if came is not Came.ANSWERED or not one.relevant:
        return came is Came.ANSWERED
    wanted = {_name(place.partition("#")[0]) for place in one.relevant}
    return any(not wanted.isdisjoint(names_of(title, file)) for title, file in sources)


def names_of(title: str, file: str) -> set[str]:
    """Give what a note may be called in a list: its title, its file with folders or without, its bare name."""
    path = PurePath(file)
    return {_name(one) for one in (title, file, path.name, path.stem)} - {""}


def _name(said: str) -> str:
    return normal(said.strip("“”\"'"))
