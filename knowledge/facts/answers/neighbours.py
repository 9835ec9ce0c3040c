"""What came before and after something, and what went into what."""

from knowledge.facts.answers.case import Case, flat, told
from knowledge.facts.answers.edges import ranked
from knowledge.facts.phrases import listed, night_of, nights, quoted, times
from knowledge.facts.played import Night, Played
from knowledge.facts.scoping import Thing
from knowledge.facts.told import Facts, FactSentence, NotKnown


def following(case: Case) -> Facts | NotKnown | None:
    """What came after something."""
    return _beside(case, 1)


def preceding(case: Case) -> Facts | NotKnown | None:
    """What came before something."""
    return _beside(case, -1)


def _beside(case: Case, step: int) -> Facts | NotKnown | None:
    if not case.plays:
        return case.facts(told(f"{case.things} is in none of the listed shows{case.within}."))
    word = "after" if step > 0 else "before"
    held = [night for night in case.nights if night.key in case.plays]
    case.one_night(held)
    pairs = [(item, other) for night in held for item, other in _neighbours(case, night, step)]
    wants_segue = "segue" in case.asked.masked and step > 0
    if wants_segue:
        pairs = [(item, other) for item, other in pairs if item.segue] or pairs
    if len(held) <= 3 and not (case.asked.usual and len(held) > 1):
        return case.facts(*_told_beside(case, held, pairs, word), about=held)
    others = [other for _, other in pairs if other is not None]
    if not others:
        ends = "closed" if step > 0 else "opened"
        return case.facts(told(f"{case.things} {ends} the set each time{case.within}.", *flat(case.plays)))
    said = ranked(case, others, f"What came {word} {case.things} most often{case.within} was", len(pairs), least=8)
    return case.facts(
        said, told(f"{case.things} was played at {nights(len(held))}{case.within}.", *flat(case.plays)[:1])
    )


def _neighbours(case: Case, night: Night, step: int) -> list[tuple[Played, Played | None]]:
    items = case.items.get(night.key) or case.archive.items([night]).get(night.key, [])
    wanted = {item.ident for item in case.plays[night.key]}
    at = [number for number, item in enumerate(items) if item.ident in wanted]
    found: list[tuple[Played, Played | None]] = []
    for number in at:
        other = items[number + step] if 0 <= number + step < len(items) else None
        same_set = other is not None and other.set_no == items[number].set_no
        found.append((items[number], other if same_set else None))
    return found


def _told_beside(
    case: Case, held: list[Night], pairs: list[tuple[Played, Played | None]], word: str
) -> list[FactSentence]:
    said = []
    for night in held:
        for item, other in pairs:
            if item.key != night.key:
                continue
            if other is None:
                ends = "ended" if word == "after" else "began"
                said.append(told(f"On {night_of(night)}, {quoted(item)} {ends} set {item.set_no}.", item))
            else:
                straight = " straight" if (item if word == "after" else other).segue else ""
                said.append(
                    told(f"On {night_of(night)}, {quoted(other)} came{straight} {word} {quoted(item)}.", other, item)
                )
    return said


def transition(case: Case) -> Facts | NotKnown | None:
    """How often, when, or whether one thing went into another."""
    if len(case.meant.subjects) < 2:
        return None
    order = list(case.meant.subjects)
    if "out of" in case.asked.masked or "} after {" in case.asked.masked or "following {" in case.asked.masked:
        order.reverse()
    runs = _runs(case, order)
    shown = " > ".join(thing.name for thing in order)
    if not runs:
        return case.facts(told(f"No: “{shown}” is in none of the listed shows{case.within}."), case.basis())
    found = list(dict.fromkeys(run[0].key for run in runs))
    held = [case.night_of[key] for key in found]
    straight = sum(all(item.segue for item in run[:-1]) for run in runs)
    if (case.asked.wants_first or case.asked.wants_last) and not case.asked.counting:
        at = 0 if case.asked.wants_first else -1
        word = "first" if case.asked.wants_first else "last"
        return case.facts(
            told(f"“{shown}” was {word} played{case.within} on {night_of(held[at])}.", runs[at][0]), about=[held[at]]
        )
    yes = "" if case.asked.counting else "Yes: "
    said = f"{yes}“{shown}” was played {times(len(runs))}{case.within}, at {nights(len(found))}"
    said += f"; {times(straight)} straight into it." if straight != len(runs) else ", each time straight into it."
    ends = (
        told(f"The first was {night_of(held[0])}, the last {night_of(held[-1])}.", runs[0][0], runs[-1][0])
        if len(held) > 1
        else None
    )
    dates = (
        told(f"On {listed(map(night_of, held))}.", *[run[0] for run in runs])
        if len(held) <= 12 and not case.asked.counting
        else None
    )
    return case.facts(told(said, *runs[0]), dates or ends, about=held)


def _runs(case: Case, order: list[Thing]) -> list[tuple[Played, ...]]:
    first = case.archive.plays(order[0].subject, case.nights)
    items = case.archive.items([night for night in case.nights if night.key in first])
    found = []
    for night in case.nights:
        row = items.get(night.key, [])
        for number in range(len(row) - len(order) + 1):
            run = tuple(row[number : number + len(order)])
            together = all(item.set_no == run[0].set_no for item in run)
            if together and all(_is(item, thing) for item, thing in zip(run, order, strict=True)):
                found.append(run)
    return found


def _is(item: Played, thing: Thing) -> bool:
    values = {"work_key": item.work, "recording_key": item.recording}
    return values.get(thing.subject.column) in thing.subject.keys
