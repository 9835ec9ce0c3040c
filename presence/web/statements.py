"""Who answered: the signature of an answer in plain words, and a copy that can be checked without this node."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from presence.asking.contracts import Listener
from presence.asking.vouched import checked, copy_of
from presence.bootstrap import Services
from presence.errors import NotSigned
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.disclosure import disclosed, disclosure_headers, quotes_notes
from presence.web.pages import render

router = APIRouter(prefix="/answers")


@router.get("/{ident}/signed", response_class=HTMLResponse)
def signed_page(request: Request, ident: str, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Say who signed an answer, and how that can be checked."""
    answer, copy = _copy(services, ident, listener)
    page = render(request, "signed.html", answer=answer, told=checked(copy, services.trust.keys.root))
    return HTMLResponse(page, headers=disclosure_headers(answer["writer"]))


@router.get("/{ident}/signed.json")
def signed_copy(ident: str, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give a copy of an answer with its signature, and with the artist's word for the key that signed it."""
    answer, copy = _copy(services, ident, listener)
    headers = {"Content-Disposition": 'attachment; filename="answer.json"', "Cache-Control": "no-store"}
    said = disclosed(answer["writer"], services.settings.artist_name, quotes=quotes_notes(answer))
    return JSONResponse({**copy, **said}, headers=headers | disclosure_headers(answer["writer"]))


def _copy(services: Services, ident: str, listener: Listener) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = services.answers.read(ident, listener)
    copy = copy_of(answer, services.trust)
    if copy is None:
        raise NotSigned
    return answer, copy
