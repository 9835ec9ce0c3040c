"""A listener's program at another machine: it signs in with her key, and introduces a friend over HTTP."""

import time
from typing import Any
from urllib.parse import urlsplit

import httpx2

from presence.errors import NodeUnreachable
from trustgraph import Key, Tier, issuing

SECONDS_MAX = 30.0


def introduce(address: str, signer: Key, code: str, to: Tier, seconds: int) -> dict[str, Any]:
    """Sign in at a presence, read one's rights, and hand a signed introduction in."""
    from presence.cli.tier import introduction

    place = urlsplit(address)
    with httpx2.Client(base_url=f"{place.scheme}://{place.netloc}", timeout=SECONDS_MAX) as client:
        asked = _json(client, "POST", "/auth/challenge")
        proof = issuing.auth(
            signer,
            root=asked["root"],
            aud=f"{place.scheme}://{place.netloc}",
            nonce=asked["nonce"],
            iat=int(time.time()),
        )
        _json(client, "POST", "/auth/session", proof)
        me = _json(client, "GET", "/api/me")
        envelope = introduction(signer, asked["root"], code, to, me["rights"], int(time.time()), seconds)
        return _json(client, "POST", "/api/grants", envelope) | {"new": True}


def _json(client: httpx2.Client, method: str, path: str, body: Any = None) -> dict[str, Any]:
    try:
        response = client.request(method, path, json=body)
        told: dict[str, Any] = response.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise NodeUnreachable(str(client.base_url)) from error
    if response.is_error:
        raise NodeUnreachable(str(client.base_url), told.get("detail", ""))
    return told
