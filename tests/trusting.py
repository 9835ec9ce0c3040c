"""An artist and her listeners for tests: keys, signed documents, and sign-ins over HTTP."""

import hashlib
import time
from typing import Any

from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.identity import PEOPLE_MAX, delegation
from trustgraph import Accepted, GrantLog, Key, Tier, Vouch, issuing

ORIGIN = "http://localhost:8765"
YEAR = 365 * 24 * 3600


def key(name: str) -> Key:
    """Give the key of somebody, the same for the same name."""
    return Key(hashlib.sha256(f"test key of {name}".encode()).digest())


class Artist:
    """Begins a log, or goes on with the one that she began, and signs for it."""

    def __init__(self, log: GrantLog) -> None:
        self.log = log
        self.key, self.next_key = key("the artist"), key("the artist's next key")
        root = log.keys.root
        if root is None:
            first = issuing.inception(self.key, next_key=self.next_key.did, t=self.now)
            root = log.accept(first, "key").entry.event
        self.root = root

    @property
    def now(self) -> int:
        return int(self.log.now())

    def delegate(self, role: str) -> Key:
        """Give a key of the node its role."""
        assert role in PEOPLE_MAX
        made = key(role)
        self.log.accept(delegation(self.key, self.root, role, made.did, self.now), "delegate")
        return made

    def grant(self, sub: str, tier: Tier, *, vouch: Vouch | None = None, seconds: int = YEAR) -> Accepted:
        """Let somebody in."""
        envelope = issuing.grant(
            self.key, root=self.root, sub=sub, tier=tier, nbf=self.now, exp=self.now + seconds, vouch=vouch
        )
        return self.log.accept(envelope, "grant")

    def vouch(self, by: Key, parent: Accepted, sub: str, tier: Tier, *, seconds: int = 3600) -> Accepted:
        """Let somebody introduce somebody."""
        envelope = issuing.grant(
            by,
            root=self.root,
            sub=sub,
            tier=tier,
            nbf=self.now,
            exp=self.now + seconds,
            parent=parent.entry.event,
            via="vouch",
        )
        return self.log.accept(envelope, "grant")

    def revoke(self, target: str, *, by: Key | None = None) -> Accepted:
        """Take a grant back, or block somebody."""
        signer = by or self.key
        return self.log.accept(issuing.revocation(signer, root=self.root, target=target, t=self.now), "revoke")

    def vouch_for_head(self) -> None:
        """Sign the head as it is now."""
        seq, head = self.log.head
        self.log.sign_off(issuing.checkpoint(self.key, root=self.root, seq=seq, head=head, t=self.now))


def sign_in(client: TestClient, who: Key, *, origin: str = ORIGIN) -> dict[str, Any]:
    """Prove a key over HTTP, as a browser does; the client keeps the session's cookie."""
    challenge = client.post("/auth/challenge").json()
    proof = issuing.auth(who, root=challenge["root"], aud=origin, nonce=challenge["nonce"], iat=int(time.time()))
    response = client.post("/auth/session", json=proof)
    assert response.status_code == 201, response.text
    answered: dict[str, Any] = response.json()
    return answered


def operator_of(client: TestClient, services: Services) -> None:
    """Sign the operator in."""
    client.post("/operator", data={"token": services.operator.new_token()}, follow_redirects=False)
