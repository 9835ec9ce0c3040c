"""Two nodes, one with everything and one without what is above a tier: who reads up to it gets equal bytes.

Whatever she asks, by whatever client, ids and times aside. The exceptions stand in
docs/why/what-a-stranger-can-see.md.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from presence.app import create_app
from presence.bootstrap import Services
from tests.nodes import client_of, open_node
from tests.rig.canaries import Canaries, take_in_up_to, write_persona
from tests.rig.listeners import ROOMIEST, SITE, Somebody, everybody
from tests.rig.printing_writer import PrintingWriter
from tests.rig.wandering import Sent, Wanderer, send, told_by
from tests.trusting import Artist, operator_of
from trustgraph import Tier

SEED = 20_261_122
FEW, MANY = 80, 600
# Signatures, hashes and passes; moments. No word of the notes is as long.
_MOMENTARY = re.compile(
    r"[\w+/=.-]{30,}|\b[0-9a-f]{8,}\b|\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT|\b1[789]\d{8}(?:\.\d+)?\b"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z?"
)
# Ids, by their length: each is called by the place at which it was first told.
_IDENT = re.compile(r"(?<![\w-])([a-z]{1,8}-|i)?([\w-]{16}|[\w-]{22})(-\d+)?(?![\w-])")
_ADDRESS = re.compile(r"(/(?:answers|questions|sources|rows|sets|audio|receipts)/)([\w-]{16,22})(?![\w-])")
_LENGTH = re.compile(r"^content-length: \d+$", re.MULTILINE)
# Whoever was let in further once was told there what rested on more; that it is closed now, she may see.
HER_PAST = ("/history", "/history/copy.json")
PRIMERS = (
    "Who carried the harbour piano?",
    "What did you play at the long pier?",
    "Where did you play in 2019?",
    "What did you play on 14 July 2019?",
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two nodes, with its listeners and its own walk, the same as the other's."""

    people: list[Somebody]
    wanderer: Wanderer
    above: tuple[str, ...]
    named: dict[str, str] = field(default_factory=dict)

    def plainly(self, told: str) -> str:
        """Give what was told without what differs between any two nodes."""
        told = _ADDRESS.sub(lambda found: found[1] + self._name(found[2]), _LENGTH.sub("", told.replace("%2F", "/")))
        told = _MOMENTARY.sub("…", told)
        return _IDENT.sub(lambda found: f"{found[1] or ''}{self._name(found[2])}{found[3] or ''}", told)

    def _name(self, ident: str) -> str:
        return self.named.setdefault(ident, f"…{len(self.named)}")

    def step(self) -> tuple[str, Sent, str]:
        somebody = self.wanderer.somebody(self.people)
        sent = self.wanderer.next_for(somebody)
        response = send(somebody, sent)
        told = told_by(response)
        if somebody.name == "fallen" and sent.route in HER_PAST:
            told = "what she asked when more was open to her"
        self.wanderer.heard(told)
        self._waited(somebody, response)
        plain = Sent(sent.method, sent.route, self.plainly(sent.path), sent.headers)
        return somebody.name, plain, self.plainly(told)

    def _waited(self, somebody: Somebody, response: Any) -> None:
        """Wait for an answer: how far it is by now is a matter of load."""
        if response.status_code == 201 and "/api/questions/" in response.headers.get("location", ""):
            events = f"{response.headers['location']}/events"
            somebody.client.get(events, headers=somebody.headers, auth=somebody.auth)


@contextmanager
def opened(home: Path, tier: int, highest: int, above: tuple[str, ...] | None) -> Iterator[Side]:
    """Open a node that holds what is at or below `highest`, for listeners of `tier`."""
    canaries = Canaries(SEED)
    write_persona(home, canaries, highest)
    with open_node(home, writer=PrintingWriter(canaries), limits=ROOMIEST) as services:
        take_in_up_to(services, home.parent / f"{home.name}-material", canaries, highest)
        services.sites.embeds.add(SITE, per_visitor=10_000, per_day=100_000)
        with everybody(services, Artist(services.trust), (tier,)) as people:
            own = [one.ident for one in services.recordings.every(tier)]
            known = ids_above(services, tier) if above is None else above
            wanderer = Wanderer(create_app(services), SEED + tier, recordings=own)
            for told in known:
                wanderer.heard(told)
            yield Side(people, wanderer, known)


def ids_above(services: Services, tier: int) -> tuple[str, ...]:
    """Give what names things above the tier, so that both nodes are asked for them; one of them has never heard."""
    told = [f' "/audio/{one.ident}"' for one in services.recordings.every(int(Tier.INNER)) if one.tier > tier]
    with client_of(services) as operator:
        operator_of(operator, services)
        operator.post("/operator/preview", data={"tier": Tier.INNER.slug})
        for question in PRIMERS:
            ident = operator.post("/api/questions", json={"question": question}).json()["id"]
            operator.get(f"/api/questions/{ident}/events")
            answer = operator.get(f"/api/questions/{ident}").json()
            told += [f' "{one["url"]}"' for one in answer["citations"] if one["tier"] > tier]
    assert len(told) > 2
    return tuple(told)


def compare(tmp_path: Path, tier: int, requests: int) -> None:
    with ExitStack() as nodes:
        full = nodes.enter_context(opened(tmp_path / "everything", tier, int(Tier.INNER), None))
        bare = nodes.enter_context(opened(tmp_path / "bare", tier, tier, full.above))
        for number in range(requests):
            one, other = full.step(), bare.step()
            assert one[:2] == other[:2], f"the walks part at {number}"
            differing = [
                pair for pair in zip(one[2].splitlines(), other[2].splitlines(), strict=False) if len({*pair}) > 1
            ]
            assert one == other, f"{number}: {one[0]} by {one[1]}: {differing[:2]}"


def test_a_supporter_cannot_tell_whether_there_is_more(tmp_path: Path) -> None:
    compare(tmp_path, int(Tier.SUPPORTER), FEW)


@pytest.mark.slow
@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.FOLLOWER, Tier.SUPPORTER, Tier.CIRCLE])
def test_nobody_can_tell_whether_there_is_more(tmp_path: Path, tier: Tier) -> None:
    compare(tmp_path, int(tier), MANY)
