"""Addresses to which somebody wants mail: given by her, confirmed by a link that was sent there, sealed at rest.

Who signs in by mail is known by a keyed hash of her address alone, so she gives it once more here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection, delete, insert, select, update

from presence.database import Database
from presence.errors import ConfirmationSpent
from presence.languages import later, say
from presence.sessions.mailboxes import address_of
from presence.sessions.origins import Origins
from presence.sessions.tokens import new_token, token_hash
from presence.telling.listeners import ident_of, row_of
from presence.telling.mail import Letter
from presence.telling.outbox import Outbox
from presence.telling.tables import choices, confirmations, due, listeners
from presence.telling.waiting import DAY_SECONDS
from presence.write_lane import WriteLane
from trustgraph.errors import KeyFileWrong
from trustgraph.sealing import Seal

_TEXT = later("""Somebody wants to have mail from {artist}’s presence at this address: short notes about what she chose
there, never more. If it was you, open this within a day and press the button:

{link}

If it was not you, there is nothing to do: no mail comes.
""")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody has her mail: `confirmed`, and one that waits to be."""

    confirmed: str | None = None
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Keeps them."""

    database: Database
    lane: WriteLane
    seal: Seal
    outbox: Outbox
    origins: Origins
    called: Callable[[], str]
    tier_of: Callable[[str], int]
    now: Callable[[], float]

    def of(self, did: str) -> Address:
        """Give the addresses of somebody."""
        with self.database.records() as records:
            row = row_of(records, did)
            if row is None:
                return Address()
            waits = select(confirmations.c.address).where(
                confirmations.c.ident == row.ident, confirmations.c.expires_at >= self.now()
            )
            waiting: str | None = records.execute(waits).scalar()
        return Address(self.opened(row.ident, row.address), self.opened(row.ident, waiting))

    def opened(self, ident: str, sealed: str | None) -> str | None:
        """Open an address; None where there is none, or where it was sealed with another secret."""
        if sealed is None:
            return None
        try:
            return self.seal.open(sealed, _purpose(ident)).decode()
        except KeyFileWrong:
            return None

    def give(self, did: str, address: str, host: str) -> None:
        """Mail a link that confirms an address; `host` only chooses among our own.

        Until it is used, nothing else is sent there. Raises `AddressWrong`, `NoMail`.
        """
        to, token, tier = address_of(address), new_token(), self.tier_of(did)
        link = f"{self.origins.of(host)}/telling/confirm?{urlencode({'token': token})}"
        subject = say("Mail from {artist}’s presence?", artist=self.called())
        letter = Letter(to, subject, say(_TEXT, artist=self.called(), link=link))

        def keep(owner: Connection) -> None:
            ident = ident_of(owner, did, tier)
            expired = confirmations.c.expires_at < self.now()
            owner.execute(delete(confirmations).where((confirmations.c.ident == ident) | expired))
            sealed = self.seal.close(to.encode(), _purpose(ident))
            row = {"token_sha256": token_hash(token), "address": sealed, "expires_at": self.now() + DAY_SECONDS}
            owner.execute(insert(confirmations).values(ident=ident, **row))
            self.outbox.take_back(owner, f"{ident} confirm")
            self.outbox.keep(owner, letter, about=f"{ident} confirm")

        self.lane.run(keep)
        self.outbox.wake()

    def confirm(self, token: str) -> None:
        """Take an address for confirmed, once; raises `ConfirmationSpent`."""
        take = (
            delete(confirmations)
            .where(confirmations.c.token_sha256 == token_hash(token), confirmations.c.expires_at >= self.now())
            .returning(confirmations.c.ident, confirmations.c.address)
        )

        def confirm(owner: Connection) -> bool:
            row = owner.execute(take).first()
            if row is None:
                return False
            kept = update(listeners).where(listeners.c.ident == row.ident)
            return bool(owner.execute(kept.values(address=row.address, confirmed_at=self.now())).rowcount)

        if not self.lane.run(confirm):
            raise ConfirmationSpent

    def forget(self, did: str) -> None:
        """Forget somebody's addresses; what waits for her mailbox is not sent."""

        def forget(owner: Connection) -> None:
            row = row_of(owner, did)
            if row is None:
                return
            owner.execute(delete(confirmations).where(confirmations.c.ident == row.ident))
            owner.execute(update(listeners).where(listeners.c.did == did).values(address=None, confirmed_at=None))
            owner.execute(delete(due).where(due.c.did == did, due.c.channel == "mail"))
            owner.execute(update(choices).where(choices.c.did == did).values(mail=False))
            owner.execute(delete(choices).where(choices.c.did == did, choices.c.push.is_(False)))
            self.outbox.take_back(owner, f"{row.ident} *")

        self.lane.run(forget)


def _purpose(ident: str) -> str:
    return f"address of {ident}"


__all__ = ["Address", "Addresses"]
