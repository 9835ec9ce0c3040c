"""Proof that a key is held: a challenge that works once, and a signature that names this place.

The client builds what it signs from the address that it sees itself, so that another site cannot
have a proof for this one signed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert

from presence.errors import SignInRefused
from presence.sessions.origins import Origins
from presence.sessions.tokens import new_token, token_hash
from presence.tables import challenges
from presence.write_lane import WriteLane
from trustgraph import Auth, DocumentRefused, GrantLog, read

CHALLENGE_SECONDS = 60
CLOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Challenges:
    """Makes challenges and takes proofs."""

    lane: WriteLane
    log: GrantLog
    origins: Origins
    now: Callable[[], float] = time.time

    def new(self, host: str) -> dict[str, Any]:
        """Give what a client at one of our addresses has to sign; `host` only chooses among our own."""
        root = self.log.keys.root
        if root is None:
            raise DocumentRefused("no_artist")
        nonce, expires_at = new_token(), self.now() + CHALLENGE_SECONDS

        def keep(owner: Connection) -> None:
            owner.execute(delete(challenges).where(challenges.c.expires_at < self.now()))
            owner.execute(insert(challenges).values(nonce_sha256=token_hash(nonce), expires_at=expires_at))

        self.lane.run(keep)
        return {"nonce": nonce, "aud": self.origins.of(host), "root": root, "exp": int(expires_at)}

    def proven(self, envelope: bytes | Mapping[str, Any]) -> str:
        """Give the did that a signed proof is of, or raise `SignInRefused` or `DocumentRefused`."""
        auth, _ = read(envelope, "auth")
        if not isinstance(auth, Auth):
            raise TypeError(auth)
        if auth.root != self.log.keys.root or not self.origins.holds(auth.aud):
            raise SignInRefused("The proof is for another place.")
        if abs(auth.iat - self.now()) > CLOCK_SECONDS:
            raise SignInRefused("The clock of your device is more than a minute away from this one.")
        if not self._spent(auth.nonce):
            raise SignInRefused("This sign-in was used already, or is older than a minute. Try again.")
        return auth.iss

    def _spent(self, nonce: str) -> bool:
        spend = (
            delete(challenges)
            .where(challenges.c.nonce_sha256 == token_hash(nonce), challenges.c.expires_at >= self.now())
            .returning(challenges.c.nonce_sha256)
        )
        return self.lane.run(lambda owner: owner.execute(spend).first()) is not None
