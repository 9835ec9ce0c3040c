"""What was played most, only once, for the first time; how many different things; the longest night."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.catalogue import partners
from knowledge.facts.answers.nights import when
from knowledge.facts.answers.orders import usual_edge
from knowledge.facts.archive import Night, Played, Scope, Subject, in_set
from knowledge.facts.phrases import clock, date_of, listed, night_of, nights, quoted, times
from knowledge.facts.told import Facts, FactSentence, NotKnown

TOP_USUAL = 5
NAMED_MAX = 30
_MONTHS = calendar.month_name
NEAR_THE_TOP = 30
MANY_NIGHTS = 20


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
    rows = {key: _one_of(case, column, key) for key in {*best, most}}
    names = {key: _called(row, of) for key, row in rows.items()}
    ranking = sorted(((key, counted[key][0]) for key in best), key=lambda one: (-one[1], names[one[0]]))
    extra = None
    if most not in {key for key, number in ranking if number == ranking[0][1]}:
        extra = told(f"Counting every time, {names[most]} was played most: {times(counted[most][1])}.", rows[most])
    return case.facts(_said(case, ranking, names, rows, "played"), extra, case.basis())


def _one_of(case: Case, column: str, key: str) -> Played:
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


def once(case: Case) -> Facts | NotKnown | None:
    """What was played at one night only, of all nights there are."""
    if case.meant.subjects:
        return when(case)
    at: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for work, night, count in case.archive.appearances():
        at[work].append((night, count))
    found = {work: held[0] for work, held in at.items() if len(held) == 1 and held[0][0] in case.night_of}
    if not found:
        return case.facts(told(f"Nothing{case.within} was played only once."), case.basis())
    exactly = sum(count == 1 for _, count in found.values())
    also = f"; {exactly:,} of them exactly once" if exactly != len(found) else ""
    text = f"{len(found):,} {'was' if len(found) == 1 else 'were'} played at one show only{case.within}{also}"
    named = len(found) <= NAMED_MAX or case.meant.scope.says_something
    rows = _examples(case, {work: night for work, (night, _) in found.items()}, 2 * NAMED_MAX if named else 3)
    if named:
        text += ": " + listed(f"{quoted(item)} ({date_of(case.night_of[item.key])})" for item in rows)
    return case.facts(told(f"{text}.", *rows), case.basis())


def _examples(case: Case, night_of: dict[str, str], most: int) -> list[Played]:
    """Give one play of each work at its night, in the order of time, at most so many."""
    chosen = sorted(night_of, key=lambda work: (case.night_of[night_of[work]].day, work))[:most]
    plays = case.archive.plays(Subject("work_key", frozenset(chosen)), case.nights)
    first = {(item.work, key): item for key, items in plays.items() for item in reversed(items)}
    found = [first[work, night_of[work]] for work in chosen if (work, night_of[work]) in first]
    return sorted(found, key=lambda item: (case.night_of[item.key].day, case.night_of[item.key].ordinal, item.position))


def debuts(case: Case) -> Facts | NotKnown | None:
    """What was played for the first time in a stretch of time, or at a place."""
    if not case.meant.scope.says_something:
        return None
    order = {night.key: number for number, night in enumerate(case.archive.nights(Scope()))}
    first: dict[str, str] = {}
    for work, night, _ in case.archive.appearances():
        if night in order and (work not in first or order[night] < order[first[work]]):
            first[work] = night
    found = {work: night for work, night in first.items() if night in case.night_of}
    if not found:
        return case.facts(told(f"Nothing was played for the first time{case.within}."), case.basis())
    rows = _examples(case, found, 2 * NAMED_MAX)
    if case.asked.counting or len(found) > 2 * NAMED_MAX:
        return case.facts(told(f"{len(found):,} were played for the first time{case.within}.", *rows), case.basis())
    named = listed(f"{quoted(item)} ({date_of(case.night_of[item.key])})" for item in rows)
    return case.facts(told(f"Played for the first time{case.within}: {named}.", *rows))


def distinct(case: Case) -> Facts | NotKnown | None:
    """How many different songs, or places, or artists."""
    asked = case.asked.masked
    for word, noun, name in (
        ("venue|clubs?|halls?|places", "venues", lambda night: (night.venue, night.city) if night.venue else None),
        ("cit(?:y|ies)|towns", "cities", lambda night: (night.city, night.region) if night.city else None),
        ("countr", "countries", lambda night: night.country or None),
        ("states|regions|provinces", "states or regions", lambda night: night.region or None),
    ):
        if _says(word, asked):
            return _counted_places(case, noun, name)
    held = case.one_night(case.listed) if case.meant.scope.when.is_day else []
    for word, column in (("artists?", "artist_key"), ("labels?", "label_key")):
        if _says(word, asked):
            return _counted(case, set(case.counted(column)), f"{column.removesuffix('_key')}s")
    if not case.asked.set_no and len(case.nights) > MANY_NIGHTS:
        return _distinct_works(case)
    items = in_nights(case)
    works = {item.work for item in items if not item.is_unknown}
    if not works:
        return NotKnown(f"No list{case.within} is known.")
    word = "pieces" if any(item.artist for item in items) else "songs"
    entries = f" ({len(items):,} entries in all)" if len(items) != len(works) else ""
    only = len(held) == 1
    of_set = f" in set {case.asked.set_no}" if case.asked.set_no > 0 else ""
    return case.facts(
        told(f"{len(works):,} different {word} were played{of_set}{case.within}{entries}.", *items[:1]),
        None if only else case.basis(),
    )


def _distinct_works(case: Case) -> Facts | NotKnown:
    """Count over many nights without reading their lists."""
    counted = case.counted("work_key")
    if not counted:
        return NotKnown(f"No list{case.within} is known.")
    example = _one_of(case, "work_key", min(counted, key=lambda key: (counted[key], key)))
    entries = sum(plays for _, plays in counted.values())
    word = "pieces" if example.artist else "songs"
    said = f"{len(counted):,} different {word} were played{case.within} ({entries:,} entries in all)."
    return case.facts(told(said, example), case.basis())


def in_nights(case: Case) -> list[Played]:
    """Give the items of all nights, or of the set that was asked for."""
    if case.asked.set_no:
        return [item for items in case.items.values() for item in in_set(items, case.asked.set_no)]
    return flat(case.items)


def _counted(case: Case, found: set[str], noun: str) -> Facts:
    return case.facts(
        told(f"{len(found):,} different {noun} were played{case.within}.", *case.listed[:1]), case.basis()
    )


def _counted_places(case: Case, noun: str, name: Callable[[Night], object]) -> Facts:
    held: Iterable[Night] = [case.night_of[key] for key in case.plays] if case.meant.subjects else case.nights
    found = {ident for night in held if (ident := name(night)) is not None}
    return case.facts(told(f"There were {len(found):,} different {noun}{case.within}.", *case.nights[:1]), case.basis())


def _says(pattern: str, text: str) -> bool:
    import re

    return re.search(rf"\b(?:{pattern})\w*\b", text) is not None


def longest(case: Case) -> Facts | NotKnown | None:
    """The night with the most items, or the fewest; where lengths are known, the longest in time."""
    short = "shortest" in case.asked.masked or "fewest" in case.asked.masked
    by_time = _by_time(case)
    if by_time is not None and "song" not in case.asked.masked and "track" not in case.asked.masked:
        return by_time
    if not case.items:
        return NotKnown(f"No list{case.within} is known.")
    sizes = {
        key: len(in_set(items, case.asked.set_no) if case.asked.set_no else items) for key, items in case.items.items()
    }
    best = min(sizes.values()) if short else max(sizes.values())
    held = [case.night_of[key] for key, size in sizes.items() if size == best]
    word = "shortest" if short else "longest"
    text = f"The {word} list{case.within} is that of {listed(map(night_of, held[:6]))}, with {best:,} entries."
    return case.facts(told(text, *held), about=held)


def _by_time(case: Case) -> Facts | None:
    rows = case.archive.rows(
        "SELECT event_key, max(duration_ms) AS ms FROM events WHERE duration_ms > 0 GROUP BY event_key"
    )
    lengths = {row.event_key: row.ms for row in rows if row.event_key in case.night_of}
    if not lengths:
        return None
    best = min(lengths.values()) if "shortest" in case.asked.masked else max(lengths.values())
    held = [case.night_of[key] for key, ms in lengths.items() if ms == best]
    word = "shortest" if "shortest" in case.asked.masked else "longest"
    return case.facts(
        told(f"The {word} set{case.within} was {listed(map(night_of, held[:6]))}: {clock(best)} long.", *held),
        about=held,
    )


def tempo(case: Case) -> Facts | NotKnown | None:
    """The slowest or the fastest thing that was played."""
    items = [item for item in flat(case.items) if item.bpm_milli and not item.is_unknown]
    if not items or "how many" in case.asked.masked:
        return NotKnown(f"The lists{case.within} do not tell speeds.") if not items else None
    slow = case.asked.of in ("slowest", "lowest")
    best = (min if slow else max)(item.bpm_milli or 0 for item in items)
    found = {item.recording: item for item in reversed(items) if item.bpm_milli == best}
    word = "slowest" if slow else "fastest"
    named = listed(quoted(item) for item in list(found.values())[:8])
    return case.facts(told(f"The {word}{case.within}: {named}, at {best / 1000:g} BPM.", *found.values()), case.basis())


def top_value(case: Case) -> Facts | NotKnown | None:
    """Which key or speed comes up most."""
    name = "musical_key" if case.asked.of == "key" else "bpm_milli"
    items = [item for item in flat(case.items) if getattr(item, name)]
    if not items:
        return NotKnown(f"The lists{case.within} do not tell it.")
    counted = Counter(getattr(item, name) for item in items)
    best = max(counted.values())
    values = [
        f"{value / 1000:g} BPM" if name == "bpm_milli" else str(value)
        for value, count in counted.items()
        if count == best
    ]
    return case.facts(
        told(f"Most often{case.within}: {listed(sorted(values))}, {times(best)} of {len(items):,}.", items[0]),
        case.basis(),
    )


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


def places(case: Case) -> Facts | NotKnown | None:
    """Which venues, towns, countries or festivals there were."""
    named: dict[str, Callable[[Night], str]] = {
        "place": lambda night: night.venue or night.title,
        "city": lambda night: night.city,
        "country": lambda night: night.country,
        "region": lambda night: night.region,
    }
    first: dict[str, Night] = {}
    for night in case.nights:
        if name := named[case.asked.of](night):
            first.setdefault(name, night)
    if not first:
        return NotKnown(f"No show{case.within} is in the lists.")
    if len(first) > 2 * NAMED_MAX:
        return case.facts(told(f"There were {len(first):,} of them{case.within}.", *first.values()), case.basis())
    return case.facts(told(f"{len(first):,}{case.within}: {listed(first)}.", *first.values()), case.basis())
