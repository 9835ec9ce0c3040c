"""One function per intent: from what is meant to sentences with their rows."""

from collections.abc import Callable

from knowledge.facts.answers import catalogue, nights, orders, rankings, times
from knowledge.facts.answers.case import Case
from knowledge.facts.told import AboutNights, Facts, NotKnown

Answer = Callable[[Case], Facts | NotKnown | AboutNights | None]

ANSWERS: dict[str, Answer] = {
    "around": nights.around,
    "attribute": catalogue.attribute,
    "by_artist": rankings.by_artist,
    "compare": orders.compare,
    "count": nights.count,
    "debuts": rankings.debuts,
    "distinct": rankings.distinct,
    "exists": nights.exists,
    "first_last": nights.first_last,
    "gap": nights.gap,
    "length": nights.length,
    "links": catalogue.links,
    "longest": rankings.longest,
    "next": orders.following,
    "once": rankings.once,
    "order": orders.order,
    "partners": catalogue.partners,
    "places": rankings.places,
    "position": orders.position,
    "position_of": orders.position_of,
    "previous": orders.preceding,
    "prose": nights.prose,
    "release_tracks": catalogue.release_tracks,
    "role": orders.role,
    "set_list": orders.set_list,
    "tempo": rankings.tempo,
    "thing": nights.when,
    "time_of": times.time_of,
    "together": nights.together,
    "top": rankings.top,
    "top_value": rankings.top_value,
    "track_at": times.track_at,
    "transition": orders.transition,
    "unknown_ids": times.unknown_ids,
    "upcoming": nights.upcoming,
    "versions": catalogue.versions,
    "weekday": nights.weekday,
    "when": nights.when,
    "where": nights.where,
}

__all__ = ["ANSWERS", "Case"]
