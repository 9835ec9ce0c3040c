"""The one table from refusals to HTTP, and how a refusal looks to a browser and to a program."""

import asyncio
import secrets
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from billing import errors as billing_errors
from billing.cards import errors as card_errors
from knowledge import errors as knowledge_errors
from models import errors as models_errors
from presence import errors
from presence.bootstrap import Services
from presence.languages import Said, later, said, speaking, wording
from presence.languages.elsewhere import IN_SHORT
from presence.languages.sentences import translated_as
from presence.paying.refused import refused
from presence.stores import FAILURES, refusal_of
from presence.web.openai_errors import chat_problem, is_chat
from presence.web.pages import render
from presence.web.protected import challenge
from presence.web.safe_headers import SAFE_HEADERS
from presence.web.spoken_in import language_asked
from trustgraph import errors as trust_errors

log = structlog.get_logger()

STATUS: dict[type[Exception], int] = {
    billing_errors.BillingError: 500,
    billing_errors.HoldAlreadyEnded: 409,
    billing_errors.AllowanceReached: 402,
    billing_errors.AmountWrong: 422,
    billing_errors.CapReached: 402,
    billing_errors.CurrencyWrong: 422,
    billing_errors.FreeUsedUp: 409,
    billing_errors.LogRewound: 503,
    billing_errors.NotEnough: 402,
    billing_errors.NothingCanBePaid: 503,
    billing_errors.NoWallet: 402,
    billing_errors.OwedOutsideHold: 500,
    billing_errors.PostingDiffers: 409,
    billing_errors.PricesWrong: 422,
    billing_errors.ReceiptWrong: 422,
    billing_errors.SplitWrong: 422,
    billing_errors.WalletFrozen: 402,
    billing_errors.WitnessRefused: 422,
    errors.PriceNotAgreed: 402,
    errors.NoCards: 404,
    card_errors.CardsAway: 503,
    card_errors.CardsRefused: 422,
    card_errors.WebhookRefused: 400,
    errors.BodyTooLarge: 413,
    errors.SentTooMuch: 413,
    errors.UnknownBringing: 404,
    errors.NotWaiting: 409,
    errors.Busy: 503,
    errors.CrossSite: 403,
    errors.NotText: 422,
    errors.NothingHere: 404,
    errors.DatabaseAway: 503,
    errors.DiskRefuses: 503,
    errors.HomeOwned: 503,
    errors.MoveRefused: 409,
    errors.OtherKeys: 409,
    errors.HomeTooNew: 500,
    errors.KeyReused: 409,
    errors.NamedElsewhere: 409,
    errors.NotShown: 404,
    errors.LineWrong: 422,
    errors.NotHeld: 409,
    errors.HeldByAnother: 409,
    errors.ShutOut: 409,
    errors.NotInPerson: 403,
    errors.MemoryOff: 409,
    errors.NotConfirmed: 422,
    errors.NothingToRemember: 409,
    errors.StillAnswering: 503,
    errors.BackupDoubtful: 500,
    errors.BackupFailed: 500,
    errors.BackupTooNew: 409,
    errors.BackupUnderWay: 409,
    errors.BackupUnreadable: 422,
    errors.NoRoomForBackup: 507,
    errors.NotEmptyHere: 409,
    errors.PassphraseNeeded: 422,
    errors.UnknownBackup: 404,
    errors.UnknownShare: 404,
    errors.UnknownMemory: 404,
    errors.NotSignedIn: 401,
    errors.OfferExpired: 409,
    errors.OwnerGone: 503,
    errors.PresenceError: 500,
    errors.QuestionEmpty: 422,
    errors.QuestionTooLong: 422,
    errors.SettingsWrong: 500,
    errors.ListWrong: 422,
    errors.NothingWritten: 422,
    errors.TextUnreadable: 422,
    errors.PasskeyRefused: 422,
    errors.PasskeysFull: 409,
    errors.SignInRefused: 401,
    errors.SignInUnsafe: 403,
    errors.LogNotOurs: 409,
    errors.MayNotIntroduce: 403,
    errors.NodeUnreachable: 502,
    errors.TierTooLow: 403,
    errors.TokenSpent: 401,
    errors.NothingToForward: 409,
    errors.UnknownAct: 422,
    errors.UnknownGroup: 404,
    errors.UnknownQuestion: 404,
    errors.PersonaWrong: 500,
    errors.UnknownConversation: 404,
    errors.ThingNeeded: 422,
    errors.Unpaid: 402,
    errors.UnknownModel: 404,
    errors.ChatRefused: 422,
    errors.AnswerFailed: 503,
    errors.UnknownSource: 404,
    errors.AddressWrong: 422,
    errors.DoorShut: 503,
    errors.TillShut: 503,
    errors.InviteClosed: 410,
    errors.InviteExpired: 410,
    errors.InviteFull: 409,
    errors.InviteWrong: 422,
    errors.NameWrong: 422,
    errors.RequestWrong: 422,
    errors.RequestsFull: 503,
    errors.RoomClosed: 403,
    errors.RuleWrong: 422,
    errors.SignInFirst: 401,
    errors.TakenBack: 403,
    errors.TermsWrong: 422,
    errors.TooManyToday: 429,
    errors.SentencesUsedUp: 429,
    errors.AddressUsedUp: 429,
    errors.ConversationFull: 429,
    errors.ReportWrong: 422,
    errors.UnknownReport: 404,
    errors.UnknownInvite: 404,
    errors.UnknownRequest: 404,
    errors.UnknownReceipt: 404,
    errors.UnknownWallet: 404,
    errors.UnknownSplit: 404,
    errors.NotPublished: 404,
    errors.StatementWrong: 422,
    errors.NotSigned: 404,
    errors.SiteWrong: 422,
    errors.UnknownSite: 404,
    errors.NotEmbedded: 403,
    errors.EmbedPassOver: 403,
    errors.SiteFull: 429,
    errors.ResourceMissing: 400,
    errors.UnknownResource: 404,
    errors.BearerWrong: 401,
    errors.KeyMoved: 403,
    errors.LinkSpent: 401,
    errors.Undelivered: 503,
    errors.MailUndelivered: 503,
    errors.PushUndelivered: 503,
    errors.BrowserWrong: 422,
    errors.ConfirmationSpent: 410,
    errors.UnknownStop: 404,
    errors.NoMail: 409,
    errors.KeyMissing: 401,
    errors.OwnKeyNeeded: 403,
    errors.ProgramUnknown: 404,
    errors.ProgramWrong: 400,
    errors.SignatureWrong: 401,
    errors.TooMany: 429,
    errors.TooManyKeys: 409,
    errors.UnknownKey: 404,
    knowledge_errors.ImportRefused: 422,
    knowledge_errors.IndexUnavailable: 503,
    knowledge_errors.ImportUndone: 409,
    knowledge_errors.KnowledgeError: 500,
    knowledge_errors.NotProse: 422,
    knowledge_errors.NoteIsAway: 409,
    knowledge_errors.NoteIsShown: 409,
    knowledge_errors.PreviewGone: 404,
    knowledge_errors.PreviewOutdated: 409,
    knowledge_errors.KnownFromHigherTier: 409,
    knowledge_errors.NameUnclear: 409,
    knowledge_errors.NameUnknown: 404,
    knowledge_errors.NotJoinable: 409,
    knowledge_errors.NothingToUndo: 404,
    knowledge_errors.NotSound: 422,
    knowledge_errors.NoRoom: 507,
    knowledge_errors.RecordingTooLarge: 413,
    knowledge_errors.UnknownRecording: 404,
    knowledge_errors.UnknownUpload: 404,
    knowledge_errors.UploadBusy: 423,
    knowledge_errors.WrongOffset: 409,
    knowledge_errors.NothingToImport: 422,
    knowledge_errors.TooManyFiles: 422,
    knowledge_errors.UnknownImport: 404,
    knowledge_errors.UnknownNote: 404,
    models_errors.DownloadFailed: 502,
    models_errors.EngineMissing: 503,
    models_errors.ModelError: 500,
    models_errors.ModelMissing: 503,
    models_errors.ModelUnreadable: 503,
    models_errors.WeightsTampered: 500,
    models_errors.WriterBusy: 503,
    models_errors.WriterStopped: 503,
    models_errors.WriterUnreachable: 502,
    trust_errors.DocumentRefused: 422,
    trust_errors.ExportWrong: 422,
    trust_errors.KeyFileWrong: 422,
    trust_errors.SealedFileWrong: 422,
    trust_errors.LogInDoubt: 503,
    trust_errors.LogNotEmpty: 409,
    trust_errors.TrustError: 500,
    trust_errors.UnknownTier: 422,
}
"""Looked up along the class's ancestry; a test walks every `errors.py` and misses nobody."""

