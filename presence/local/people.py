"""People and their ways in at a terminal, as deeds. What is signed here is signed by the door's key alone."""

from typing import Any

from presence.bootstrap import Services
from presence.local.contracts import Deed, Tell
from presence.local.notes import iso
from presence.people.invites import Invite
from presence.people.names import code_of
from presence.people.requests import AT_ONCE_MAX, Request
from presence.people.terms import Terms
from trustgraph import Tier, tier_named

HOUR_SECONDS = 3600


def show_terms(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what each tier opens; what is to be changed is changed first."""
    if arguments.get("tier"):
        tier = tier_named(arguments["tier"])
        tell({"event": "terms", **_terms_json(tier, services.people.terms.change(tier, **arguments["changes"]))})
        return 0
    for tier, terms in zip(Tier, services.people.terms.all(), strict=True):
        tell({"event": "terms", **_terms_json(tier, terms)})
    return 0


def make_invite(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Make a link; its secret is told here and never again."""
    seconds = arguments["hours"] * HOUR_SECONDS
    made, token = services.people.invites.make(
        arguments.get("label") or "", people_max=arguments["people"], seconds=seconds
    )
    link = f"{services.origins.first}/invite/{token}"
    tell({"event": "invite_made", **_invite_json(services, made), "link": link, "door": services.people.door.is_open})
    return 0


def list_invites(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the links, the newest first."""
    for invite in services.people.invites.all():
        tell({"event": "invite", **_invite_json(services, invite)})
    return 0


def close_invite(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Close a link."""
    tell({"event": "invite", **_invite_json(services, services.people.invites.close(arguments["id"]))})
    return 0


def list_requests(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell who asks to follow, the oldest first, and what is odd about their names."""
    waiting = services.people.requests.waiting()
    named = {one.did: one.name for one in waiting if one.name}
    odd = services.people.names.odd(named, services.settings.artist_name)
    for one in waiting:
        tell({"event": "request", **_request_json(one), "odd": odd.get(one.did, [])})
    return 0


def let_in(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Let in as followers those who are named, or the oldest fifty. Exit 1 where somebody could not be let in."""
    dids = arguments["dids"]
    if dids == ["all"]:
        asking = [one for one in services.people.requests.waiting() if not one.needs_artist]
        dids = [one.did for one in asking[:AT_ONCE_MAX]]
    settled = services.people.requests.let_in(dids)
    for did in settled.let_in:
        tell({"event": "let_in", "did": did, "name": services.people.names.shown(did)})
    for did in settled.for_artist:
        tell({"event": "for_artist", "did": did, "name": services.people.names.shown(did)})
    for did, why in settled.refused.items():
        tell({"event": "not_let_in", "did": did, "name": services.people.names.shown(did), "why": why})
    return 1 if settled.refused or settled.for_artist else 0


def dismiss(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Put requests away; nobody is told."""
    tell({"event": "dismissed", "count": services.people.requests.dismiss(arguments["dids"])})
    return 0


def rule(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the rules; the one that is named is changed first."""
    rules, name, value = services.people.rules, arguments.get("name"), arguments.get("value")
    if name == "follow":
        rules.set_follow(value or rules.follow.how, arguments.get("per_day"))
    elif name == "tree_seen_by" and value:
        rules.set_tree_seen_by(value)
    tell({"event": "rule", "name": "follow", "value": rules.follow.how, "per_day": rules.follow.per_day})
    tell({"event": "rule", "name": "tree_seen_by", "value": rules.tree_seen_by})
    return 0


def keep(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Keep a place for an address; the address itself is not stored."""
    tier = tier_named(arguments["tier"])
    place = services.people.places.keep(arguments["address"], tier, arguments.get("label") or "")
    told = {"tier": tier.slug, "label": place.label, "until": iso(place.expires_at)}
    tell({"event": "kept", **told, "door_can": tier == Tier.FOLLOWER})
    return 0


def list_kept(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the places that are kept."""
    for place in services.people.places.all():
        told = {"tier": place.tier.slug, "label": place.label, "until": iso(place.expires_at)}
        tell({"event": "place", **told, "taken_by": place.taken_by})
    return 0


PEOPLE: dict[str, Deed] = {
    "people terms": show_terms,
    "people invite": make_invite,
    "people invites": list_invites,
    "people invites close": close_invite,
    "people requests": list_requests,
    "people let in": let_in,
    "people dismiss": dismiss,
    "people rule": rule,
    "people keep": keep,
    "people kept": list_kept,
}


def _terms_json(tier: Tier, terms: Terms) -> dict[str, Any]:
    return {"tier": tier.slug, **terms.model_dump()}


def _invite_json(services: Services, invite: Invite) -> dict[str, Any]:
    refusal = invite.refusal(services.people.invites.now())
    return {
        "id": invite.ident,
        "label": invite.label,
        "people": invite.people_max,
        "taken": invite.taken,
        "until": iso(invite.expires_at),
        "open": refusal is None,
        "why": None if refusal is None else str(refusal),
    }


def _request_json(one: Request) -> dict[str, Any]:
    return {
        "did": one.did,
        "code": code_of(one.did),
        "name": one.name,
        "words": one.words,
        "tier": one.tier.slug,
        "needs_artist": one.needs_artist,
        "asked_at": iso(one.requested_at),
    }
