"""Sites at a terminal, as deeds: the artist's own, and those on which the room may stand in small."""

from dataclasses import asdict
from typing import Any

from presence.bootstrap import Services
from presence.local.contracts import Deed, Tell
from presence.local.notes import iso
from presence.sites import EmbedSite, OwnSite
from presence.sites.embedding import PER_DAY, PER_VISITOR


def add_own(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Name a site of hers, and look at once whether it links back."""
    _tell_own(services.sites.own.add(arguments["address"]), tell)
    return 0


def list_own(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell her sites; with `look`, each is looked at first."""
    for site in services.sites.own.all():
        _tell_own(services.sites.own.look(site) if arguments.get("look") else site, tell)
    return 0


def remove_own(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Take a site off the list."""
    services.sites.own.remove(arguments["address"])
    tell({"event": "site_removed", "address": arguments["address"]})
    return 0


def add_embed(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Let the room stand on a site."""
    per_visitor, per_day = arguments.get("per_visitor") or PER_VISITOR, arguments.get("per_day") or PER_DAY
    site = services.sites.embeds.add(arguments["origin"], per_visitor, per_day)
    _tell_embed(services, site, tell)
    return 0


def list_embeds(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell on which sites the room may stand."""
    for site in services.sites.embeds.all():
        _tell_embed(services, site, tell)
    return 0


def remove_embed(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Let it stand there no more; it ends at once."""
    services.sites.embeds.remove(arguments["origin"])
    tell({"event": "site_removed", "address": arguments["origin"]})
    return 0


SITES: dict[str, Deed] = {
    "sites add": add_own,
    "sites list": list_own,
    "sites remove": remove_own,
    "embeds add": add_embed,
    "embeds list": list_embeds,
    "embeds remove": remove_embed,
}


def _tell_own(site: OwnSite, tell: Tell) -> None:
    looked_at = iso(site.looked_at) if site.looked_at is not None else None
    tell({"event": "own_site", **asdict(site), "looked_at": looked_at})


def _tell_embed(services: Services, site: EmbedSite, tell: Tell) -> None:
    tag = f'<script src="{services.origins.first}/embed.js"></script>'
    tell({"event": "embed_site", **asdict(site), "tag": tag})
