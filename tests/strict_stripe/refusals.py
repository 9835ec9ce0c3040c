"""Refusals: what Stripe says instead of doing what it was asked."""

from typing import Any


class Refusal(Exception):
    """An answer that is no object: a status and the facts that Stripe's `error` carries."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"type": kind, "message": message, **facts}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def invalid(message: str, *, code: str | None = None, param: str | None = None) -> Refusal:
    """The request itself is wrong."""
    return Refusal(400, "invalid_request_error", message, code=code, param=param)


def missing(param: str) -> Refusal:
    return invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown_param(param: str) -> Refusal:
    return invalid(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def no_such(kind: str, object_id: str, *, param: str = "id", in_path: bool = False) -> Refusal:
    """404 for an id in the address, 400 for an id among the parameters."""
    word = kind.rsplit(".", 1)[-1].replace("_", " ") if kind != "payment_method" else "PaymentMethod"
    message = f"No such {word}: '{object_id}'"
    return Refusal(404 if in_path else 400, "invalid_request_error", message, code="resource_missing", param=param)


def wrong_state(message: str, code: str, **facts: Any) -> Refusal:
    """The request is well formed, but the object is not in a state for it."""
    return Refusal(400, "invalid_request_error", message, code=code, **facts)


def card_error(code: str, decline_code: str | None, message: str, **facts: Any) -> Refusal:
    if decline_code:
        facts["decline_code"] = decline_code
    return Refusal(402, "card_error", message, code=code, **facts)
