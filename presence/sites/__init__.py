"""Sites elsewhere: the artist's own, which may link back, and those on whose pages the room may stand in small."""

from presence.sites.embedding import EmbedSite, EmbedSites
from presence.sites.house import Sites, open_sites
from presence.sites.own import OwnSite, OwnSites

__all__ = ["EmbedSite", "EmbedSites", "OwnSite", "OwnSites", "Sites", "open_sites"]