DOCUMENT_STATUS = {
    "quota_exceeded": 409,
    "may_not_revoke": 403,
    "may_not_vouch": 403,
    "not_artist": 403,
    "not_delegated": 403,
    "blocked": 403,
    "already_begun": 409,
    "no_artist": 409,
    "parent_not_live": 409,
    "unknown_parent": 409,
    "unknown_target": 409,
    "too_big": 413,
    "clock_behind": 503,
}
"""Signed documents that are well formed and still refused; every other code is 422."""

RETRY_AFTER_S = 10
BUG = later("Something failed here. If it happens again, name the reference {reference}.")


def status_of(error: Exception) -> int:
    """Give the status of a refusal; whatever has none is a bug, 500."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def sentence_of(error: Exception) -> str:
    """Give what a refusal says, with how it was made, so that it can be said in another language."""
    if error.args and isinstance(error.args[0], Said):
        return error.args[0]
    form = IN_SHORT.get(type(error))
    return str(error) if form is None else translated_as(str(error), form)


async def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    code: str | None = None,
    more: dict[str, Any] | None = None,
) -> Response:
    """Show a refusal: a page to a browser, `application/problem+json` to a program, OpenAI's shape to its clients."""
    if is_chat(request.url.path):
        return chat_problem(request, status, detail, headers=headers, code=code, more=more or {})
    title = HTTPStatus(status).phrase
    if "text/html" in request.headers.get("accept", ""):
        shown = {"status": status, "detail": detail, "title": title, "more": more or {}}
        page = await run_in_threadpool(render, request, "problem.html", **shown)  # it reads the names of tiers
        return HTMLResponse(page, status_code=status, headers=headers)
    asked = language_asked(request)
    if asked is not None:
        with speaking(asked, request.app.state.services.settings.artist_name):
            detail = wording(detail)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail} | (
        {"code": code} if code else {}
    )
    body |= more or {}
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Teach the application the table."""
    for base in STATUS:
        app.add_exception_handler(base, _refusal)
    for failure in FAILURES:
        app.add_exception_handler(failure, _failed)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


async def _refusal(request: Request, error: Exception) -> Response:
    request.app.state.services.metrics.refused(type(error))
    status = DOCUMENT_STATUS.get(getattr(error, "code", ""), status_of(error))
    if status >= 500 and status not in (503, 507):
        return await _bug(request, error)
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after_s", RETRY_AFTER_S))
    detail, more = sentence_of(error), None
    if status == 402:
        detail, more = await asyncio.to_thread(refused, request.app.state.services.paying, error)
    if isinstance(error, errors.ChatRefused):
        more = {"param": error.param}
    if isinstance(error, errors.BearerWrong):
        headers["WWW-Authenticate"] = challenge(request, str(error))
    elif isinstance(error, errors.KeyMissing):
        headers["WWW-Authenticate"] = challenge(request)
    return await problem(request, status, detail, headers=headers, code=getattr(error, "code", None), more=more)


async def _failed(request: Request, error: Exception) -> Response:
    """Say of a store that is away, busy or full what it means; of any other failure that it is a bug."""
    if (refusal := refusal_of(error)) is None:
        return await _bug(request, error)
    log.warning("store", refusal=type(refusal).__name__, exc_info=error)
    return await _refusal(request, refusal)


def problem_of(services: Services, error: Exception) -> dict[str, Any]:
    """Give a refusal where it is no answer of HTTP; of a bug it tells a reference alone."""
    error = refusal_of(error) or error
    services.metrics.refused(type(error))
    status = status_of(error)
    if status >= 500 and status not in (503, 507):
        reference = secrets.token_hex(4)
        log.error("bug", reference=reference, exc_info=error)
        return {"status": 500, "detail": said(BUG, reference=reference)}
    detail, more = refused(services.paying, error) if status == 402 else (sentence_of(error), {})
    if status in (429, 503):
        more["retry_after_s"] = getattr(error, "retry_after_s", RETRY_AFTER_S)
    return {"status": status, "detail": detail, **more}


async def _malformed(request: Request, error: Exception) -> Response:
    first: dict[str, Any] = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    where = ".".join(str(part) for part in first.get("loc", ()) if part != "body") or "the request"
    why = first.get("msg", later("it cannot be read"))
    return await problem(request, 422, said("{where}: {why}.", where=where, why=why))


async def _http(request: Request, error: Exception) -> Response:
    cause = error.__cause__  # FastAPI hides here what went wrong with a body
    if isinstance(cause, Exception) and type(cause) in STATUS:
        return await _refusal(request, cause)
    if cause is not None:
        return await problem(request, 422, later("The request cannot be read. Send JSON in UTF-8."))
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = {404: later("There is nothing at this address."), 405: later("That cannot be done here.")}.get(status)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return await problem(request, status, detail or str(getattr(error, "detail", "")), headers=headers)


async def _bug(request: Request, error: Exception) -> Response:
    reference = secrets.token_hex(4)
    # The address itself may hold what opens something: an invite, a sign-in link.
    route = getattr(request.scope.get("route"), "path", "-")
    log.error("bug", reference=reference, route=route, exc_info=error)
    # Whoever answers for bugs stands outside the guard, which adds these to everything else.
    return await problem(
        request, 500, said(BUG, reference=reference), headers={**SAFE_HEADERS, "Cache-Control": "no-store"}
    )
