"""“What I am told”: what a listener wants to hear of, by mail or in this browser, and how she stops it.

The links in mails work without a session: a page with a button for her, one request for her mail program (RFC 8058).
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.errors import ConfirmationSpent, NoMail, SignInFirst
from presence.languages import later, said
from presence.sessions.mailboxes import ADDRESS_CHARS_MAX
from presence.sessions.tokens import TOKEN_CHARS, well_formed
from presence.telling.choices import ALL
from presence.telling.kinds import AT_ONCE_ONLY, NOTHING, Choice, Kind
from presence.telling.push_door import ENDPOINT_CHARS_MAX
from presence.web.clients import client_of
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.known import known, must_be_known
from presence.web.limits import Limited, Limits
from presence.web.pages import STATIC, render
from presence.web.spoken_in import spoken

router = APIRouter()
PAGE = "/telling"
SENTENCES = {
    Kind.QUESTION_ANSWERED: later("when a question of mine is answered by {artist}"),
    Kind.LET_IN: later("when more opens to me"),
    Kind.SHE_IS_HERE: later("when {artist} is here"),
    Kind.TIER_ENDS_SOON: later("a week before something closes to me again"),
    Kind.RENEWAL_FAILED: later("when my subscription could not be renewed"),
}
Way = Literal["nothing", "mail", "push", "both"]
When = Literal["at_once", "daily"]
HERS = {"Cache-Control": "no-store"}
limited = Depends(Limited("documents"))
Email = Annotated[str, Form(max_length=ADDRESS_CHARS_MAX)]


class ChoiceBody(BaseModel):
    """By which ways, and whether once a day."""

    model_config = ConfigDict(extra="forbid")

    mail: bool = False
    push: bool = False
    daily: bool = False


class ChosenForm(BaseModel):
    """What the page's form holds: for each kind by which way, and when."""

    model_config = ConfigDict(extra="forbid")

    question_answered: Way | None = None
    question_answered_when: When = "at_once"
    let_in: Way | None = None
    let_in_when: When = "at_once"
    she_is_here: Way | None = None
    tier_ends_soon: Way | None = None
    tier_ends_soon_when: When = "at_once"
    renewal_failed: Way | None = None
    renewal_failed_when: When = "at_once"

    def choices(self) -> dict[Kind, Choice]:
        """Give what was chosen."""
        ways = {kind: getattr(self, kind) for kind in Kind}
        return {
            kind: _choice(way, getattr(self, f"{kind}_when", "at_once"))
            for kind, way in ways.items()
            if way is not None
        }


class AddressBody(BaseModel):
    """An address to confirm."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(max_length=ADDRESS_CHARS_MAX)


class BrowserKeys(BaseModel):
    """What a browser seals its pushes with."""

    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=60)


class BrowserBody(BaseModel):
    """A browser's subscription, as browsers write it; what else they write is left out."""

    model_config = ConfigDict(extra="ignore")

    endpoint: str = Field(max_length=ENDPOINT_CHARS_MAX)
    keys: BrowserKeys


