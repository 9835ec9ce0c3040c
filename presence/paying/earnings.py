"""What the artist earned in a while, and from what: by day, note, act and tier, and by how deep listeners go.

Plays are not counted. What is counted is what was paid, how far a conversation went for it, and whether who paid
came back. Each division comes to the same sum as the ledger; what belongs to somebody who had everything of hers
deleted stands under its own name, for nobody knows any more what it was about.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Connection, cast, func, select

from billing.earnings import Earned, Stock, Sums, first_posted, sales, stock, sums
from billing.plain import Plain, statement
from billing.shares import divided
from billing.tables import ledger_transactions
from knowledge.noted import Note, latest, notes
from knowledge.tables import corpus_versions, documents
from presence.database import Database
from presence.paying.cited import cited_characters
from presence.paying.periods import Period, parts, period
from presence.tables import questions

AT_ONCE = 500
DAY_SECONDS = 24 * 3600
MANY = 5
"""So many questions and more are a long conversation."""
LONG_DAYS = 30
"""Whoever's first and last day are so far apart has stayed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what was earned, in micros; `count` is how many answers, listeners or conversations it comes from.

    `key` names it to a program: an act, a tier, a note's id, one of the words below; empty is what is not known.
    """

    key: str
    micros: int
    count: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """What was earned in an hour, a day or a month, in micros; `name` is such as 14:00, 2026-11-21 or 2026-11."""

    name: str
    micros: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """All of it for one while. Every list comes to `sums.whole`, those of answers to `of_answers`."""

    period: Period
    sums: Sums
    given: int
    of_answers: int
    bars: tuple[Bar, ...]
    by_act: tuple[Part, ...]
    by_tier: tuple[Part, ...]
    by_note: tuple[Part, ...]
    by_depth: tuple[Part, ...]
    by_return: tuple[Part, ...]
    stock: Stock


_worked_out: WeakKeyDictionary[Database, dict[str, tuple[tuple[Any, ...], Earnings]]] = WeakKeyDictionary()
_quoted: WeakKeyDictionary[Database, dict[str, dict[str, int]]] = WeakKeyDictionary()
"""How much each paid answer quotes of which document. An answer that was paid does not change any more."""

_ASKED = statement(
    """SELECT q.id, q.listener, q.conversation, q.tier FROM ledger_transactions t
 JOIN questions q ON q.id = substr(t.id, 9)
 WHERE t.kind = 'capture' AND t.at >= :since AND t.at < :until"""
)
"""A capture is called `capture:`, and then as its question."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a question that was paid for."""

    listener: str
    conversation: str
    tier: int


def earnings(database: Database, name: str, now: float) -> Earnings:
    """Work out what was earned `today`, this `month` or in `all`, from one snapshot; `now` in Unix seconds.

    As long as nothing was sold, asked, deleted or written since, it is what was worked out before.
    """
    with database.snapshot() as connection:
        chosen = period(name, now, (first_posted(Plain(connection)) or int(now * 1000)) / 1000)
        rests_on = _rests_on(connection)
        before = _worked_out.setdefault(database, {}).get(chosen.name)
        if before is not None and before[0] == rests_on and before[1].period == chosen:
            return before[1]
        found = _work_out(connection, chosen, _quoted.setdefault(database, {}))
    _worked_out[database][chosen.name] = (rests_on, found)
    return found


def _rests_on(connection: Connection) -> tuple[Any, ...]:
    """Give what changes with whatever earnings are worked out from: the ledger, the questions, the notes.

    Each is read from an index: this is asked each time that a page is opened.
    """
    ledger = select(func.max(ledger_transactions.c.seq))
    ended = select(func.max(questions.c.finished_at))
    asked = select(func.count()).select_from(questions)
    written = select(corpus_versions.c.version).order_by(corpus_versions.c.tier)
    return tuple(tuple(connection.execute(query).scalars()) for query in (ledger, ended, asked, written))


def _work_out(connection: Connection, chosen: Period, quoted: dict[str, dict[str, int]]) -> Earnings:
    plain = Plain(connection)
    sold = sales(plain, chosen.since, chosen.until)
    answers = [one for one in sold if one.question is not None]
    asked = _asked(plain, chosen)
    _read_quotes(connection, asked, quoted, is_all=chosen.name == "all")
    return Earnings(
        chosen,
        sums(plain, chosen.since, chosen.until),
        sum(one.given for one in sold),
        sum(one.whole for one in answers),
        _bars(chosen, sold),
        _summed((one.act or one.kind, one) for one in sold),
        _by_tier(answers, asked),
        _by_note(connection, answers, asked, quoted),
        _by_depth(connection, answers, asked),
        _by_return(connection, answers, asked),
        stock(plain),
    )


def sold_in(database: Database, name: str, now: float) -> list[tuple[Earned, int | None]]:
    """Give each sale of a while with the tier that it was asked at, the oldest first; None where that is not known."""
    with database.snapshot() as connection:
        plain = Plain(connection)
        chosen = period(name, now, (first_posted(plain) or int(now * 1000)) / 1000)
        sold = sales(plain, chosen.since, chosen.until)
        asked = _asked(plain, chosen)
    return [(one, asked[one.question].tier if one.question in asked else None) for one in sold]


def earned_in(database: Database, name: str, now: float) -> Sums:
    """Sum up a while, and nothing else."""
    with database.snapshot() as connection:
        chosen = period(name, now, 0.0)
        return sums(Plain(connection), chosen.since, chosen.until)


