"""A collaborator's page: what she is named in, and what it brought her. Her link is the key; she needs no account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from billing.shares import ARTIST
from billing.splits import Party, Split, stands
from billing.statements import earned_by
from presence.bootstrap import Services
from presence.errors import NotPublished, UnknownSplit
from presence.languages import later, said
from presence.paying.witness_keys import witness_key
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited
from presence.web.pages import render

router = APIRouter(prefix="/splits")
WORD_CHARS_MAX = 64
KEY_CHARS_MAX = 400
Word = Annotated[str, Path(max_length=WORD_CHARS_MAX)]
# The address is the secret: it is kept by no cache and told to no other site. A form's own site is told, or the
# browser would say that the form comes from nowhere.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


@router.get("/{word}", response_class=HTMLResponse)
def split_page(request: Request, word: Word, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show a collaborator what she is named in, and what it brought her month by month."""
    party, witnesses = _party(services, word), services.paying.witnesses
    every = services.paying.splits.listed()
    names = {one.ident: one.name for one in services.paying.splits.parties()} | {ARTIST: services.settings.artist_name}
    page = render(
        request,
        "split.html",
        party=party,
        word=word,
        splits=[(split, _state(split, party, every)) for split in every if party.ident in split.shares],
        names=names,
        part=part,
        about=about,
        currency=services.paying.currency.code,
        earned=earned_by(services.database.snapshot, party.ident),
        may_cosign=witnesses is not None and witnesses.may_register(party.ident),
        witness=witnesses.of_party(party.ident) if witnesses is not None else None,
        here=services.origins.of(request.headers.get("host", "")),
    )
    return HTMLResponse(page, headers=_HEADERS)


@router.post("/{word}/accept", dependencies=[Depends(Limited("documents"))])
def accept(word: Word, services: ServicesDep, version: Annotated[int, Form(ge=1)]) -> RedirectResponse:
    """Agree to a split that names her."""
    services.paying.splits.accept(_party(services, word).ident, version)
    return RedirectResponse(f"/splits/{word}", status_code=303, headers=_HEADERS)


@router.post("/{word}/witness", dependencies=[Depends(Limited("documents"))])
def watch(word: Word, services: ServicesDep, key: Annotated[str, Form(max_length=KEY_CHARS_MAX)]) -> RedirectResponse:
    """Take in the key by which she cosigns the public log: a did, or the line of a verifier."""
    party = _party(services, word)
    if services.paying.witnesses is None:
        raise NotPublished
    services.paying.witnesses.register(party.ident, witness_key(key))
    return RedirectResponse(f"/splits/{word}", status_code=303, headers=_HEADERS)


def part(share: int) -> str:
    """Write hundredths of a percent; the whole is written as a word."""
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %" if share < 10_000 else later("everything")


def _party(services: Services, word: str) -> Party:
    party = services.paying.splits.party_of(word)
    if party is None:
        raise UnknownSplit
    return party


def _state(split: Split, party: Party, every: list[Split]) -> str:
    """Say how a split stands, to one of those whom it names."""
    if split.ended_at is None and party.ident not in split.accepted:
        return "yours"
    if split.ended_at is None and not split.is_agreed:
        return "others"
    return stands(split, every)


def about(scope: str) -> str:
    """Name what a split is about; a note's title may be a secret, so it is named by its id."""
    kind, _, ident = scope.partition(":")
    forms = {"node": later("Everything here"), "release": later("The record {id}"), "note": later("The note {id}")}
    return said(forms[kind], id=ident)
