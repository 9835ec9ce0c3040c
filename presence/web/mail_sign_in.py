"""Signing in by a link in a mail, for who has no key and no scripts: an address, a mail, a button."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from presence.errors import LinkSpent, NoMail
from presence.sessions.listener import LISTENER_COOKIE, ident_of
from presence.sessions.listeners import MAIL_SECONDS, SESSION_COOKIE
from presence.sessions.mailboxes import ADDRESS_CHARS_MAX
from presence.sessions.tokens import TOKEN_CHARS, well_formed
from presence.web.auth import safe_place
from presence.web.clients import client_of
from presence.web.deps import ListenerDep, ServicesDep, cookie_of, set_cookie
from presence.web.limits import Limited, Limits
from presence.web.pages import render
from presence.web.spoken_in import spoken

router = APIRouter(prefix="/sign-in")
limited = Depends(Limited("sign_ins"))
NEXT_CHARS_MAX = 200
_PAGE = re.compile(r"/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?")  # a page of ours: no host, no other scheme

NextQuery = Annotated[str, Query(alias="next", max_length=NEXT_CHARS_MAX)]
NextForm = Annotated[str, Form(alias="next", max_length=NEXT_CHARS_MAX)]


@router.get("", response_class=HTMLResponse)
def sign_in_page(request: Request, listener: ListenerDep, then: NextQuery = "/") -> HTMLResponse:
    """Ask for an address, or say that no mail is sent from here."""
    return _page(request, "sign_in.html", sent=False, then=_page_of_ours(then))


@router.post("", response_class=HTMLResponse)
def send_link(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    email: Annotated[str, Form(max_length=ADDRESS_CHARS_MAX)],
    then: NextForm = "/",
) -> HTMLResponse:
    """Mail a link that works once; the answer is the same whoever it is."""
    safe_place(request)
    if not services.outbox.sends:
        raise NoMail
    limits: Limits = request.app.state.limits
    limits.count(limits.mails_from, [client_of(request)])
    limits.count(limits.mails_to, [services.mail_links.mailbox(email)])
    with spoken(request):
        services.mail_links.send(email, request.headers.get("host", ""), _page_of_ours(then))
    return _page(request, "sign_in.html", sent=True, then=_page_of_ours(then))


@router.get("/link", response_class=HTMLResponse)
def link_page(
    request: Request,
    listener: ListenerDep,
    token: Annotated[str, Query(max_length=TOKEN_CHARS)] = "",
    then: NextQuery = "/",
) -> HTMLResponse:
    """Ask for one click, so that a mail program that looks at links does not spend it."""
    return _page(request, "sign_in_link.html", link=token, then=_page_of_ours(then))


@router.post("/link", dependencies=[limited])
def sign_in(
    request: Request,
    services: ServicesDep,
    token: Annotated[str, Form(max_length=TOKEN_CHARS)] = "",
    then: NextForm = "/",
) -> RedirectResponse:
    """Spend the link and open a session; what was asked from this browser before is hers from now on."""
    safe_place(request)
    if well_formed(token) is None:
        raise LinkSpent
    mailbox = services.mail_links.spend(token)
    did = services.held_keys.did_of(mailbox)
    services.people.arrivals.by_mail(mailbox, did)
    asked = well_formed(cookie_of(request, LISTENER_COOKIE))
    secret = services.sessions.begin(did, how="mail", asked_as=ident_of(asked) if asked else None)
    response = RedirectResponse(_page_of_ours(then), status_code=303)
    set_cookie(request, response, SESSION_COOKIE, secret, MAIL_SECONDS)
    return response


def _page_of_ours(path: str) -> str:
    return path if _PAGE.fullmatch(path) else "/"


def _page(request: Request, template: str, **values: object) -> HTMLResponse:
    # No stricter policy for referrers than everywhere: with `no-referrer`, browsers send forms with a null origin.
    return HTMLResponse(render(request, template, **values), headers={"Cache-Control": "no-store"})
