"""A refusal in OpenAI's shape, as its clients read it: what went wrong, of which kind, and what would help."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from presence.web.spoken import absolute, payment_in_words

PREFIX = "/v1/"

_KINDS = {
    400: ("invalid_request_error", "invalid_request"),
    401: ("authentication_error", "invalid_api_key"),
    402: ("insufficient_quota", "payment_required"),
    403: ("permission_error", "forbidden"),
    404: ("invalid_request_error", "not_found"),
    405: ("invalid_request_error", "method_not_allowed"),
    409: ("invalid_request_error", "conflict"),
    413: ("invalid_request_error", "request_too_large"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
}
# What stays as it is however often it is sent; clients would send it again by themselves.
_FINAL = (409,)


def is_chat(path: str) -> bool:
    """Whether whoever asks at this address reads OpenAI's shape."""
    return path.startswith(PREFIX)


def chat_problem(
    request: Request,
    status: int,
    detail: str,
    *,
    headers: dict[str, str] | None = None,
    code: str | None = None,
    more: dict[str, Any],
) -> Response:
    """Answer with a refusal; `more` stands beside the message: an offer, and where to pay in.

    Most chats show the message and nothing else, so it says of the money, too.
    """
    services = request.app.state.services
    status = 400 if status == 422 else status
    headers = {**(headers or {}), **({"x-should-retry": "false"} if status in _FINAL else {})}
    origin = services.origins.of(request.headers.get("host", ""))
    message = f"{detail} {payment_in_words(more, origin, services.paying.currency.shown)}".rstrip()
    if "top_up" in more:
        more = {**more, "top_up": absolute(more["top_up"], origin)}
    return JSONResponse(chat_error(status, message, code, more), status_code=status, headers=headers)


def chat_error(status: int, detail: str, code: str | None, more: dict[str, Any]) -> dict[str, Any]:
    """Give the body of a refusal."""
    kind, usual = _KINDS.get(status, ("server_error", "unavailable" if status == 503 else "server_error"))
    told = {"message": detail, "type": kind, "param": more.get("param"), "code": code or usual}
    return {"error": {**more, **told}}
