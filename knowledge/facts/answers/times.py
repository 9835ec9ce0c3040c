"""What was playing at a moment of a set, when in a set something was played, and what is still unnamed."""

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.phrases import clock, listed, night_of, nights, quoted
from knowledge.facts.played import Night, Played
from knowledge.facts.scoping import Unclear
from knowledge.facts.told import Facts, NotKnown

DAY_MS = 24 * 3_600_000


def track_at(case: Case) -> Facts | NotKnown | None:
    """The item that was playing at a time of a set."""
    held = case.one_night([night for night in case.nights if night.key in case.items])
    held = [night for night in held if any(item.time_ms is not None for item in case.items[night.key])]
    if not held or not case.meant.scope.says_something:
        return NotKnown("No list with times is known for that.") if case.meant.scope.says_something else None
    if len(held) > 1:
        if len(held) > 4:
            return NotKnown(f"There are {nights(len(held))}{case.within} with times; name one of them.")
        raise Unclear(case.choices(held))
    items = [item for item in case.items[held[0].key] if item.time_ms is not None]
    wanted = _moment(case, items)
    playing = _playing(items, wanted)
    if playing is None:
        return NotKnown(f"The list of {night_of(held[0])} does not reach {clock(wanted)}.")
    basis = {"estimated": " (the time is estimated)", "clock": " (by the clock on the wall)"}.get(
        playing.time_basis, ""
    )
    since = f"from {clock(playing.time_ms or 0)} on{basis}"
    said = f"At {clock(wanted)} on {night_of(held[0])} {_named(playing)} was playing, {since}."
    return case.facts(told(said, playing), about=held)


def _named(item: Played) -> str:
    return f"an unnamed track ({item.name})" if item.is_unknown else quoted(item)


def _moment(case: Case, items: list[Played]) -> int:
    """Read "1:03" as minutes, or as hours where the set is that long and begins by the clock."""
    wanted = (case.asked.seconds or 0) * 1000
    if any(item.time_basis == "clock" for item in items) and wanted < DAY_MS // 60:
        return wanted * 60
    return wanted


def _playing(items: list[Played], wanted: int) -> Played | None:
    begun = [item for item in items if (item.time_ms or 0) <= wanted]
    if not begun:
        return None
    last = max(item.time_ms or 0 for item in items)
    # After the beginning of the last one nobody knows when it ended; ten minutes are believed.
    return begun[-1] if wanted <= last + 600_000 else None


def time_of(case: Case) -> Facts | NotKnown | None:
    """When in a set something was played."""
    timed = [item for item in flat(case.plays) if item.time_ms is not None]
    if not case.plays:
        return case.facts(told(f"{case.things} is in none of the listed shows{case.within}."))
    if not timed:
        return NotKnown("No list with times has it.")
    if len({item.key for item in timed}) > 12:
        return None
    said = [
        told(f"{quoted(item)} came in at {clock(item.time_ms or 0)} on {night_of(case.night_of[item.key])}.", item)
        for item in timed
    ]
    return case.facts(*said, about=[case.night_of[item.key] for item in timed])


def unknown_ids(case: Case) -> Facts | NotKnown | None:
    """What the lists leave open."""
    found = [item for item in flat(case.items) if item.is_unknown]
    if not found:
        return case.facts(told(f"Every entry{case.within} has a name."), case.basis())
    held: list[Night] = [case.night_of[key] for key in dict.fromkeys(item.key for item in found)]
    text = f"{len(found):,} entries{case.within} are unnamed, at {nights(len(held))}"
    if len(found) <= 12:
        text += ": " + listed(
            f"{clock(item.time_ms)} on {night_of(case.night_of[item.key])}" if item.time_ms is not None
            else f"number {item.position} on {night_of(case.night_of[item.key])}"
            for item in found
        )  # fmt: skip
    return case.facts(told(f"{text}.", *found), about=held)
