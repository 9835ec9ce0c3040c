"""Pushes to browsers (RFC 8030): a title and a page of ours, sealed for the one browser, by way of its push service."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from presence.errors import BrowserWrong, PushUndelivered
from presence.telling.browsers import Browsers
from presence.telling.encrypting import encrypted
from presence.telling.push_door import Answer, PushDoor
from presence.telling.vapid import Vapid, b64, unb64
from presence.telling.waiting import Parcel

GONE = (404, 410)
TOO_MANY = 429
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Push(Parcel):
    """A push to one browser; `browser` is its name here."""

    browser: str
    endpoint: str
    p256dh: str
    auth: str
    title: str
    link: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class WebPush:
    """Hands pushes over to push services."""

    browsers: Browsers
    vapid: Vapid
    door: PushDoor
    now: Callable[[], float] = time.time

    def send(self, push: Push, /) -> None:
        """Hand a push over, or raise `PushUndelivered`. A browser that is no more is forgotten."""
        if not self.browsers.is_kept(push.browser):
            return  # turned off meanwhile
        try:
            body = encrypted(_text(push), unb64(push.p256dh), unb64(push.auth))
            answer = self.door.post(push.endpoint, self._headers(push), body)
        except (BrowserWrong, ValueError):
            answer = Answer(GONE[0])  # it cannot be sent to, now or ever
        if answer.status in GONE:
            self.browsers.gone(push.browser)
        elif answer.status == TOO_MANY or answer.status >= 500:
            raise PushUndelivered(f"a push service answers {answer.status}", retry_after_s=answer.retry_after_s)
        elif not 200 <= answer.status < 300:
            log.warning("push_refused", status=answer.status)

    def _headers(self, push: Push) -> dict[str, str]:
        # One that came twice takes the place of the first, while that waits at the push service.
        topic = b64(hashlib.sha256(push.ident.encode()).digest())[:32]
        return {
            "Authorization": self.vapid.authorization(push.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(int(push.until - self.now()), 0)),
            "Urgency": "high" if push.is_urgent else "normal",
            "Topic": topic,
        }


def _text(push: Push) -> bytes:
    return json.dumps({"title": push.title, "link": push.link}, ensure_ascii=False).encode()
