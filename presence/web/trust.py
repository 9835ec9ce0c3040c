"""Signed documents in, own standing out. Documents prove themselves: who sends them does not matter."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import NotSignedIn
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited
from trustgraph import DocumentRefused, Tier
from trustgraph.envelopes import ENVELOPE_BYTES_MAX

router = APIRouter(prefix="/api")
limited = Depends(Limited("documents"))


async def envelope_of(request: Request) -> bytes:
    """Give the body as it was sent: what is signed is never parsed before its signature was checked."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > ENVELOPE_BYTES_MAX:
            break  # its length alone refuses it
    return bytes(body)


def operator_only(listener: ListenerDep) -> Listener:
    """Refuse everybody but the operator."""
    if listener.operator_session is None:
        raise NotSignedIn
    return listener


EnvelopeDep = Annotated[bytes, Depends(envelope_of)]


@router.post("/grants", status_code=201, dependencies=[limited])
def take_grant(envelope: EnvelopeDep, services: ServicesDep) -> JSONResponse:
    """Take in a signed grant: by the artist, by a key that she delegated, or by who may introduce."""
    return _accepted(services, envelope, "grant")


@router.post("/revocations", status_code=201, dependencies=[limited])
def take_revocation(envelope: EnvelopeDep, services: ServicesDep) -> JSONResponse:
    """Take a grant back, or block a key; it holds at once, also in answers that are being written."""
    return _accepted(services, envelope, "revoke")


@router.post("/delegations", status_code=201, dependencies=[limited])
def take_delegation(envelope: EnvelopeDep, services: ServicesDep) -> JSONResponse:
    """Take in what a key of the node may do, signed by the artist."""
    return _accepted(services, envelope, "delegate")


@router.post("/rotations", status_code=201, dependencies=[limited])
def take_rotation(envelope: EnvelopeDep, services: ServicesDep) -> JSONResponse:
    """Take in the artist's next key, or what recovery keys ask for."""
    if services.trust.keys.root is None:  # an empty log is begun at home; whoever comes first over HTTP is nobody
        raise DocumentRefused("no_artist")
    return _accepted(services, envelope, "key")


@router.post("/checkpoints", status_code=201, dependencies=[limited])
def take_checkpoint(envelope: EnvelopeDep, services: ServicesDep) -> JSONResponse:
    """Take in the artist's word for the head of the log; it ends a doubt about it."""
    checkpoint = services.trust.sign_off(envelope)
    return JSONResponse({"id": checkpoint.ident, "seq": checkpoint.seq, "doubt": services.trust.doubt}, status_code=201)


@router.get("/trust")
def trust(services: ServicesDep) -> JSONResponse:
    """Whose trust is asked for here: the artist's id and present key, and the time by this node's clock."""
    keys = services.trust.keys
    return JSONResponse({"root": keys.root, "artist": keys.key, "now": int(services.trust.now())})


@router.get("/trust/head", dependencies=[Depends(operator_only)])
def head(services: ServicesDep, seq: Annotated[int | None, Query(ge=0, lt=2**53)] = None) -> JSONResponse:
    """The head of the log, for the artist's own client; with `seq`, the hash of an earlier entry too."""
    number, hashed = services.trust.head
    told: dict[str, Any] = {"seq": number, "head": hashed, "doubt": services.trust.doubt}
    if seq is not None:
        told["at"] = {"seq": seq, "hash": services.trust.hash_at(seq)}
    return JSONResponse(told)


@router.get("/me")
def me(services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Who you are here, how far you may read, and whom you may introduce."""
    standing = services.standings(listener)
    told: dict[str, Any] = {"did": listener.did, "how": listener.how, "tier": Tier(standing.tier).slug}
    told["root"] = services.trust.keys.root
    told["operator"] = listener.operator_session is not None
    told["rights"] = rights(services, listener)
    return JSONResponse(told)


def rights(services: Services, listener: Listener) -> list[dict[str, Any]]:
    """Give what a listener may introduce others under; nobody does so with a key that the node holds."""
    if listener.did is None or listener.how not in ("key", "signature"):
        return []
    return [
        {
            "parent": right.parent,
            "tier": right.tier.slug,
            "depth": right.depth,
            "left": right.left,
            "nbf": right.nbf,
            "exp": right.exp,
        }
        for right in services.trust.rights_of(listener.did)
    ]


def _accepted(services: Services, envelope: bytes, kind: str) -> JSONResponse:
    accepted = services.trust.accept(envelope, kind)
    entry = accepted.entry
    told = {"id": entry.event, "seq": entry.seq, "ordinal": entry.ordinal}
    return JSONResponse(told, status_code=201 if accepted.is_new else 200)
