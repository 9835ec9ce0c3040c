"""Links in mails that open a session: each once, for a quarter of an hour, for who can read that mailbox."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection, delete, insert

from presence.errors import LinkSpent
from presence.languages import later, say
from presence.sessions.mailboxes import address_of, mailbox_of
from presence.sessions.origins import Origins
from presence.sessions.tokens import new_token, token_hash
from presence.tables import mail_links
from presence.telling.mail import Letter
from presence.telling.outbox import Outbox
from presence.write_lane import WriteLane
from trustgraph.sealing import Seal

LINK_SECONDS = 15 * 60
_TEXT = later("""Somebody asked to sign in to {artist}’s presence with this address. If it was you, open this within
15 minutes and press the button:

{link}

It works once. If it was not you, there is nothing to do.
""")


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Sends links and takes them back. Every address is treated alike, known or not."""

    lane: WriteLane
    seal: Seal
    outbox: Outbox
    origins: Origins
    called: Callable[[], str]
    now: Callable[[], float] = time.time

    def send(self, address: str, host: str, then: str = "/") -> None:
        """Mail a link to an address, that leads on to the page `then`; `host` only chooses among our own.

        Raises `AddressWrong`, `NoMail`.
        """
        token, to = new_token(), address_of(address)
        row = {"token_sha256": token_hash(token), "mailbox": self.mailbox(to), "expires_at": self.now() + LINK_SECONDS}
        query = {"token": token} | ({"next": then} if then != "/" else {})
        link = f"{self.origins.of(host)}/sign-in/link?{urlencode(query)}"
        text = say(_TEXT, artist=self.called(), link=link)

        def keep(owner: Connection) -> None:
            owner.execute(delete(mail_links).where(mail_links.c.expires_at < self.now()))
            owner.execute(insert(mail_links).values(**row))

        self.lane.run(keep)
        letter = Letter(to, say("Your way in to {artist}’s presence", artist=self.called()), text)
        self.outbox.put(letter, of_use_seconds=LINK_SECONDS)

    def spend(self, token: str) -> str:
        """Give the mailbox that a link was sent to, once; raises `LinkSpent`."""
        take = (
            delete(mail_links)
            .where(mail_links.c.token_sha256 == token_hash(token), mail_links.c.expires_at >= self.now())
            .returning(mail_links.c.mailbox)
        )
        mailbox: str | None = self.lane.run(lambda owner: owner.execute(take).scalar())
        if mailbox is None:
            raise LinkSpent
        return mailbox

    def mailbox(self, address: str) -> str:
        """Name an address by its keyed hash."""
        return mailbox_of(address, self.seal)