class EndpointBody(BaseModel):
    """Which browser."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=ENDPOINT_CHARS_MAX)


@router.get("/sw.js", include_in_schema=False)
def service_worker() -> FileResponse:
    """Give the script that shows pushes; it is for all pages of this presence, and it is looked for anew each time."""
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return FileResponse(STATIC / "sw.js", media_type="text/javascript", headers=headers)


@router.get("/telling", response_class=HTMLResponse)
def telling_page(request: Request, services: ServicesDep, listener: ListenerDep) -> HTMLResponse:
    """Show what she chose, and what she could be told lately."""
    did = known(listener)
    if did is None:
        return _page(request, "telling_unknown.html")
    telling = services.telling
    return _page(
        request,
        "telling.html",
        address=telling.addresses.of(did),
        kinds=_shown(telling.choices.of(did), services.settings.artist_name),
        browsers=telling.browsers.count(did),
        push_key=telling.push_key,
        lately=telling.lately(did),
    )


@router.post("/telling", dependencies=[limited])
def choose(services: ServicesDep, listener: ListenerDep, form: Annotated[ChosenForm, Form()]) -> RedirectResponse:
    """Keep what she chose in the form; what is not in it stays as it was."""
    services.telling.choices.choose(must_be_known(listener), form.choices())
    return RedirectResponse(PAGE, status_code=303)


@router.post("/telling/address", dependencies=[limited])
def give_address(request: Request, services: ServicesDep, listener: ListenerDep, email: Email = "") -> RedirectResponse:
    """Mail a link to an address that she gives; nothing else comes there before it was used."""
    _give_address(request, services, must_be_known(listener), email)
    return RedirectResponse(PAGE, status_code=303)


@router.post("/telling/address/forget", dependencies=[limited])
def forget_address(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Forget her address; no mail comes any more."""
    services.telling.addresses.forget(must_be_known(listener))
    return RedirectResponse(PAGE, status_code=303)


@router.post("/telling/nothing", dependencies=[limited])
def stop_everything(services: ServicesDep, listener: ListenerDep) -> RedirectResponse:
    """Tell her nothing any more, and forget her address and her browsers."""
    services.telling.forget(must_be_known(listener))
    return RedirectResponse(PAGE, status_code=303)


@router.get("/telling/confirm", response_class=HTMLResponse)
def confirm_page(
    request: Request, listener: ListenerDep, token: Annotated[str, Query(max_length=TOKEN_CHARS)] = ""
) -> HTMLResponse:
    """Ask for one press, so that a mail program that looks at links confirms nothing."""
    return _page(request, "telling_confirm.html", link=token, is_done=False)


@router.post("/telling/confirm", response_class=HTMLResponse, dependencies=[limited])
def confirm(
    request: Request,
    services: ServicesDep,
    listener: ListenerDep,
    token: Annotated[str, Form(max_length=TOKEN_CHARS)] = "",
) -> HTMLResponse:
    """Take the address for confirmed; whoever holds the link needs no session for that."""
    if well_formed(token) is None:
        raise ConfirmationSpent
    services.telling.addresses.confirm(token)
    return _page(request, "telling_confirm.html", link="", is_done=True)


@router.get("/telling/stop/{ident}/{named}/{mark}", response_class=HTMLResponse)
def stop_page(
    request: Request, services: ServicesDep, listener: ListenerDep, ident: str, named: str, mark: str
) -> HTMLResponse:
    """Ask for one press; looking at a link stops nothing."""
    kinds = services.telling.choices.stopping(ident, named, mark)
    return _stop_page(request, services, named, kinds, is_done=False)


@router.post("/telling/stop/{ident}/{named}/{mark}", response_class=HTMLResponse)
def stop(
    request: Request, services: ServicesDep, listener: ListenerDep, ident: str, named: str, mark: str
) -> HTMLResponse:
    """Send no more of these mails, at once; whatever the body says (RFC 8058 sends one).

    It is not counted against a limit: the great mail services send all of these from a few machines.
    """
    kinds = services.telling.choices.stop(ident, named, mark)
    return _stop_page(request, services, named, kinds, is_done=True)


