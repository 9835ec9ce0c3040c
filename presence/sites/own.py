"""The artist's own sites: she names them, and a site is confirmed while it links back here with `rel="me"`.

Anybody may say that a site is hers; only who can write there can make it link to this presence. So a link back is
looked for when a site is named and once a week after that, through the same door as imports: no private address, at
no step, and never for long. A site that sends on to another host confirms nothing.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from urllib.parse import SplitResult, urlsplit

import structlog
from bs4 import BeautifulSoup

from knowledge.addresses import OUTSIDE, Door, fetched, joined, same_site
from knowledge.errors import ImportRefused
from presence.database import Database
from presence.errors import SiteWrong, UnknownSite
from presence.sessions.origins import Origins
from presence.sites.kept import Entries, KeptList
from presence.write_lane import WriteLane

SITES_MAX = 20
ADDRESS_CHARS_MAX = 300
PAGE_BYTES_MAX = 2_000_000
PAGE_SECONDS_MAX = 15.0
WEEK_SECONDS = 7 * 24 * 3600
LOOK_EVERY_S = 3600.0
CLOSE_SECONDS_MAX = 1.0
_FORM = "A site is named by its address, such as https://ada.example/."
NO_LINK = "Its page has no link with rel=me to this presence."

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OwnSite:
    """One of her sites; `why` says what is missing while it is not confirmed, `looked_at` is in Unix seconds."""

    address: str
    confirmed: bool = False
    looked_at: float | None = None
    why: str = "It was not looked at yet."

    @property
    def shown(self) -> str:
        """The address as people write it."""
        return self.address.partition("://")[2].rstrip("/")


class OwnSites:
    """Her list, in the order in which she named them."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        origins: Origins,
        *,
        door: Door = OUTSIDE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._kept = KeptList("own_sites", database, lane)
        self._origins = origins
        self._door = door
        self._now = now

    def all(self) -> list[OwnSite]:
        """Give her sites."""
        return [OwnSite(**entry) for entry in self._kept.all()]

    def add(self, address: str) -> OwnSite:
        """Name a site and look at it at once; raises `SiteWrong`. One that is named already is looked at again."""
        site = OwnSite(_checked(address))

        def added(entries: Entries) -> Entries:
            if any(entry["address"] == site.address for entry in entries):
                return entries
            if len(entries) >= SITES_MAX:
                raise SiteWrong(f"There are {SITES_MAX} sites already. Remove one first.")
            return [*entries, asdict(site)]

        self._kept.change(added)
        return self.look(site)

    def remove(self, address: str) -> None:
        """Take a site off the list, or raise `UnknownSite`."""
        gone = _checked(address)

        def removed(entries: Entries) -> Entries:
            left = [entry for entry in entries if entry["address"] != gone]
            if len(left) == len(entries):
                raise UnknownSite(gone)
            return left

        self._kept.change(removed)

    def look(self, site: OwnSite) -> OwnSite:
        """Look whether a site links back now, and keep what was found."""
        why = self._missing(site.address)
        seen = replace(site, confirmed=why is None, looked_at=self._now(), why=why or "")
        # Removed meanwhile, it stays removed.
        self._kept.change(lambda all_: [asdict(seen) if one["address"] == seen.address else one for one in all_])
        return seen

    def look_at_due(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Look at those that were not looked at for a week, until `stopped`; gives how many."""
        looked = 0
        for site in self.all():
            is_due = site.looked_at is None or site.looked_at <= self._now() - WEEK_SECONDS
            if is_due and not stopped():
                self.look(site)
                looked += 1
        return looked

    def _missing(self, address: str) -> str | None:
        """Say what is missing for a confirmation; None where nothing is."""
        try:
            page = fetched(address, bytes_max=PAGE_BYTES_MAX, seconds_max=PAGE_SECONDS_MAX, door=self._door)
        except ImportRefused as refusal:
            return str(refusal)
        if not same_site(page.address, address):
            return "It sends on to another site. Name that one instead."
        here = _normal(self._origins.first)
        return None if any(_normal(link) == here for link in _me_links(page.data, page.address)) else NO_LINK


class SiteWatch:
    """A thread that looks at her sites again while the node is open."""

    def __init__(
        self, sites: OwnSites, seconds: float = LOOK_EVERY_S, leads: Callable[[], bool] = lambda: True
    ) -> None:
        self._sites, self._leads = sites, leads
        self._seconds = seconds
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look first when some time has passed: a start stays quick."""
        self._thread = threading.Thread(target=self._work, name="her sites", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; a page that is slow to answer holds nobody up, and is looked at next time."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS_MAX)

    def _work(self) -> None:
        while not self._closed.wait(self._seconds):
            if not self._leads():
                continue
            try:
                self._sites.look_at_due(self._closed.is_set)
            except Exception:
                if not self._closed.is_set():
                    log.exception("her sites not looked at")


def _checked(address: str) -> str:
    """Give an address in the one form in which it is kept, or raise `SiteWrong`."""
    text = address.strip()
    parts = _parts(text if "://" in text else f"https://{text}")
    whole = parts.geturl() if parts.path else f"{parts.geturl()}/"
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or len(whole) > ADDRESS_CHARS_MAX
        or not whole.isascii()
        or any(sign in whole for sign in "\"'<>\\ `{}|^")
        or not whole.isprintable()
    ):
        raise SiteWrong(_FORM)
    return whole


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # a wrong one is told only when it is read
    except ValueError as error:
        raise SiteWrong(_FORM) from error
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), query="", fragment="")


def _me_links(page: bytes, address: str) -> list[str]:
    soup = BeautifulSoup(page, "html.parser")
    found = soup.find_all(["a", "link"], href=True, rel=lambda value: value is not None and value.lower() == "me")
    return [whole for one in found for whole in joined(address, str(one["href"]))]


def _normal(address: str) -> str:
    """A presence is linked to by its first page; whether the last slash is there does not matter."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
