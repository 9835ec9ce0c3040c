"""Gives a question that the notes could not answer to the artist, once the listener asks for it.

She need not be known to hear back: an address is enough, and is kept for this alone.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from presence.errors import AddressWrong, NoMail, NothingToForward, SignInFirst
from presence.sessions.mailboxes import ADDRESS_CHARS_MAX
from presence.telling.kinds import Kind
from presence.web.beside import read_answer
from presence.web.clients import client_of
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known
from presence.web.limits import Limited, Limits
from presence.web.listener import shown_answer
from presence.web.spoken_in import spoken

router = APIRouter()


class ForwardBody(BaseModel):
    """Whether the listener's name goes with her question."""

    model_config = ConfigDict(extra="forbid")

    with_name: bool = False


@router.post("/api/questions/{ident}/forward", dependencies=[Depends(Limited("reports"))])
def forward(ident: str, body: ForwardBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Give an unanswered question of one's own to the artist; a second time changes nothing."""
    with_name = services.inbox.forward(ident, listener, with_name=body.with_name)
    return JSONResponse({"id": ident, "forwarded": True, "with_name": with_name})


@router.post("/answers/{ident}/forward", dependencies=[Depends(Limited("reports"))])
def forward_by_form(
    ident: str, services: ServicesDep, listener: ListenerDep, without_name: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Do the same from the answer's page, and lead back to it."""
    services.inbox.forward(ident, listener, with_name=not without_name)
    return RedirectResponse(f"/answers/{ident}#forwarded-{ident}", status_code=303)


@router.post("/answers/{ident}/hear", dependencies=[Depends(Limited("reports"))])
def hear_back(
    request: Request,
    ident: str,
    services: ServicesDep,
    listener: ListenerDep,
    email: Annotated[str, Form(max_length=ADDRESS_CHARS_MAX)] = "",
) -> Response:
    """Take an address to write to when the artist has answered; nothing is written before a link there confirms it."""
    if listener.did is not None and known(listener) is None:
        raise SignInFirst  # a program, or a room in a page elsewhere: its owner's mail is not its own
    answer = read_answer(services, ident, listener, request.state.tier)
    if "forwarded" not in answer:
        raise NothingToForward
    if not services.outbox.sends:
        raise NoMail
    limits: Limits = request.app.state.limits
    telling, who = services.telling, listener.ident
    try:
        limits.count(limits.mails_to, [services.mail_links.mailbox(email)])
        limits.count(limits.mails_from, [client_of(request), who])
        with spoken(request):
            telling.addresses.give(who, email, request.headers.get("host", ""))
    except AddressWrong as refusal:
        page = shown_answer(request, services, listener, answer, email=email, email_wrong=str(refusal))
        return HTMLResponse(page, status_code=422)
    by_mail = replace(telling.choices.of(who)[Kind.QUESTION_ANSWERED], mail=True)
    telling.choices.choose(who, {Kind.QUESTION_ANSWERED: by_mail})
    return RedirectResponse(f"/answers/{ident}#forwarded-{ident}", status_code=303)