@router.get("/api/telling")
def told_choices(services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Tell what she chose, her address, and the key that a browser needs to take pushes."""
    did, telling = _herself(listener), services.telling
    address, choices = telling.addresses.of(did), telling.choices.of(did)
    told = {
        "address": address.confirmed,
        "address_waiting": address.waiting,
        "choices": {
            kind: {"mail": choice.mail, "push": choice.push, "daily": choice.daily} for kind, choice in choices.items()
        },
        "browsers": telling.browsers.count(did),
        "push_key": telling.push_key,
        "lately": [{"title": one.title, "link": one.link, "at": int(one.at)} for one in telling.lately(did)],
    }
    return JSONResponse(told, headers=HERS)


@router.put("/api/telling/choices", dependencies=[limited])
def keep_choices(body: dict[Kind, ChoiceBody], services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Keep what she chose for the kinds that are named, and tell all of it."""
    chosen = {kind: Choice(choice.mail, choice.push, choice.daily) for kind, choice in body.items()}
    services.telling.choices.choose(_herself(listener), chosen)
    return told_choices(services, listener)


@router.post("/api/telling/address", status_code=202, dependencies=[limited])
def give_address_by_program(
    request: Request, body: AddressBody, services: ServicesDep, listener: ListenerDep
) -> JSONResponse:
    """Mail a link that confirms an address."""
    did = _herself(listener)
    _give_address(request, services, did, body.address)
    return JSONResponse({"address_waiting": services.telling.addresses.of(did).waiting}, status_code=202, headers=HERS)


@router.delete("/api/telling/address", status_code=204, dependencies=[limited])
def forget_address_by_program(services: ServicesDep, listener: ListenerDep) -> Response:
    """Forget her address."""
    services.telling.addresses.forget(_herself(listener))
    return Response(status_code=204)


@router.post("/api/telling/browsers", status_code=201, dependencies=[limited])
def keep_browser(body: BrowserBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Keep this browser for pushes; the eleventh takes the place of the oldest."""
    did = _herself(listener)
    services.telling.browsers.keep(did, body.endpoint, body.keys.p256dh, body.keys.auth)
    return JSONResponse({"browsers": services.telling.browsers.count(did)}, status_code=201, headers=HERS)


@router.delete("/api/telling/browsers", status_code=204, dependencies=[limited])
def drop_browser(body: EndpointBody, services: ServicesDep, listener: ListenerDep) -> Response:
    """Push nothing to this browser any more."""
    services.telling.browsers.drop(_herself(listener), body.endpoint)
    return Response(status_code=204)


@router.delete("/api/telling", status_code=204, dependencies=[limited])
def stop_everything_by_program(services: ServicesDep, listener: ListenerDep) -> Response:
    """Tell her nothing any more, and forget her address and her browsers."""
    services.telling.forget(_herself(listener))
    return Response(status_code=204)


def _herself(listener: Listener) -> str:
    """Give who signed in, or signed this request; a program's key does not say where its owner has her mail."""
    did = listener.did if listener.how == "signature" else known(listener)
    if did is None:
        raise SignInFirst
    return did


def _give_address(request: Request, services: Services, did: str, address: str) -> None:
    if not services.outbox.sends:
        raise NoMail
    limits: Limits = request.app.state.limits
    limits.count(limits.mails_from, [client_of(request), did])
    limits.count(limits.mails_to, [services.mail_links.mailbox(address)])
    with spoken(request):
        services.telling.addresses.give(did, address, request.headers.get("host", ""))


def _choice(way: Way, when: When) -> Choice:
    return Choice(way in ("mail", "both"), way in ("push", "both"), when == "daily")


def _shown(choices: dict[Kind, Choice], artist: str) -> list[dict[str, Any]]:
    return [
        {
            "name": kind,
            "words": said(SENTENCES[kind], artist=artist),
            "way": _way(choices.get(kind, NOTHING)),
            "daily": None if kind in AT_ONCE_ONLY else choices[kind].daily,
        }
        for kind in Kind
    ]


def _way(choice: Choice) -> str:
    if choice.mail and choice.push:
        return "both"
    return "mail" if choice.mail else "push" if choice.push else "nothing"


def _stop_page(
    request: Request, services: Services, named: str, kinds: tuple[Kind, ...], *, is_done: bool
) -> HTMLResponse:
    words = services.telling.words
    abouts = [words.about(None)] if named == ALL else [words.about(kind) for kind in kinds]
    return _page(request, "telling_stop.html", abouts=abouts, is_done=is_done)


def _page(request: Request, template: str, **values: object) -> HTMLResponse:
    return HTMLResponse(render(request, template, **values), headers=HERS)
