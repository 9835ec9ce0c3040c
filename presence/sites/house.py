"""Both lists of sites, opened once."""

from collections.abc import Callable
from dataclasses import dataclass

from presence.database import Database
from presence.sessions.origins import Origins
from presence.sites.embedding import EmbedSites
from presence.sites.own import OwnSites, SiteWatch
from presence.write_lane import WriteLane


@dataclass(frozen=True, slots=True)
class Sites:
    """The artist's own sites with what looks at them again, and those that may show the room."""

    own: OwnSites
    watch: SiteWatch
    embeds: EmbedSites


def open_sites(
    database: Database,
    lane: WriteLane,
    origins: Origins,
    secret: Callable[[], bytes],
    leads: Callable[[], bool] = lambda: True,
) -> Sites:
    """Open them; `secret` signs the passes of rooms elsewhere, and who `leads` looks at hers again."""
    own = OwnSites(database, lane, origins)
    return Sites(own, SiteWatch(own, leads=leads), EmbedSites(database, lane, secret))
