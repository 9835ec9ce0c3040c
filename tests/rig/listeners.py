"""Listeners of every tier, by every kind of client: a cookie, a key, a signature, a program, a site."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sessions.bearer import EMBED_SECONDS, Wanted
from presence.sessions.request_signing import SignedBy
from presence.settings import LimitsSettings
from tests.nodes import client_of
from tests.trusting import ORIGIN, Artist, key, operator_of, sign_in
from trustgraph import Tier

NewClient = Callable[..., TestClient]
SITE = "https://blog.example"
HOUR_SECONDS = 3600
# How much is taken from one client has tests of its own.
ROOMIEST = LimitsSettings(**dict.fromkeys(LimitsSettings.model_fields, 1_000_000))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A listener: how she comes, and what she may read at most."""

    name: str
    tier: int
    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)
    auth: SignedBy | None = None
    is_operator: bool = False


@contextmanager
def everybody(services: Services, artist: Artist, tiers: tuple[int, ...] = (0, 1, 2, 3, 4)) -> Iterator[list[Somebody]]:
    """Give those who read up to one of the tiers, each with a client of her own."""
    with ExitStack() as opened:

        def client(origin: str = "http://localhost") -> TestClient:
            made = opened.enter_context(client_of(services))
            made.base_url = origin
            return made

        people = list(_people(services, artist, client)) if 0 in tiers else []
        for tier in tiers:
            people += _of_tier(services, artist, tier, client())
            people += _lowered(services, artist, tier, client)
        yield people


def _people(services: Services, artist: Artist, client: NewClient) -> Iterator[Somebody]:
    """Give who is nobody: a stranger, somebody without a grant, and one who was in the inner circle."""
    yield Somebody("stranger", 0, client())
    nobody = client()
    sign_in(nobody, key("nobody"))
    yield Somebody("nobody", 0, nobody)
    fallen, granted = client(), artist.grant(key("fallen").did, Tier.INNER)
    sign_in(fallen, key("fallen"))
    # What she asked while she was in is hers no more once she is out.
    for question in ("Who carried the harbour piano?", "What did you play at the long pier?"):
        asked = fallen.post("/api/questions", json={"question": question})
        if asked.status_code == 201:
            fallen.get(asked.json()["events"])
    artist.revoke(granted.entry.event)
    yield Somebody("fallen", 0, fallen)


def _of_tier(services: Services, artist: Artist, tier: int, client: TestClient) -> Iterator[Somebody]:
    if tier == 0:
        return
    one = key(f"tier {tier}")
    artist.grant(one.did, Tier(tier))
    sign_in(client, one)
    yield Somebody(f"key of tier {tier}", tier, client)


def _lowered(services: Services, artist: Artist, tier: int, client: NewClient) -> Iterator[Somebody]:
    """Give clients of somebody in the inner circle that reach no further than a tier, and one who signs."""
    inner = key("inner")
    if services.trust.tier_of(inner.did).tier < Tier.INNER:
        artist.grant(inner.did, Tier.INNER)
    _, program = services.bearers.make(inner.did, Wanted("program", HOUR_SECONDS, tier))
    yield Somebody(f"program of tier {tier}", tier, client(), {"Authorization": f"Bearer {program}"})
    _, page = services.bearers.make(inner.did, Wanted("page", EMBED_SECONDS, tier, None, SITE))
    yield Somebody(f"page of tier {tier}", tier, client(), {"Authorization": f"Bearer {page}", "Origin": SITE})
    signer = key(f"signer {tier}")
    if tier:
        artist.grant(signer.did, Tier(tier))
    yield Somebody(f"signer of tier {tier}", tier, client(ORIGIN), auth=SignedBy(signer))
    looking = client()
    operator_of(looking, services)
    looking.post("/operator/preview", data={"tier": Tier(tier).slug})
    yield Somebody(f"operator as tier {tier}", tier, looking, is_operator=True)
