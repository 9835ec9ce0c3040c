"""Nobody is told a word from above her tier: not by a page, an API, a stream, a header, a log or a refusal.

The writer prints its whole prompt; every gated document has a canary in each of its places.
"""

import secrets
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from presence import logs
from presence.app import create_app
from presence.bootstrap import Services
from tests.nodes import client_of, open_node
from tests.rig.canaries import PLACES, Canaries, take_in_up_to, write_persona
from tests.rig.listeners import ROOMIEST, SITE, Somebody, everybody
from tests.rig.printing_writer import PrintingWriter
from tests.rig.wandering import ENDING, Sent, Wanderer, bound, may_go, send, told_by
from tests.trusting import Artist, operator_of
from trustgraph import Tier

FAST, MANY, TIMES = 300, 2_500, 4
SEED = 20_261_121
"""The one walk of which it is known how much it meets; others are for what leaks."""
# A picture's own words are not taken in, a tag is no word of a note; others take luck.
PLACES_UNSEEN_MAX = 6


@contextmanager
def told_node(home: Path, canaries: Canaries, writer: PrintingWriter) -> Iterator[tuple[Services, Artist]]:
    write_persona(home, canaries)
    with open_node(home, writer=writer, limits=ROOMIEST) as services:
        take_in_up_to(services, home.parent / "material", canaries)
        services.sites.embeds.add(SITE, per_visitor=10_000, per_day=100_000)
        yield services, Artist(services.trust)


@dataclass
class Watch:
    """Looks through all that anybody is told."""

    canaries: Canaries
    wanderer: Wanderer
    leaked: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    rightly: set[str] = field(default_factory=set)
    routes: set[tuple[str, str]] = field(default_factory=set)

    def sent(self, somebody: Somebody, request: Sent) -> None:
        response = send(somebody, request)
        told = told_by(response)
        self.wanderer.heard(told)
        self.statuses[response.status_code] += 1
        self.routes.add((request.method, request.route))
        self.rightly |= self.canaries.places_in(told)
        above = self.canaries.above(bound(somebody, request), told)
        number = self.statuses.total()
        self.leaked += [f"{place} to {somebody.name} by {request.method} {request.path} ({number})" for place in above]


def primers() -> Iterator[Sent]:
    """Questions that lead to nights and notes of every tier: those below hear of all of them."""
    years = [f"Where did you play in {2015 + tier}?" for tier in Tier]
    nights = [f"What did you play on 14 July {2015 + tier}?" for tier in Tier]
    for question in (*years, *nights, "Who carried the harbour piano?", "Who took the piano home?"):
        yield Sent("POST", "/v1/chat/completions", "/v1/chat/completions", {}, body={"json": asking(question)})


def asking(question: str) -> dict[str, Any]:
    return {"model": "presence", "messages": [{"role": "user", "content": question}]}


def wander(tmp_path: Path, seed: int, requests: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Send requests as everybody, in turn; then ask, as those below, for all that anybody was told of."""
    canaries = Canaries(seed)
    writer = PrintingWriter(canaries)
    logs.configure("json", level=10)
    with told_node(tmp_path / "home", canaries, writer) as (services, artist), everybody(services, artist) as people:
        recordings = [one.ident for one in services.recordings.every(int(Tier.INNER))]
        wanderer = Wanderer(create_app(services), seed, recordings=recordings)
        watch = Watch(canaries, wanderer)
        inner = next(somebody for somebody in people if somebody.tier == Tier.INNER)
        for request in primers():
            watch.sent(inner, request)
        for _ in range(requests):
            somebody = wanderer.somebody(people)
            watch.sent(somebody, wanderer.next_for(somebody))
        for method, route in sorted({*wanderer.routes} - watch.routes - ENDING):  # what chance passed by
            somebody = wanderer.somebody([one for one in people if may_go(one, method, route)])
            watch.sent(somebody, wanderer.going_to(method, route))
        below = [somebody for somebody in people if somebody.tier <= Tier.FOLLOWER]
        for request in wanderer.readings():
            # The studio is the artist's own, through whichever eyes she looks elsewhere.
            watch.sent(wanderer.somebody([one for one in below if may_go(one, request.method, request.route)]), request)
        watch.leaked += metrics_of(services, canaries)
    logged = capsys.readouterr()
    watch.leaked += [f"{place} in the log" for place in canaries.above(0, logged.err + logged.out)]
    seen = watch.rightly | writer.within
    with capsys.disabled():
        sys.stdout.write(
            f"\nseed {seed}: {watch.statuses.total()} requests, {dict(watch.statuses)}, {len(watch.routes)} routes, "
            f"{writer.prompts} prompts, {len(seen)} canaries seen by whom they are for\n"
        )
    assert watch.leaked + writer.above == [], f"seed {seed}"
    assert '"request"' in logged.err
    assert [status for status in watch.statuses if status >= 500 and status not in (502, 503)] == []
    # The rig sees what is there: canaries came to those who may read them, from most of the places of each tier.
    if seed == SEED:
        for tier in Tier:
            assert sum(word.endswith(f" of {tier.slug}") for word in seen) >= 8, sorted(seen)
        if requests >= MANY:
            assert len({*PLACES} - {word.rsplit(" of ", 1)[0] for word in seen}) <= PLACES_UNSEEN_MAX
    assert {*wanderer.routes} - watch.routes - ENDING == set()


def metrics_of(services: Services, canaries: Canaries) -> list[str]:
    with client_of(services) as operator:
        operator_of(operator, services)
        metrics = operator.get("/metrics")
        assert metrics.status_code == 200
        return [f"{place} in the metrics" for place in canaries.above(0, metrics.text)]


def test_a_few_hundred_requests_bring_up_nothing_from_above(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wander(tmp_path, SEED, FAST, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("time", range(TIMES))
def test_ten_thousand_requests_bring_up_nothing_from_above(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], time: int
) -> None:
    wander(tmp_path, secrets.randbelow(2**32) if time else SEED, MANY, capsys)
