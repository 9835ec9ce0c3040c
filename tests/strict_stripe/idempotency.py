"""Idempotency: the first answer to a key is kept for a day and given to whoever asks with it again."""

import threading
from dataclasses import dataclass
from typing import Any

from tests.strict_stripe.refusals import Refusal, invalid

KEPT_SECONDS = 86_400
KEY_LENGTH_MAX = 255


@dataclass(slots=True)
class Kept:
    asked: Any
    at: int
    status: int = 0
    body: Any = None
    under_way: bool = True


class Idempotency:
    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def begin(self, key: str, asked: Any, now: int) -> Kept | None:
        """The answer kept for the key, or None where the request is to be carried out now."""
        if len(key) > KEY_LENGTH_MAX:
            raise invalid(f"Idempotency keys can be at most {KEY_LENGTH_MAX} characters.")
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or (not kept.under_way and kept.at <= now - KEPT_SECONDS):
                self._kept[key] = Kept(asked, now)
                return None
            if kept.under_way:
                raise _in_use(key)
            if kept.asked != asked:
                raise _other_request(key)
            return kept

    def keep(self, key: str, status: int, body: Any) -> None:
        """The request was carried out; from now on this is the answer to its key."""
        with self._lock:
            kept = self._kept[key]
            kept.status, kept.body, kept.under_way = status, body, False

    def forget(self, key: str) -> None:
        """The request never began: the key is free again."""
        with self._lock:
            del self._kept[key]


def _in_use(key: str) -> Refusal:
    message = (
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key}. Please try again later."
    )
    return Refusal(409, "idempotency_error", message, code="idempotency_key_in_use")


def _other_request(key: str) -> Refusal:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using "
        f"a key other than '{key}' if you meant to execute a different request."
    )
    return Refusal(400, "idempotency_error", message)
