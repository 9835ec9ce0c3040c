"""What comes through the front: streams as they are written, who asks, Stripe's messages; and what must not."""

import ipaddress
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from presence.settings import Settings
from presence.sight.checked import Checked
from presence.sight.public.reach import Reach

SEEN = "/healthz/seen"
WEBHOOK = "/stripe/webhook"
TRIES = 3
FORGED = "203.0.113.77"
"""An address that belongs to nobody (RFC 5737): seen as the client's, a header was believed that anybody can send."""
BETWEEN_SECONDS = 1.0
"""So long the room waits between the two events of its test stream."""
_TRUST = "Set FORWARDED_ALLOW_IPS to the front's address as the room sees it, and to nothing else."


@dataclass(frozen=True, slots=True)
class Seen:
    """What the room saw of a request, and how long after its beginning the end of the stream came, in seconds."""

    client: str
    scheme: str
    host: str
    apart_seconds: float


def look_through(reach: Reach, word: str) -> Seen | int:
    """Ask the room what it sees of a request with a forged header; give its status where it does not know us."""
    headers = {"Authorization": f"Bearer {word}", "X-Forwarded-For": FORGED, "Accept": "text/event-stream"}
    headers["Accept-Encoding"] = "gzip"  # as a browser asks: what is packed may be kept back for it
    with reach.client() as client, client.stream("GET", SEEN, headers=headers) as answer:
        if answer.status_code != 200:
            return answer.status_code
        first_at, text = 0.0, ""
        for piece in answer.iter_text():
            text += piece
            if not first_at and "\n\n" in text:
                first_at = time.monotonic()
        told = json.loads(text.partition("data: ")[2].partition("\n")[0])
        return Seen(told["client"], told["scheme"], told["host"], time.monotonic() - first_at)


def seen_checks(reach: Reach, word: str) -> Iterator[Checked]:
    """Whether streams flow, and whether the room knows who asks and by which way."""
    for left in reversed(range(TRIES)):  # a machine that is busy can hold one stream up
        seen = look_through(reach, word)
        if isinstance(seen, int) or seen.apart_seconds > BETWEEN_SECONDS / 2 or not left:
            break
    if isinstance(seen, int):
        do = "Run the doctor beside the running node, as its user; another home has another word."
        for check in ("stream", "requests"):
            yield Checked(check, "unknown", f"The room did not know its doctor through the front ({seen}).", do)
        return
    if seen.apart_seconds > BETWEEN_SECONDS / 2:
        yield Checked("stream", "ok", "Answers arrive while they are written.")
    else:
        do = "Let the front pass streams on at once: proxy_buffering off in nginx; Caddy does, by itself."
        yield Checked("stream", "wrong", "The front keeps answers back until they are whole.", do)
    yield _by_which_way(reach, seen)


def _by_which_way(reach: Reach, seen: Seen) -> Checked:
    if seen.client == FORGED:
        do = f"Let the front write X-Forwarded-For anew, whatever came in. {_TRUST}"
        return Checked("requests", "wrong", "Anybody can pass for another address: X-Forwarded-For is believed.", do)
    if seen.host != reach.authority:
        do = "Let the front pass the Host header on."
        return Checked("requests", "wrong", f"The room is asked for {seen.host}, not for {reach.authority}.", do)
    if seen.scheme != "https":
        said = "The room does not believe its front that there is TLS: all listeners count as one."
        return Checked("requests", "wrong", said, _TRUST)
    if not _is_global(seen.client):
        said = f"This request came from {seen.client or 'nowhere'}, by what the room sees."
        do = "That is right only if this machine asks itself. From elsewhere, it would count all listeners as one."
        return Checked("requests", "unknown", said, do)
    return Checked("requests", "ok", f"By https, from {seen.client}; a forged header is not believed.")


def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def webhook_check(reach: Reach, settings: Settings) -> Iterator[Checked]:
    """Whether Stripe's messages would arrive, and nobody else's are taken."""
    url = f"{reach.url}{WEBHOOK}"
    if settings.billing.stripe_key is None:
        yield Checked("webhook", "note", "No cards are taken here.", "If you want to: docs/guides/money.md.")
        return
    with reach.client() as client:
        status = client.post(WEBHOOK, content=b"{}", headers={"Content-Type": "application/json"}).status_code
        forged = client.post(
            WEBHOOK, content=b"{}", headers={"Stripe-Signature": f"t={int(time.time())},v1={'0' * 64}"}
        ).status_code
    if {status, forged} == {400}:
        said = f"It is reached, and what Stripe did not sign is refused. Stripe has to know it: {url}"
        yield Checked("webhook", "ok", said)
    elif 200 <= min(status, forged) < 300:
        yield Checked(
            "webhook",
            "wrong",
            f"{url} takes messages that Stripe did not sign.",
            "Take no money until it refuses them: something else than the room answers there.",
        )
    else:
        do = "Let the front pass POST on, with its body and Stripe-Signature; look whether the room runs."
        yield Checked("webhook", "wrong", f"Stripe's messages do not arrive at {url} (it answers {status}).", do)


def metrics_check(reach: Reach) -> Iterator[Checked]:
    """Whether the figures are shut to strangers."""
    with reach.client() as client:
        answers = [client.get("/metrics"), client.get("/metrics", headers={"Authorization": "Bearer nobody's"})]
    statuses = {answer.status_code for answer in answers}
    if statuses == {404}:
        yield Checked("metrics", "ok", "Strangers find no figures.")
    elif 200 in statuses:
        do = "Take away what opens them: the front must not add a bearer or a cookie of yours."
        yield Checked("metrics", "wrong", "Strangers can read /metrics.", do)
    else:
        said = f"/metrics answers with {', '.join(map(str, sorted(statuses)))}; the room itself would say 404."
        yield Checked("metrics", "unknown", said, "Look at what the front does with it.")


def unreached(name: str, error: httpx.TransportError | OSError) -> Checked:
    """Say that a check could not be made, because nothing was reached."""
    said = f"It could not be looked at: the room is not reached ({type(error).__name__})."
    return Checked(name, "unknown", said, "First put right what is said of the domain and the certificate.")
