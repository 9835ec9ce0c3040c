"""What a question asks for, told by rules over the question with its names and dates masked.

The rules are tried in order; the first that fits decides. They are written for how people talk
("opener 5/8/77?", "what'd you close with", "whats the longest you went without playing X"), and they
never look at what a name is called, only at what kind of thing it is.
"""

import re
from dataclasses import replace

from knowledge.facts import numbers_asked
from knowledge.facts.asked import Asked, Fits
from knowledge.facts.patterns import music, neighbours, shows, stories, totals, wording
from knowledge.facts.patterns.parts import things

_OF_A_SHOW = re.compile(r"\b(?:shows?|sets?|nights?|gigs?|concerts?)\b")


def asked_for(masked: str) -> Asked:
    """Understand a masked question; intent "" where no rule fits."""
    asked = _with_roles(_said(masked))
    for name, fits in _RULES:
        of = fits(asked.masked, asked)
        if of:
            return replace(asked, intent=name, of=of if isinstance(of, str) else "")
    return asked


def _said(masked: str) -> Asked:
    """Read what is said beside the question itself."""
    text, set_no = numbers_asked.set_number(wording.plainly(masked))
    text, show_no = numbers_asked.show_number(text)
    return Asked(
        "", text, set_no, show_no, numbers_asked.position(text), wording.wants_first(text), wording.wants_last(text),
        counting=wording.counting(text), usual=wording.usual(text), role=wording.role(text),
        top=numbers_asked.top(text), seconds=numbers_asked.seconds(text),
    )  # fmt: skip


def _with_roles(asked: Asked) -> Asked:
    """Take "was X the first song of the show" as a question for the opener."""
    if asked.nth in (1, -1) and things(asked.masked) and _OF_A_SHOW.search(asked.masked):
        return replace(asked, role=asked.role or ("opener" if asked.nth == 1 else "closer"), nth=0)
    return asked


_RULES: tuple[tuple[str, Fits], ...] = (
    ("links", shows.is_links),
    ("upcoming", shows.is_upcoming),
    ("prose", stories.is_prose),
    ("length", shows.is_length),
    ("weekday", shows.is_weekday),
    ("tempo", music.tempo),
    ("top_value", music.top_value),
    ("by_artist", music.by_artist),
    ("places", shows.places),
    ("set_list", shows.names_set_list),
    ("order", neighbours.is_order),
    ("position_of", neighbours.is_position_of),
    ("around", neighbours.is_around),
    ("transition", neighbours.is_transition),
    ("compare", neighbours.is_compare),
    ("track_at", music.is_track_at),
    ("time_of", music.is_time_of),
    ("partners", shows.is_partners),
    ("attribute", music.attribute),
    ("unknown_ids", music.is_unknown_ids),
    ("release_tracks", music.is_release_tracks),
    ("previous", neighbours.is_previous),
    ("next", neighbours.is_next),
    ("versions", music.is_versions),
    ("gap", totals.is_gap),
    ("once", totals.is_once),
    ("debuts", totals.is_debuts),
    ("longest", totals.is_longest),
    ("top", totals.top_of),
    ("distinct", totals.is_distinct),
    ("together", totals.is_together),
    ("count", shows.is_count),
    ("role", shows.is_role),
    ("position", shows.is_position),
    ("where", shows.is_where),
    ("first_last", shows.is_first_last),
    ("exists", shows.is_exists),
    ("set_list", shows.is_set_list),
    ("when", shows.is_when),
    ("exists", shows.says_played),
    ("thing", shows.is_thing),
)