def _bars(chosen: Period, sold: Sequence[Earned]) -> tuple[Bar, ...]:
    found = dict.fromkeys(parts(chosen), 0)
    for one in sold:
        found[chosen.part_of(one.at)] += one.whole
    return tuple(Bar(name, micros) for name, micros in found.items())


def _by_tier(answers: Sequence[Earned], asked: Mapping[str, _Asked]) -> tuple[Part, ...]:
    return _summed((str(of.tier) if (of := asked.get(one.question or "")) else "", one) for one in answers)


def _read_quotes(
    connection: Connection, asked: Mapping[str, _Asked], quoted: dict[str, dict[str, int]], *, is_all: bool
) -> None:
    """Read what answers quote that were not read before; of those that are gone nothing is kept."""
    new = [ident for ident in asked if ident not in quoted]
    read = cited_characters(connection, new)
    quoted |= {ident: read.get(ident, {}) for ident in new}
    for gone in [ident for ident in quoted if ident not in asked] if is_all else ():
        quoted.pop(gone, None)


def _by_note(
    connection: Connection,
    answers: Sequence[Earned],
    asked: Mapping[str, _Asked],
    quoted: Mapping[str, Mapping[str, int]],
) -> tuple[Part, ...]:
    """Divide each answer by how much it quoted of which note, as splits do; versions of a note are one note."""
    cited = {ident: quoted.get(ident, {}) for ident in asked}
    whole = {document for weights in cited.values() for document in weights}
    places = _places(connection, whole)
    micros, count = defaultdict[str, int](int), defaultdict[str, int](int)
    for one in answers:
        of_note = defaultdict[str, int](int)
        for document, characters in cited.get(one.question or "", {}).items():
            of_note[places[document].ident] += characters
        known = one.question in asked
        for note, part in divided(one.whole, of_note or {"-" if known else "": 1}).items():
            micros[note] += part
            count[note] += 1
    titles = {note.ident: note.title for note in places.values()}
    found = [Part(note, micros[note], count[note], titles.get(note, "")) for note in micros]
    return tuple(sorted(found, key=lambda part: (-part.micros, part.key)))


def _places(connection: Connection, idents: Iterable[str]) -> dict[str, Note]:
    """Give the version of each note that stands for all of them: the one that is shown, or else the newest."""
    wanted = sorted(idents)
    if not wanted:
        return {}
    standing = {(note.origin, note.part): note for note in latest(connection)}
    found = [note for some in _batches(wanted) for note in notes(connection, documents.c.id.in_(some))]
    return {note.ident: standing[note.origin, note.part] for note in found}


def _by_depth(connection: Connection, answers: Sequence[Earned], asked: Mapping[str, _Asked]) -> tuple[Part, ...]:
    """Look at the conversations that were paid for: how many questions each has, free ones too."""
    lengths = dict.fromkeys((one.conversation for one in asked.values()), 1)
    for some in _batches(sorted(lengths)):
        query = select(questions.c.conversation, func.count()).where(questions.c.conversation.in_(some))
        lengths |= {row[0]: row[1] for row in connection.execute(query.group_by(questions.c.conversation))}
    groups = {name: "one" if length < 2 else "few" if length < MANY else "many" for name, length in lengths.items()}
    return _by_group(answers, {ident: one.conversation for ident, one in asked.items()}, groups)


def _by_return(connection: Connection, answers: Sequence[Earned], asked: Mapping[str, _Asked]) -> tuple[Part, ...]:
    """Look at all that those who paid ever asked, free questions too: on how many days, and how long apart."""
    groups: dict[str, str] = {}
    day = cast(questions.c.created_at, BigInteger) // DAY_SECONDS
    days = select(questions.c.listener, func.count(day.distinct()), func.min(day), func.max(day))
    for some in _batches(sorted({one.listener for one in asked.values()})):
        query = days.where(questions.c.listener.in_(some)).group_by(questions.c.listener)
        for name, count, first, last in connection.execute(query):
            groups[name] = "once" if count < 2 else "long" if last - first >= LONG_DAYS else "back"
    return _by_group(answers, {ident: one.listener for ident, one in asked.items()}, groups)


def _by_group(answers: Sequence[Earned], whose: Mapping[str, str], groups: Mapping[str, str]) -> tuple[Part, ...]:
    """Sum answers up by the group of what they belong to; `count` is how many of those there are."""
    micros, members = defaultdict[str, int](int), defaultdict[str, set[str]](set)
    for one in answers:
        name = whose.get(one.question or "")
        group = "" if name is None else groups[name]
        micros[group] += one.whole
        members[group] |= {one.ident if name is None else name}
    return tuple(Part(group, micros[group], len(members[group])) for group in sorted(micros))


def _summed(sold: Iterable[tuple[str, Earned]]) -> tuple[Part, ...]:
    """Sum sales up by a key, the most first."""
    micros, count = defaultdict[str, int](int), defaultdict[str, int](int)
    for key, one in sold:
        micros[key] += one.whole
        count[key] += 1
    found = [Part(key, micros[key], count[key]) for key in micros]
    return tuple(sorted(found, key=lambda part: (-part.micros, part.key)))


def _asked(plain: Plain, chosen: Period) -> dict[str, _Asked]:
    """Find the questions that were paid for; those of somebody who had them deleted are not there."""
    rows = plain.rows(_ASKED, since=chosen.since, until=chosen.until)
    return {ident: _Asked(listener, conversation or ident, tier) for ident, listener, conversation, tier in rows}


def _batches(idents: Sequence[str]) -> list[Sequence[str]]:
    return [idents[start : start + AT_ONCE] for start in range(0, len(idents), AT_ONCE)]
