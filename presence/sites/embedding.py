"""Sites on whose pages the room may stand in small, and the pass that such a page carries.

A browser shows the room only on the site that is named in the answer's `frame-ancestors`, and that is done for
sites of this list alone. The pass says on which site a page was shown, for a quarter of an hour; it is signed by the
node and kept nowhere, so that looking at a page writes nothing. Visitors there read what is open to all, whoever they
are: a page elsewhere can lie over the room, and a click there must never spend or open anything.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Lock
from urllib.parse import urlsplit

from sqlalchemy import func, select

from presence.database import Database
from presence.errors import EmbedPassOver, NotEmbedded, SiteFull, SiteWrong, UnknownSite
from presence.sessions.bearer import EMBED_SECONDS
from presence.sites.kept import Entries, KeptList
from presence.tables import questions
from presence.write_lane import WriteLane

SITES_MAX = 50
PER_VISITOR = 20
PER_DAY = 500
PER_DAY_MAX = 100_000
ORIGIN_CHARS_MAX = 255
DAY_SECONDS = 24 * 3600
_HERE = ("localhost", "127.0.0.1")
_FORM = "A site is named by its origin, such as https://ada.example: https, no path, no star."


@dataclass(frozen=True, slots=True)
class EmbedSite:
    """A site, and how many questions are taken from it in a day (UTC): from one visitor, and from all of them."""

    origin: str
    per_visitor: int = PER_VISITOR
    per_day: int = PER_DAY

    @property
    def mark(self) -> str:
        """What the names of its visitors begin with; never the origin itself, which may hold colons."""
        return f"embed:{hashlib.sha256(self.origin.encode()).hexdigest()[:16]}:"


class EmbedSites:
    """The list, its passes, and what was asked today."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        secret: Callable[[], bytes],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._kept = KeptList("embed_sites", database, lane)
        self._database = database
        self._secret = secret
        self._now = now
        self.turn = Lock()
        """Held while a question from elsewhere is counted and opened, so that two cannot take the last place."""

    def all(self) -> list[EmbedSite]:
        """Give the sites."""
        return [EmbedSite(**entry) for entry in self._kept.all()]

    def add(self, origin: str, per_visitor: int = PER_VISITOR, per_day: int = PER_DAY) -> EmbedSite:
        """Put a site on the list, or give one other numbers; raises `SiteWrong`."""
        if not (1 <= per_visitor <= PER_DAY_MAX and 1 <= per_day <= PER_DAY_MAX):
            raise SiteWrong(f"From 1 to {PER_DAY_MAX:,} questions a day can be taken.")
        site = EmbedSite(_checked(origin), per_visitor, per_day)

        def added(entries: Entries) -> Entries:
            others = [entry for entry in entries if entry["origin"] != site.origin]
            if len(others) >= SITES_MAX:
                raise SiteWrong(f"There are {SITES_MAX} sites already. Remove one first.")
            return [*others, asdict(site)]

        self._kept.change(added)
        return site

    def remove(self, origin: str) -> None:
        """Take a site off the list: nothing is answered there from now on. Raises `UnknownSite`."""
        gone = _checked(origin)

        def removed(entries: Entries) -> Entries:
            left = [entry for entry in entries if entry["origin"] != gone]
            if len(left) == len(entries):
                raise UnknownSite(gone)
            return left

        self._kept.change(removed)

    def site(self, origin: str) -> EmbedSite:
        """Give a site of the list, or raise `NotEmbedded`."""
        for one in self.all():
            if one.origin == origin:
                return one
        raise NotEmbedded

    def make_pass(self, site: EmbedSite) -> str:
        """Give a pass for a page on this site."""
        said = f"{int(self._now() + EMBED_SECONDS)} {site.origin}".encode()
        return f"{_text(said)}.{_text(self._signed(said))}"

    def read_pass(self, given: str) -> tuple[EmbedSite, bool]:
        """Give the site that a pass is for, and whether its time is over.

        Raises `EmbedPassOver` for one that is not ours, `NotEmbedded` where the site is not on the list any more.
        """
        said, _, signature = given.partition(".")
        try:
            until, _, origin = _bytes(said).decode().partition(" ")
            holds = hmac.compare_digest(self._signed(_bytes(said)), _bytes(signature))
        except (ValueError, binascii.Error) as error:
            raise EmbedPassOver from error
        if not holds:
            raise EmbedPassOver
        return self.site(origin), int(until) <= self._now()

    def require_room(self, site: EmbedSite) -> None:
        """Raise `SiteFull` where as much was asked from a site today as may be."""
        now = self._now()
        begin = now - now % DAY_SECONDS
        query = select(func.count()).select_from(questions).where(questions.c.created_at >= begin)
        with self._database.records() as records:
            count = records.execute(query.where(questions.c.listener.startswith(site.mark))).scalar_one()
        if count >= site.per_day:
            raise SiteFull(retry_after_s=int(begin + DAY_SECONDS - now) + 1)

    def _signed(self, said: bytes) -> bytes:
        return hmac.digest(self._secret(), b"embedded room " + said, hashlib.sha256)


def _checked(origin: str) -> str:
    """Give an origin as browsers write it, or raise `SiteWrong`."""
    try:
        parts = urlsplit(origin.strip().lower())
        port = parts.port
    except ValueError as error:
        raise SiteWrong(_FORM) from error
    host = parts.hostname or ""
    plain = host and all(sign.isascii() and (sign.isalnum() or sign in ".-") for sign in host)
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
    more = parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    whole = f"{parts.scheme}://{host}" + (f":{port}" if port is not None and port != usual else "")
    if not plain or not safe or more or len(whole) > ORIGIN_CHARS_MAX:
        raise SiteWrong(_FORM)
    return whole


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
