"""The API: from a request to an answer, through every check Stripe makes."""

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.strict_stripe import (
    balance,
    catalogue,
    charges,
    checkout,
    customers,
    disputes,
    happenings,
    intent_requests,
    invoice_requests,
    methods,
    payouts,
    portal,
    refunds,
    subscription_requests,
)
from tests.strict_stripe.answers import check_answer
from tests.strict_stripe.contract import Operation, UnknownOperation, find_operation
from tests.strict_stripe.expansion import rendered
from tests.strict_stripe.faults import AFTER_COMMIT, CARD_TROUBLES, ConnectionDropped, Fault, Faults
from tests.strict_stripe.forms import decode
from tests.strict_stripe.idempotency import Idempotency
from tests.strict_stripe.refusals import Refusal, invalid
from tests.strict_stripe.routes import Route, Routes, beyond_the_double
from tests.strict_stripe.validation import validated
from tests.strict_stripe.world import API_VERSION, Object, Params, World

FAMILIES = (
    balance,
    catalogue,
    charges,
    checkout,
    customers,
    disputes,
    happenings,
    intent_requests,
    invoice_requests,
    methods,
    payouts,
    portal,
    refunds,
    subscription_requests,
)
ROUTES: Routes = {place: one for family in FAMILIES for place, one in family.ROUTES.items()}


@dataclass(frozen=True, slots=True)
class Request:
    verb: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Object
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    def __init__(self, api_key: str, worlds: dict[str | None, World], faults: Faults) -> None:
        self.lock = threading.RLock()
        self.requests: list[Request] = []
        self.defects: list[BaseException] = []
        self._api_key = api_key
        self._worlds = worlds
        self._faults = faults
        self._idempotency: dict[str | None, Idempotency] = {account: Idempotency() for account in worlds}
        self._numbers = count(1)

    def answer(self, request: Request) -> Answer:
        """Carry the request out; may raise `ConnectionDropped`."""
        self.requests.append(request)
        request_id = f"req_{next(self._numbers):014d}"
        try:
            answer = self._checked(request, request_id)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body)
        except ConnectionDropped:
            raise
        except Exception as defect:  # noqa: BLE001 - whatever it is, the test that met it must hear of it
            self.defects.append(defect)
            answer = _defect(defect)
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION, **answer.headers}
        if key := request.headers.get("Idempotency-Key"):
            headers["Idempotency-Key"] = key
        return Answer(answer.status, answer.body, headers)

    def _checked(self, request: Request, request_id: str) -> Answer:
        self._authenticate(request)
        _check_version(request)
        account = self._account(request)
        try:
            operation, ids = find_operation(request.verb, request.path)
        except UnknownOperation:
            raise _unrecognized(request) from None
        params = validated(decode(request.body if request.verb == "post" else request.query), operation.params)
        task = Task(self._worlds[account], operation, request.path, ids, params, request_id, _key_of(request))
        if not task.key:
            return self._carry_out(task, None)
        return self._once(task, task.key, self._idempotency[account], [request.path, params])

    def _authenticate(self, request: Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            given = base64.b64decode(given).decode().partition(":")[0]
        if not given or scheme not in ("Basic", "Bearer"):
            raise Refusal(401, "invalid_request_error", "You did not provide an API key.")
        if given != self._api_key:
            raise Refusal(401, "invalid_request_error", f"Invalid API Key provided: {given[:7]}***{given[-4:]}")

    def _account(self, request: Request) -> str | None:
        account = request.headers.get("Stripe-Account") or request.headers.get("Stripe-Context")
        if account not in self._worlds:
            message = (
                f"The provided key '{self._api_key[:7]}***' does not have access to account '{account}' (or that "
                "account does not exist). Application access may have been revoked."
            )
            raise Refusal(403, "invalid_request_error", message, code="account_invalid")
        return account

    def _once(self, task: "Task", key: str, idempotency: Idempotency, asked: Any) -> Answer:
        kept = idempotency.begin(key, json.dumps(asked, default=str, sort_keys=True), task.world.timestamp())
        if kept:
            return Answer(kept.status, kept.body, {"Idempotent-Replayed": "true"})
        try:
            return self._carry_out(task, idempotency)
        finally:
            if not task.done:
                idempotency.forget(key)

    def _carry_out(self, task: "Task", idempotency: Idempotency | None) -> Answer:
        fault = self._faults.draw(task.operation.verb, task.path)
        if fault not in AFTER_COMMIT:
            self._faults.strike(fault)
        answer = self._acted(task, fault)
        if fault is Fault.ERROR_AFTER_COMMIT:  # the error is what Stripe keeps, and repeats to the same key
            answer = Answer(500, Refusal(500, "api_error", "An unknown error occurred").body)
        if idempotency and task.key and answer.status != 501:
            idempotency.keep(task.key, answer.status, answer.body)
            task.done = True
        self._faults.strike(fault if fault is Fault.DROP_AFTER_COMMIT else None)
        return answer

    def _acted(self, task: "Task", fault: Fault | None) -> Answer:
        with self.lock:
            try:
                task.world.catch_up()
                if fault in CARD_TROUBLES:
                    task.world.troubles.append(CARD_TROUBLES[fault])
                return Answer(200, task.act())
            except Refusal as refusal:
                return Answer(refusal.status, refusal.body)


@dataclass(slots=True)
class Task:
    """One request on its way through the state."""

    world: World
    operation: Operation
    path: str
    ids: tuple[str, ...]
    params: Params
    request_id: str
    key: str | None
    done: bool = False

    def act(self) -> Object:
        route = ROUTES.get((self.operation.verb, self.operation.template))
        if route is None:
            raise beyond_the_double(f"{self.operation.verb} {self.operation.template}")
        route.check(self.params)
        with self.world.asked_by(self.request_id, self.key):
            return self._rendered(route)

    def _rendered(self, route: Route) -> Object:
        expand = self.params.pop("expand", [])
        result = rendered(self.world, route.act(self.world, self.params, *self.ids), expand)
        check_answer(result)
        return result


def _key_of(request: Request) -> str | None:
    return request.headers.get("Idempotency-Key") if request.verb == "post" else None


def _defect(defect: Exception) -> Answer:
    message = f"Defect of the double: {type(defect).__name__}: {defect}"
    return Answer(501, Refusal(501, "api_error", message).body)


def _check_version(request: Request) -> None:
    version = request.headers.get("Stripe-Version")
    if version != API_VERSION:
        raise invalid(f"Invalid Stripe API version: {version}; the SDK pins {API_VERSION}")


def _unrecognized(request: Request) -> Refusal:
    message = (
        f"Unrecognized request URL ({request.verb.upper()}: {request.path}). Please see https://stripe.com/docs or we "
        "can help at https://support.stripe.com/."
    )
    return Refusal(404, "invalid_request_error", message)
