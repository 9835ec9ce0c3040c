"""Signs a listener in at a node in a process of its own."""

import httpx

from tests.trusting import key
from trustgraph import issuing


def come_in(client: httpx.Client, address: str, at: float) -> None:
    """Sign the listener in, by a clock that goes as the node's does."""
    wanted = client.post("/auth/challenge").json()
    proof = issuing.auth(key("ann"), root=wanted["root"], aud=address, nonce=wanted["nonce"], iat=int(at))
    assert client.post("/auth/session", json=proof).status_code == 201
