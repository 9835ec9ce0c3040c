"""Puts another name or date into the question before: "and in 1977?", "what about Morning Dew?"."""

import datetime
import re
from collections.abc import Sequence
from itertools import product

from knowledge import leaning_forms as forms
from knowledge.facts.carried import Turn, where_it_begins
from knowledge.facts.days import Dated
from knowledge.facts.names import PLACES
from knowledge.facts.reading import WORKS, Mention, Reading

Edit = tuple[int, int, str]
_COUNTS = re.compile(r"how (?:many|often)\b", re.IGNORECASE)
_ROLES = {"open": ("opener", "opened", "opening", "open"), "clos": ("closer", "closed", "closing", "close")}
_PREPOSITION = re.compile(r"(?:in|on|at|during|from|since|before|after|until|till|by|between|around)\b", re.IGNORECASE)


def swapped(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    """Give the question before with what was named now, once for each place where it may belong, if anywhere."""
    found = forms.SWAP.fullmatch(forms.unclosed(asked.masked))
    if found is None or (found["of_them"] and not _COUNTS.match(before.plain)):
        return None
    if found["beside"]:
        return _beside(found["beside"].strip(), asked, before)
    day = any(one.when.is_day for one in asked.dates)
    edits = [_date(asked, one, before) for one in asked.dates]
    edits += [_place(asked, one, before, day=day) for one in asked.of(*PLACES)]
    edits += [_name(one, before) for one in asked.mentions if one.kind not in PLACES]
    return tuple(edited(before.plain, [edit for part in chosen for edit in part]) for chosen in product(*edits))


def other_role(asked: Reading, before: Turn) -> tuple[str, ...]:
    """Give a question for what opened something as one for what closed it, and the other way round."""
    found = forms.ROLE.fullmatch(forms.unclosed(asked.masked))
    if found is None:
        return ()
    wanted = _ROLES[found["role"]]
    words = dict(zip(_ROLES["open" if found["role"] == "clos" else "clos"], wanted, strict=True))
    said = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    edits = [(*one.span(), words[one[0].lower()]) for one in said.finditer(before.plain)]
    return (edited(before.plain, edits),) if len(edits) == 1 else ()


def neighbouring_day(days: int, before: Turn) -> tuple[str, ...]:
    """Give the question before for the day after or before its own."""
    if len(before.days) != 1:
        return ()
    day = datetime.datetime.strptime(before.days[0], "%d %B %Y") + datetime.timedelta(days=days)  # noqa: DTZ007  # a day, no moment
    said = f"on {day.day} {day:%B %Y}"
    plain = before.plain
    if dates := before.question.dates:
        return (edited(plain, [*_without_places(before), (dates[0].start, dates[0].end, said)]),)
    return ()


def edited(plain: str, edits: Sequence[Edit]) -> str:
    """Write changes into a question; what is to be added at its end stands before the question mark."""
    for start, end, said in sorted(set(edits), reverse=True):
        plain = f"{plain[:start].rstrip()} {said} {plain[end:].lstrip()}" if said else plain[:start] + plain[end:]
    plain = re.sub(r"([“\"]) | (?=[”\"])", r"\1", " ".join(plain.split()))
    return re.sub(r"\s+(?=[?.!,])", "", plain)


def end_of(plain: str) -> int:
    """Give where something can be added to a question."""
    return len(plain.rstrip(" ?.!"))


def _date(asked: Reading, one: Dated, before: Turn) -> list[tuple[Edit, ...]]:
    written = asked.question[one.start : one.end].strip()
    said = written if _PREPOSITION.match(written) else f"{'on' if one.when.is_day else 'in'} {written}"
    places = _without_places(before) if one.when.is_day else []
    held = [(other.start, other.end) for other in before.question.dates] or [(end_of(before.plain),) * 2]
    return [(*places, (start, end, said)) for start, end in held]


def _place(asked: Reading, one: Mention, before: Turn, *, day: bool) -> list[tuple[Edit, ...]]:
    begins = where_it_begins(asked.question, one)
    written = asked.question[begins : one.end]
    said = written if begins < one.start else f"{'at' if one.kind == 'place' else 'in'} {written}"
    days = [] if day else [(other.start, other.end, "") for other in before.question.dates if other.when.is_day]
    held = _stretches(before)
    if held:
        return [(*days, (start, end, said)) for start, end in held]
    end = end_of(before.plain)
    return [(*days, (end, end, said))]


def _name(one: Mention, before: Turn) -> list[tuple[Edit, ...]]:
    kinds = WORKS if one.kind in WORKS else (one.kind,)
    said = one.name if one.is_clear else one.written
    return [((other.start, other.end, said),) for other in before.question.of(*kinds)]


def _beside(word: str, asked: Reading, before: Turn) -> tuple[str, ...]:
    named = [one.name for one in asked.of(*WORKS)]
    if len(named) != 1 or not forms.NEEDS_WORD.search(before.question.masked):
        return ()
    return (f"What came {word} “{named[0]}”{night_of(before)}?",)


def night_of(before: Turn) -> str:
    """Give the one night that a turn was about, or what it was about else, with a space before."""
    return f" on {before.days[0]}" if len(before.days) == 1 else before.around


def _without_places(before: Turn) -> list[Edit]:
    return [(start, end, "") for start, end in _stretches(before)]


def _stretches(before: Turn) -> list[tuple[int, int]]:
    """Give where the question names places; a venue and its city beside it are one place."""
    found: list[tuple[int, int]] = []
    for one in before.question.of(*PLACES):
        start = where_it_begins(before.plain, one)
        if found and re.fullmatch(r"[\s,]*", before.plain[found[-1][1] : start]):
            found[-1] = found[-1][0], one.end
        else:
            found.append((start, one.end))
    return found
