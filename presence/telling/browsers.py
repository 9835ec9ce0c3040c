"""Browsers that take pushes: where to, and with which keys; sealed at rest, for whoever knows that can push."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, delete, func, insert, select

from presence.database import Database
from presence.errors import BrowserWrong
from presence.telling.encrypting import AUTH_BYTES, POINT_BYTES
from presence.telling.listeners import IDENT_BYTES, ident_of
from presence.telling.push_door import ENDPOINT_CHARS_MAX, PushDoor
from presence.telling.tables import browsers, due
from presence.telling.vapid import unb64
from presence.write_lane import WriteLane
from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import Seal

BROWSERS_MAX = 10
"""Of one person; with the next one, the oldest is forgotten."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a push goes, and what it is sealed with, as the browser wrote it."""

    ident: str
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Browsers:
    """Keeps them."""

    database: Database
    lane: WriteLane
    seal: Seal
    door: PushDoor
    tier_of: Callable[[str], int]
    now: Callable[[], float]

    def keep(self, did: str, endpoint: str, p256dh: str, auth: str) -> None:
        """Keep a browser for somebody; whoever used it before is told nothing there any more.

        Raises `BrowserWrong`, and `PushUndelivered` where its push service is not to be found.
        """
        _check(endpoint, p256dh, auth)
        self.door.checked(endpoint)
        ident, tier = secrets.token_urlsafe(IDENT_BYTES), self.tier_of(did)
        keys = json.dumps({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
        row = {"id": ident, "did": did, "endpoint": self._name(endpoint), "made_at": self.now()}
        row["sealed"] = self.seal.close(keys.encode(), _purpose(ident))

        def keep(owner: Connection) -> None:
            ident_of(owner, did, tier)
            owner.execute(delete(browsers).where(browsers.c.endpoint == row["endpoint"]))
            owner.execute(insert(browsers).values(**row))
            newest = select(browsers.c.id).where(browsers.c.did == did).order_by(browsers.c.made_at.desc())
            kept = owner.execute(newest.limit(BROWSERS_MAX)).scalars().all()
            owner.execute(delete(browsers).where(browsers.c.did == did, browsers.c.id.not_in(kept)))

        self.lane.run(keep)

    def of(self, did: str) -> list[Browser]:
        """Give somebody's browsers, without those that were sealed with another secret."""
        query = select(browsers).where(browsers.c.did == did).order_by(browsers.c.made_at)
        with self.database.records() as records:
            rows = records.execute(query).all()
        found = []
        for row in rows:
            try:
                found.append(Browser(row.id, **json.loads(self.seal.open(row.sealed, _purpose(row.id)))))
            except KeyFileWrong:
                continue
        return found

    def count(self, did: str) -> int:
        """Say how many browsers are kept for somebody."""
        with self.database.records() as records:
            return int(records.execute(select(func.count()).where(browsers.c.did == did)).scalar_one())

    def drop(self, did: str, endpoint: str | None = None) -> None:
        """Forget one of somebody's browsers, or all of them."""
        hers = browsers.c.did == did
        which = hers if endpoint is None else hers & (browsers.c.endpoint == self._name(endpoint))

        def drop(owner: Connection) -> None:
            owner.execute(delete(browsers).where(which))
            if owner.execute(select(browsers.c.id).where(hers)).first() is None:
                owner.execute(delete(due).where(due.c.did == did, due.c.channel == "push"))

        self.lane.run(drop)

    def is_kept(self, ident: str) -> bool:
        """Whether somebody still wants pushes there."""
        with self.database.records() as records:
            return records.execute(select(browsers.c.id).where(browsers.c.id == ident)).first() is not None

    def gone(self, ident: str) -> None:
        """Forget a browser of which its push service says that it is no more."""
        self.lane.run(lambda owner: owner.execute(delete(browsers).where(browsers.c.id == ident)))

    def _name(self, endpoint: str) -> str:
        return self.seal.name(endpoint, "push endpoint")


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    if len(endpoint) > ENDPOINT_CHARS_MAX:
        raise BrowserWrong("This browser's push address is too long.")
    try:
        point, secret = unb64(p256dh), unb64(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise BrowserWrong("The keys of this browser cannot be read. Turn it off and on again.") from error
    if len(point) != POINT_BYTES or len(secret) != AUTH_BYTES:
        raise BrowserWrong("The keys of this browser cannot be read. Turn it off and on again.")


def _purpose(ident: str) -> str:
    return f"browser {ident}"
