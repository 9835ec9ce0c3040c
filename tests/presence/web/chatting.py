"""The official client of OpenAI's API, speaking with a node of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from openai import OpenAI

from presence.bootstrap import Services
from presence.sessions.bearer import Wanted
from tests.nodes import client_of
from trustgraph import Key, Tier

ANYBODY = "public"


def bearer_for(node: Services, who: Key, *, tier: Tier = Tier.INNER, micros_per_day: int | None = None) -> str:
    """Give the secret of a program's key."""
    wanted = Wanted("a test's program", 3600, int(tier), spend_micros_per_day=micros_per_day)
    return node.bearers.make(who.did, wanted)[1]


@contextmanager
def chat_with(node: Services, secret: str = ANYBODY, **more: str) -> Iterator[OpenAI]:
    """Open a client; it sends nothing twice by itself."""
    with client_of(node) as http:
        assert isinstance(http, httpx2.Client)
        yield OpenAI(
            api_key=secret, base_url="http://localhost/v1", http_client=http, max_retries=0, default_headers=more
        )
