"""One function per intent: from what is meant to sentences with their rows."""

from collections.abc import Callable

from knowledge.facts.answers import (
    catalogue,
    counts,
    different,
    edges,
    extremes,
    firsts,
    neighbours,
    nights,
    orders,
    pairs,
    partners,
    places,
    rankings,
    spans,
    stories,
    times,
)
from knowledge.facts.answers.case import Case
from knowledge.facts.told import AboutNights, Facts, NotKnown

Answer = Callable[[Case], Facts | NotKnown | AboutNights | None]

ANSWERS: dict[str, Answer] = {
    "around": spans.around,
    "attribute": catalogue.attribute,
    "by_artist": rankings.by_artist,
    "compare": pairs.compare,
    "count": counts.count,
    "debuts": firsts.debuts,
    "distinct": different.distinct,
    "exists": counts.exists,
    "first_last": nights.first_last,
    "gap": spans.gap,
    "length": spans.length,
    "links": catalogue.links,
    "longest": extremes.longest,
    "next": neighbours.following,
    "once": firsts.once,
    "order": orders.order,
    "partners": partners.partners,
    "places": places.places,
    "position": orders.position,
    "position_of": orders.position_of,
    "previous": neighbours.preceding,
    "prose": stories.prose,
    "release_tracks": catalogue.release_tracks,
    "role": edges.role,
    "set_list": orders.set_list,
    "tempo": extremes.tempo,
    "thing": nights.when,
    "time_of": times.time_of,
    "together": nights.together,
    "top": rankings.top,
    "top_value": extremes.top_value,
    "track_at": times.track_at,
    "transition": neighbours.transition,
    "unknown_ids": times.unknown_ids,
    "upcoming": nights.upcoming,
    "versions": catalogue.versions,
    "weekday": spans.weekday,
    "when": nights.when,
    "where": places.where,
}

__all__ = ["ANSWERS", "Case"]
