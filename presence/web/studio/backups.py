"""Backups: the last one, making one now, taking one along, and how it comes back."""

import time
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from presence.bootstrap import Services
from presence.errors import BackupUnderWay, PassphraseNeeded
from presence.keeping.noted import last_backup, last_failure
from presence.languages import later, said
from presence.problems import sentence_of
from presence.settings import BACKUP_PASSPHRASE_CHARS_MIN
from presence.web.deps import ServicesDep
from presence.web.studio.frame import render_studio, room_of_the_studio

router = room_of_the_studio()
PAGE = "/studio/backups"
PASSPHRASE_CHARS_MAX = 1_024
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.get("/backups", response_class=HTMLResponse)
def backups_page(
    request: Request, services: ServicesDep, begun: Annotated[int, Query(ge=0, lt=2**53)] = 0
) -> HTMLResponse:
    """Show the last backup, those kept here, and what to do with them; asked about is one `begun` at Unix seconds."""
    return _page(request, services, begun=begun)


@router.post("/backups")
def make_backup(
    request: Request,
    services: ServicesDep,
    passphrase: Annotated[str, Form(max_length=PASSPHRASE_CHARS_MAX)] = "",
    again: Annotated[str, Form(max_length=PASSPHRASE_CHARS_MAX)] = "",
) -> Response:
    """Begin a backup; the page tells how far it is."""
    keeping = services.keeping
    if not keeping.has_passphrase and passphrase != again:
        return _page(
            request, services, wrong=later("The two passphrases differ. Type the same one twice."), status_code=422
        )
    try:
        begun = keeping.begin(None if keeping.has_passphrase else passphrase)
    except PassphraseNeeded:
        least = said("A passphrase has {least} characters or more: a few words do.", least=BACKUP_PASSPHRASE_CHARS_MIN)
        return _page(request, services, wrong=least, status_code=422)
    except BackupUnderWay as refusal:
        return _page(request, services, wrong=sentence_of(refusal), status_code=409)
    return RedirectResponse(f"{PAGE}?begun={begun}", status_code=303)


@router.get("/backups/{name}")
def take_along(name: str, services: ServicesDep) -> FileResponse:
    """Give a backup as a file; it is sealed."""
    file = services.keeping.file(name)
    return FileResponse(file, media_type="application/octet-stream", filename=name, headers=_NOT_KEPT)


def _page(
    request: Request, services: Services, *, begun: int = 0, wrong: str = "", status_code: int = 200
) -> HTMLResponse:
    keeping, home = services.keeping, services.home
    under_way = keeping.under_way  # before what was noted: one that ends in between is seen there
    page = render_studio(
        request,
        "backups.html",
        begun=begun,
        wrong=wrong,
        last=last_backup(home),
        failure=last_failure(home),
        under_way=under_way,
        stored=keeping.stored(),
        folder=keeping.folder,
        every_hours=keeping.every_hours,
        has_passphrase=keeping.has_passphrase,
        chars_min=BACKUP_PASSPHRASE_CHARS_MIN,
        chars_max=PASSPHRASE_CHARS_MAX,
        now=time.time(),
    )
    return HTMLResponse(page, status_code=status_code, headers=_NOT_KEPT)
