"""Keys for programs, and for rooms that are embedded in pages elsewhere: made, listed and revoked by their owner."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from billing.money import AMOUNT_MAX
from presence.errors import OwnKeyNeeded
from presence.sessions.bearer import DAY_SECONDS, DAYS_MAX, EMBED_SECONDS, LABEL_CHARS_MAX, BearerKey, Wanted
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited
from trustgraph import Tier, tier_named

TierName = Literal["public", "follower", "supporter", "circle", "inner"]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LABEL_CHARS_MAX)]
QUESTIONS_MAX = 100_000
Spend = Annotated[int, Field(ge=0, le=AMOUNT_MAX)]


def own_key(listener: ListenerDep) -> str:
    """Give the did of who is signed in with her own key; refuse everybody else."""
    if listener.did is None or listener.how != "key":
        raise OwnKeyNeeded
    return listener.did


OwnKeyDep = Annotated[str, Depends(own_key)]
limited = Depends(Limited("keys"))
router = APIRouter(prefix="/api/keys")


class KeyBody(BaseModel):
    """A key for a program."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    days: int = Field(ge=1, le=DAYS_MAX)
    tier_max: TierName = "inner"
    questions_per_day: int | None = Field(None, ge=1, le=QUESTIONS_MAX)
    spend_micros_per_day: Spend | None = None


class EmbedBody(BaseModel):
    """A key for a room in pages of one origin; whoever reads those pages asks with it, for free unless it says so."""

    model_config = ConfigDict(extra="forbid")

    origin: str = Field(pattern=r"^https?://[a-z0-9.\-\[\]:]+$", max_length=255)
    tier_max: TierName = "public"
    questions_per_day: int | None = Field(None, ge=1, le=QUESTIONS_MAX)
    spend_micros_per_day: Spend = 0


@router.post("", status_code=201, dependencies=[limited])
def make_key(body: KeyBody, did: OwnKeyDep, services: ServicesDep) -> JSONResponse:
    """Make a key for a program; its secret is told this once."""
    tier = int(tier_named(body.tier_max))
    spend = body.spend_micros_per_day
    wanted = Wanted(body.label, body.days * DAY_SECONDS, tier, body.questions_per_day, spend_micros_per_day=spend)
    return _made(*services.bearers.make(did, wanted))


@router.post("/embed", status_code=201, dependencies=[limited])
def make_embed(body: EmbedBody, did: OwnKeyDep, services: ServicesDep) -> JSONResponse:
    """Make a key of 15 minutes for a room that is embedded in pages of one origin."""
    tier = int(tier_named(body.tier_max))
    spend = body.spend_micros_per_day
    wanted = Wanted("embedded room", EMBED_SECONDS, tier, body.questions_per_day, body.origin, spend)
    return _made(*services.bearers.make(did, wanted))


@router.get("")
def list_keys(did: OwnKeyDep, services: ServicesDep) -> JSONResponse:
    """List your keys for programs, without their secrets."""
    return JSONResponse({"keys": [_shown(key) for key in services.bearers.of(did)]})


@router.delete("/{ident}", status_code=204)
def revoke_key(ident: str, did: OwnKeyDep, services: ServicesDep) -> Response:
    """Revoke a key at once."""
    services.bearers.revoke(did, ident)
    return Response(status_code=204)


def _made(key: BearerKey, secret: str) -> JSONResponse:
    return JSONResponse({**_shown(key), "secret": secret}, status_code=201, headers={"Cache-Control": "no-store"})


def _shown(key: BearerKey) -> dict[str, Any]:
    return {
        "id": key.ident,
        "label": key.label,
        "kind": key.kind,
        "tier_max": Tier(key.tier_max).slug,
        "questions_per_day": key.questions_per_day,
        "spend_micros_per_day": key.spend_micros_per_day,
        "origin": key.origin,
        "made_at": int(key.made_at),
        "expires_at": int(key.expires_at),
        "revoked": key.revoked_at is not None,
    }
