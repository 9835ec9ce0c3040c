"""The first page of the studio: what waits for the artist, and what the presence knows."""

import time
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from knowledge.tiering import TIER_NAMES
from presence.bootstrap import Services
from presence.keeping.noted import lacking
from presence.languages import said_many
from presence.paying.earnings import earned_in
from presence.web.deps import ServicesDep
from presence.web.studio import review
from presence.web.studio.frame import render_studio, room_of_the_studio
from presence.web.studio.reached import reached
from presence.web.who_writes import who_writes

router = room_of_the_studio()


@dataclass(frozen=True)
class Card:
    """Something that waits: how many, in words, and where."""

    count: int
    words: str
    address: str


@router.get("", response_class=HTMLResponse)
def home_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Show what waits for the artist, and what is known; an empty home leads to the first steps."""
    welcome, counts = services.bringing.welcome, services.library.counts(len(TIER_NAMES) - 1)
    page = render_studio(
        request,
        "home.html",
        cards=_cards(services),
        counts=counts,
        is_beginning=welcome.next is not None and bool(welcome.passed or not counts.documents),
        has_begun=bool(welcome.passed),
        reached=reached(services),
        doubt=services.trust.doubt,
        who_writes=who_writes(services),
        is_practice=services.settings.billing.is_practice,
        earned={name: earned_in(services.database, name, time.time()).whole for name in ("today", "month")},
    )
    return HTMLResponse(page)


def _cards(services: Services) -> list[Card]:
    watched, asking = len(services.stepping_in.watched()), len(services.people.requests.waiting())
    unanswered, reported = services.inbox.waiting(), services.reports.open_count()
    to_check = review.waiting(services)
    looked_in = said_many(
        "person who lets you look in asked lately", "people who let you look in asked lately", watched
    )
    following = said_many("person asks to follow", "people ask to follow", asking)
    forwarded = said_many(
        "time asked what your notes did not answer", "times asked what your notes did not answer", unanswered
    )
    doubted = said_many("answer was reported", "answers were reported", reported)
    unread = said_many("line of your set lists to check", "lines of your set lists to check", to_check)
    return [
        Card(watched, looked_in, "/studio/asking"),
        Card(asking, following, "/studio/people"),
        Card(unanswered, forwarded, "/studio/inbox"),
        Card(reported, doubted, "/studio/reports"),
        Card(to_check, unread, "/studio/review"),
        *(Card(count, words, "/studio/backups") for count, words in lacking(services.home, time.time())),
    ]
