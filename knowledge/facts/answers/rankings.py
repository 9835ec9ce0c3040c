"""What was played most, where most shows were, and by whom how much."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.edges import usual_edge
from knowledge.facts.answers.firsts import NAMED_MAX
from knowledge.facts.answers.partners import partners
from knowledge.facts.phrases import listed, nights, times
from knowledge.facts.played import Night, Played
from knowledge.facts.scope import Subject
from knowledge.facts.told import Facts, FactSentence, NotKnown

TOP_USUAL = 5
_MONTHS = calendar.month_name
NEAR_THE_TOP = 30


def top(case: Case) -> Facts | NotKnown | None:
    """What stands first when nights or plays are counted."""
    of = case.asked.of
    if of in ("opener", "closer"):
        return usual_edge(case)
    if of in _COLUMNS:
        return _top_played(case, of)
    if of == "partner":
        return partners(case)
    return _top_places(case, of)


_COLUMNS = {"work": "work_key", "artist": "artist_key", "label": "label_key"}


def _top_played(case: Case, of: str) -> Facts | NotKnown:
    """Rank by nights; who is played most often in all is told beside it where that is somebody else."""
    column = _COLUMNS[of]
    narrowed = of == "work" and any(thing.kind in ("artist", "label") for thing in case.meant.subjects)
    counted = _counted_items(flat(case.plays)) if narrowed else case.counted(column)
    if not counted:
        return NotKnown(f"No list{case.within} is known.")
    wanted = max(case.asked.top or 1, TOP_USUAL) + NEAR_THE_TOP
    best = sorted(counted, key=lambda key: (-counted[key][0], key))[:wanted]
    most = max(counted, key=lambda key: (counted[key][1], key))
    rows = {key: example_of(case, column, key) for key in {*best, most}}
    names = {key: _called(row, of) for key, row in rows.items()}
    ranking = sorted(((key, counted[key][0]) for key in best), key=lambda one: (-one[1], names[one[0]]))
    extra = None
    if most not in {key for key, number in ranking if number == ranking[0][1]}:
        extra = told(f"Counting every time, {names[most]} was played most: {times(counted[most][1])}.", rows[most])
    return case.facts(_said(case, ranking, names, rows, "played"), extra, case.basis())


def example_of(case: Case, column: str, key: str) -> Played:
    """Give one play that a key stands for, as its example."""
    found = case.archive.plays(Subject(column, frozenset({key})), case.nights)
    return min((items[0] for items in found.values()), key=lambda item: (case.night_of[item.key].day, item.key))


def _called(item: Played, of: str) -> str:
    return {"artist": item.artist, "label": item.label}.get(of) or (
        f"“{item.artist} – {item.title}”" if item.artist else f"“{item.title}”"
    )


def _counted_items(items: list[Played]) -> dict[str, tuple[int, int]]:
    at: dict[str, set[str]] = defaultdict(set)
    for item in items:
        at[item.work].add(item.key)
    plays = Counter(item.work for item in items)
    return {work: (len(found), plays[work]) for work, found in at.items()}


def _said(
    case: Case, ranking: list[tuple[str, int]], names: dict[str, str], rows: Mapping[str, Played | Night], verb: str
) -> FactSentence:
    wanted = case.asked.top or 1
    best = ranking[0][1]
    level = ranking[min(wanted, len(ranking)) - 1][1]
    chosen = [one for one in ranking if one[1] >= level][: max(wanted, 12)]
    rest = [one for one in ranking if one[1] < level][: TOP_USUAL - 1] if wanted == 1 else []
    if wanted > 1:
        text = f"The {wanted} most {verb}{case.within}: " + listed(f"{names[i]} ({n:,})" for i, n in chosen)
    else:
        each = " each" if len(chosen) > 1 else ""
        text = f"Most {verb}{case.within}: {listed(names[i] for i, _ in chosen)}, at {nights(best)}{each}"
    if rest:
        text += "; then " + listed(f"{names[i]} ({n:,})" for i, n in rest)
    return told(f"{text}.", *[rows[i] for i, _ in chosen])


def _top_places(case: Case, of: str) -> Facts | NotKnown:
    named: dict[str, Callable[[Night], str]] = {
        "place": lambda night: ", ".join(part for part in (night.venue, night.city) if part) if night.venue else "",
        "city": lambda night: night.city,
        "region": lambda night: night.region,
        "country": lambda night: night.country,
        "month": lambda night: _MONTHS[night.day // 100 % 100] if night.day and night.last_day - night.day < 31 else "",
        "year": lambda night: str(night.day // 10_000) if night.day else "",
    }
    found = [case.night_of[key] for key in case.plays] if case.meant.subjects else case.nights
    counted = Counter(name for night in found if (name := named[of](night)))
    if not counted:
        return NotKnown(f"No show{case.within} is in the lists.")
    first: dict[str, Night] = {}
    for night in found:
        first.setdefault(named[of](night), night)
    ranking = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    verb = f"{case.things} was played" if case.meant.subjects else "played"
    return case.facts(_said(case, ranking, {name: name for name in counted}, dict(first), verb))


def by_artist(case: Case) -> Facts | NotKnown | None:
    """The titles of an artist or a label that were played."""
    played = flat(case.plays)
    if not played:
        return case.facts(told(f"Nothing by {case.things} is in the listed shows{case.within}."), case.basis())
    first = {item.work: item for item in reversed([item for item in played if not item.is_unknown])}
    titles = sorted({item.title for item in first.values()})
    counted = f"{len(titles):,} title{'' if len(titles) == 1 else 's'}" + (
        f" in {len({item.recording for item in played if not item.is_unknown}):,} versions"
        if len({item.recording for item in played if not item.is_unknown}) != len(titles) else ""
    )  # fmt: skip
    named = listed(f"“{title}”" for title in titles[: 2 * NAMED_MAX])
    return case.facts(
        told(f"By {case.things}{case.within}, {counted} were played: {named}.", *first.values()), case.basis()
    )
