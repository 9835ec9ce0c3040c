"""Writes a question that leans on the turn before it as one that stands by itself, or in each way it can be meant."""

import re
from itertools import product

from knowledge import leaning_forms as forms
from knowledge.facts.carried import Turn
from knowledge.facts.names import PLACES
from knowledge.facts.reading import WORKS, Reading
from knowledge.leaning_swaps import edited, end_of, neighbouring_day, night_of, other_role, swapped

CHOICES_MAX = 4
_OVER_TIME = re.compile(r"\b(?:how (?:many|often)|ever|first|last|when|usually|other|again)\b")
_TAIL = re.compile(r"(?:,? (?:(?:at|in|on) )?(?:the )?\{(?:DATE|PLACE|CITY|REGION|COUNTRY)\})$")
_DID = re.compile(r"(?:(?:and|but|so) )?did (?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_TURNS_BACK = re.compile(r"\b(?:before|preceded|previous)\b")
_TURNS_ON = re.compile(r"\b(?:after|follow\w*|next|into)\b")


def by_itself(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    """Give every question that is meant; none where nothing that was told is meant, None where nothing points back."""
    if put_in := swapped(asked, before) or other_role(asked, before):
        return put_in
    for form in (_beside_day, _beside_music, _counted, _edge, _where, _when):
        if (found := form(asked, before)) is not None:
            return found
    return _filled(asked, before)


def nth_told(asked: Reading, before: Turn) -> tuple[str, ...]:
    """Give what "the second one" of an answer's list asks for by itself."""
    found = forms.WHICH.fullmatch(forms.bare(asked.masked))
    if found is None:
        return ()
    at = forms.number_of(found["nth"])
    for told, question in ((before.told_works, "“{}”?"), (before.told_days, "What did you play on {}?")):
        if len(told) >= 2:
            return (question.format(told[at]),) if at < len(told) else ()
    return ()


def _beside_day(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    said = forms.bare(asked.masked)
    if forms.DAY_AFTER.fullmatch(said):
        return neighbouring_day(1, before)
    return neighbouring_day(-1, before) if forms.DAY_BEFORE.fullmatch(said) else None


def _beside_music(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    said = forms.bare(asked.masked)
    said, its_own = _TAIL.subn("", said)
    said, at_that = re.subn(rf"[, ]*(?:{forms.THAT_NIGHT.pattern}|\bthere\b)", "", said)
    on = forms.AFTER.fullmatch(said)
    back = forms.BEFORE.fullmatch(said)
    if asked.of(*WORKS) or not forms.NEEDS_WORD.search(said) or not (on or back):
        return None
    word = "before" if back else "after"
    music = _next_of(before, forwards=not back)
    if its_own:
        nights: tuple[str, ...] = (_own(asked),)
    elif at_that and len(before.days) > 1:
        nights = tuple(f" on {day}" for day in before.days)
    else:
        nights = (night_of(before),)
    return tuple(f"What came {word} “{name}”{night}?" for name, night in product(music, nights))


def _next_of(before: Turn, *, forwards: bool) -> tuple[str, ...]:
    """Whose neighbour is asked for: of what was told last, but of what was asked for when the way turns round."""
    masked = before.question.masked
    turned = (_TURNS_BACK if forwards else _TURNS_ON).search(masked) and not (
        _TURNS_ON if forwards else _TURNS_BACK
    ).search(masked)
    if turned and before.works:
        return before.works
    return before.told_works or before.works


def _own(asked: Reading) -> str:
    spans = [(one.start, one.end) for one in asked.dates] + [(one.start, one.end) for one in asked.of(*PLACES)]
    start = min(span[0] for span in spans)
    written = asked.question[start : max(span[1] for span in spans)].strip()
    led = re.search(r"\b(?:at|in|on) (?:the )?$", asked.question[:start], re.IGNORECASE)
    return f" {led[0] if led else ''}{written}"


def _counted(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    found = forms.COUNT.fullmatch(forms.bare(asked.masked))
    if found is None:
        return None
    around = "" if found["all"] else before.around
    whether = _DID.fullmatch(before.plain)
    if whether and not found["all"]:
        rest = re.sub(r"\bever ", "", whether["rest"])
        return (f"How many times did {rest}",)
    music = in_view(before)
    return tuple(f"How many times did you play “{name}”{around}?" for name in music) or (
        (f"How many shows did you play{around}?",) if around else ()
    )


def _edge(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    found = forms.EDGE.fullmatch(forms.bare(asked.masked))
    if found is None:
        return None
    edge = found["edge"] or found["one"] or found["bare"]
    arounds = [before.around, ""] if before.around else [""]
    music = in_view(before)
    if not music:
        return (f"When was the {edge} show{before.around}?",) if before.around else ()
    return tuple(f"When did you {edge} play “{name}”{around}?" for name in music for around in arounds)


def _where(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    if not forms.WHERE.fullmatch(forms.bare(asked.masked)):
        return None
    return tuple(f"Where were you on {day}?" for day in before.days)


def _when(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    if not forms.WHEN.fullmatch(forms.bare(asked.masked)):
        return None
    nights = tuple(f"Where were you on {day}?" for day in before.days)
    return nights or tuple(f"When did you play at {place}?" for place in before.places)


def in_view(before: Turn) -> tuple[str, ...]:
    """Give the music that "it" can be: what the answer named before what the question named."""
    found = (*before.told_works, *before.works)
    return found if len(found) <= CHOICES_MAX else before.works


def _filled(asked: Reading, before: Turn) -> tuple[str, ...] | None:
    """Fill the words of a question that point back: that night, there, it, the second one."""
    question, low = asked.question, asked.question.lower()
    blanks: list[tuple[int, int, tuple[str, ...]]] = []
    has_date, has_place = bool(asked.dates), bool(asked.of(*PLACES))
    if not has_date and not has_place and (night := forms.THAT_NIGHT.search(low)):
        blanks.append((*night.span(), tuple(f"on {day}" for day in before.days)))
    if not has_date and not has_place and (show := forms.SHOW_ITSELF.search(low)):
        blanks.append((*show.span(), tuple(f"the show on {day}" for day in before.days)))
    if not has_place and (there := forms.THERE.search(low)):
        blanks.append((*there.span(), _there(low, before, that_night=len(blanks) > 0, has_date=has_date)))
    if not asked.of(*WORKS) and (nth := forms.WHICH_OF.search(low)):
        blanks.append((*nth.span(), _nth(nth, before)))
    elif not asked.of(*WORKS) and (it := forms.IT.search(low)) and not _is_named_before(asked, it.start()):
        blanks.append((*it.span(), tuple(f"“{name}”" for name in in_view(before))))
    if not blanks:
        return None
    spans = [(start, end) for start, end, _ in blanks]
    return tuple(
        edited(question, [(start, end, said) for (start, end), said in zip(spans, chosen, strict=True)])
        for chosen in product(*(options for _, _, options in blanks))
    )


def _is_named_before(asked: Reading, at: int) -> bool:
    """Whether the question names something itself that "it" may mean: "at Red Rocks when they played it"."""
    return any(end <= at for end in [*(one.end for one in asked.mentions), *(one.end for one in asked.dates)])


def _there(low: str, before: Turn, *, that_night: bool, has_date: bool) -> tuple[str, ...]:
    if that_night:
        return ("",)
    if len(before.days) == 1 and not has_date and not _OVER_TIME.search(low):
        return (f"on {before.days[0]}",)
    return tuple(f"at {place}" for place in before.places)


def _nth(found: re.Match[str], before: Turn) -> tuple[str, ...]:
    at = forms.number_of(found["nth"])
    told = before.told_days if found["at"] else before.told_works
    if len(told) < 2 or at >= len(told):
        return ()
    return (f"on {told[at]}" if found["at"] else f"“{told[at]}”",)


def with_night(question: str, before: Turn) -> str:
    """Say the question together with the one before, and with the night that its answer told."""
    end = end_of(before.plain)
    told = before.days[0] if len(before.days) == 1 and not before.question.dates else ""
    return f"{question} {before.plain[:end]}{f' on {told}' if told else ''}{before.plain[end:]}"
