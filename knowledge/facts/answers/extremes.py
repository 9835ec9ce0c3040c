"""The longest night, the slowest and the fastest thing, the key that comes up most."""

from collections import Counter

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.phrases import clock, listed, night_of, quoted, times
from knowledge.facts.played import in_set
from knowledge.facts.told import Facts, NotKnown


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
