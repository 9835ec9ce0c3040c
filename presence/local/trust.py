"""Trust at a terminal, as deeds. What is signed is signed by the command, in its own process: never here."""

from pathlib import Path
from typing import Any

from presence.bootstrap import Services
from presence.local.contracts import Deed, Tell
from trustgraph import portable
from trustgraph.documents import ROLES, Delegate, Grant


def state(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what a client needs before it signs: whose log this is, its head, and the hash of an earlier entry."""
    keys, (seq, head) = services.trust.keys, services.trust.head
    at = arguments.get("seq")
    tell(
        {
            "event": "trust",
            "root": keys.root,
            "artist": keys.key,
            "last": None if keys.last is None else {"seq": keys.last.seq, "id": keys.last.ident},
            "recovery": list(keys.recovery),
            "takes_effect_at": keys.takes_effect_at,
            "now": int(services.trust.now()),
            "seq": seq,
            "head": head,
            "hash_at": services.trust.hash_at(at) if at else None,
            "doubt": services.trust.doubt,
        }
    )
    return 0


def accept(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Take in a signed document."""
    accepted = services.trust.accept(arguments["envelope"], arguments["kind"])
    tell({"event": "accepted", "id": accepted.entry.event, "seq": accepted.entry.seq, "new": accepted.is_new})
    return 0


def sign_off(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Take in the artist's word for the head."""
    checkpoint = services.trust.sign_off(arguments["envelope"])
    tell({"event": "signed_off", "seq": checkpoint.seq, "doubt": services.trust.doubt})
    return 1 if services.trust.doubt else 0


def list_people(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell everybody whom a live grant names, and how far each may read now."""
    seen: dict[str, Grant] = {}
    for entry in services.trust.entries():
        if entry.kind == "grant" and isinstance(document := entry.document, Grant):
            seen[document.sub] = document
    for sub, grant in seen.items():
        trust = services.trust.tier_of(sub)
        until = int(trust.until) if trust.grant else None
        tell(
            {
                "event": "person",
                "did": sub,
                "tier": trust.tier.slug,
                "until": until,
                "via": grant.via,
                "grant": trust.grant or grant.ident,
            }
        )
    return 0


def roles(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what the keys of the node may do, and until when."""
    with services.trust.snapshot() as (spine, store):
        for role in ROLES:
            key = getattr(services.node_keys, role)
            entry = store.newest(f"{role}>{key.did}") if key else None
            document = entry.document if entry is not None else None
            holds = isinstance(document, Delegate) and entry is not None and not spine.is_revoked(entry.seq)
            tell(
                {
                    "event": "role",
                    "role": role,
                    "did": key.did if key else None,
                    "until": document.exp if isinstance(document, Delegate) and holds else None,
                }
            )
    return 0


def rights(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell whom a key may introduce."""
    for right in services.trust.rights_of(arguments["did"]):
        tell(
            {
                "event": "right",
                "parent": right.parent,
                "tier": right.tier.slug,
                "left": right.left,
                "nbf": right.nbf,
                "exp": right.exp,
            }
        )
    return 0


def export(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Write the whole log into a file, readable by its user alone."""
    path = Path(arguments["path"])
    path.touch(mode=0o600, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in portable.exported(services.trust))
    tell({"event": "exported", "entries": services.trust.head[0], "path": str(path)})
    return 0


def take_in(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Take an exported log into a home that has none; its tiers are the same then."""
    lines = Path(arguments["path"]).read_text(encoding="utf-8").splitlines()
    count = portable.taken_in(lines, services.trust)
    tell({"event": "taken_in", "entries": count, "root": services.trust.keys.root})
    return 0


TRUST: dict[str, Deed] = {
    "trust state": state,
    "trust accept": accept,
    "trust sign off": sign_off,
    "trust people": list_people,
    "trust roles": roles,
    "trust rights": rights,
    "trust export": export,
    "trust import": take_in,
}
