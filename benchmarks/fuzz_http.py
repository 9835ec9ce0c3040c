"""Sends what the API's own description allows, and what it does not, as four people, and looks for faults.

Nobody, a follower with a session and money, a program with a key of hers, and the operator; at a node that
charges, and takes cards at a strict copy of the processor. Half of what names something names something
that is there. Any answer of 500 and above but 503 is a find, and so is one that took longer than ten
seconds. What the description leaves out is sent bytes. `python -m benchmarks fuzz_http --minutes 30`.
"""

import hashlib
import hmac
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from schemathesis.generation import GenerationMode

from presence import logs
from presence.app import create_app
from presence.bootstrap import Services
from presence.settings import BillingSettings, LimitsSettings
from tests.presence.web.paying import give, open_shop
from tests.strict_stripe import StrictStripe
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

SECONDS_MAX = 10.0
EXAMPLES_A_ROUND = 25
# These stream until the client leaves.
ENDLESS = ("/api/me/events",)
HIDDEN = (("POST", "/stripe/webhook"), ("GET", "/metrics"), ("POST", "/metrics"), ("GET", "/mcp"), ("DELETE", "/mcp"))
"""Addresses that the description leaves out."""
PRICES = {"acts": {"ask": {"price": "0.02"}}, "supporter": {"month": "5.00", "year": "48.00", "gift": "1.00"}}
QUESTION = "Where did you write Pilot Ladder?"
METRICS_TOKEN = "a token to read figures with"


@dataclass
class Told:
    """What was answered so far, and what of it is a find."""

    seconds_max: float
    statuses: Counter[str] = field(default_factory=Counter)
    finds: dict[str, str] = field(default_factory=dict)


def measure(minutes: float) -> dict[str, Any]:
    """Go through all operations again and again until the time is over."""
    return fuzzed(minutes)


def fuzzed(minutes: float, *, seconds_max: float = SECONDS_MAX) -> dict[str, Any]:
    """Do the same; an answer may take so long before it is a find."""
    told = Told(seconds_max)
    logs.configure("json", level=50)
    ends = time.monotonic() + 60 * minutes
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        stripe = closing.enter_context(StrictStripe())
        services = closing.enter_context(_node(folder, stripe))
        people = list(_people(services, closing))
        known = _known(services, people)
        app = create_app(services)
        schema = schemathesis.openapi.from_dict(app.openapi())
        operations = [one.ok() for one in schema.get_all_operations()]
        turn = 0
        while time.monotonic() < ends:
            for operation in operations:
                if operation.path not in ENDLESS and time.monotonic() < ends:
                    _round(operation, people, turn, told, known)
            _bytes(people, turn, told, stripe.webhook_secret)
            turn += 1
    return {
        "figures": {
            "requests": sum(told.statuses.values()),
            "operations": len(operations),
            "rounds": turn,
            "statuses": dict(sorted(told.statuses.items())),
            "found": len(told.finds),
            "finds": told.finds,
        },
        "ratios": {},
    }


def _round(
    operation: Any,
    people: list[tuple[str, TestClient]],
    turn: int,
    told: Told,
    known: list[str],
) -> None:
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    strategy = operation.as_strategy(generation_mode=modes[turn // len(people) % 2])
    name, client = people[turn % len(people)]

    @seed(turn)
    @settings(
        max_examples=EXAMPLES_A_ROUND,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=strategy, there=st.none() | st.sampled_from(known))
    def send(case: Any, there: str | None) -> None:
        if there is not None and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, there)
        kwargs = case.as_transport_kwargs(base_url="http://localhost:8765")
        kwargs.pop("cookies", None)
        _send(client, f"{name} {operation.method} {operation.path}", told, **kwargs)

    try:
        send()
    except Exception as error:  # noqa: BLE001  # what cannot be generated or sent is no answer of ours
        told.statuses[type(error).__name__] += 1


def _send(client: TestClient, what: str, told: Told, **kwargs: Any) -> None:
    began = time.monotonic()
    response = client.request(**kwargs, follow_redirects=False)
    took = time.monotonic() - began
    told.statuses[str(response.status_code)] += 1
    if (response.status_code >= 500 and response.status_code != 503) or took > told.seconds_max:
        told.finds.setdefault(f"{what} {response.status_code}", f"{took:.1f}s {kwargs!r:.500}")


def _bytes(people: list[tuple[str, TestClient]], turn: int, told: Told, secret: str) -> None:
    """Send bytes where nothing is described; to the processor's door every other time rightly signed."""
    chance = random.Random(turn)
    name, client = people[turn % len(people)]
    for method, path in HIDDEN:
        for body in (b"", b"{}", b"null", b'{"type": "charge.refunded"}', chance.randbytes(chance.randrange(400))):
            headers = {"Content-Type": chance.choice(["application/json", "text/plain", "\u00e9"])}
            if path == "/stripe/webhook" and chance.random() < 0.5:
                at = int(time.time())
                mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
                headers["Stripe-Signature"] = f"t={at},v1={mark}"
            if path == "/metrics" and chance.random() < 0.5:
                headers["Authorization"] = f"Bearer {METRICS_TOKEN}"
            url = f"http://localhost:8765{path}"
            encoded = {key: value.encode("latin-1") for key, value in headers.items()}
            _send(client, f"{name} {method} {path}", told, method=method, url=url, content=body, headers=encoded)


def _people(services: Services, closing: ExitStack) -> Iterator[tuple[str, TestClient]]:
    Artist(services.trust).grant(key("ann").did, Tier.FOLLOWER)
    give(services, key("ann"), 100_000)
    for name in ("nobody", "follower", "program", "operator"):
        client = closing.enter_context(
            TestClient(create_app(services), base_url="http://localhost:8765", raise_server_exceptions=False)
        )
        if name in ("follower", "program"):
            sign_in(client, key("ann"))
        if name == "program":
            made = client.post("/api/keys", json={"label": "a program", "days": 2, "spend_micros_per_day": 10**9})
            client.cookies.clear()
            client.headers["Authorization"] = f"Bearer {made.json()['secret']}"
        if name == "operator":
            operator_of(client, services)
        yield name, client


def _node(folder: Path, stripe: StrictStripe) -> Any:
    billing = BillingSettings(
        stripe_key=SecretStr(stripe.api_key),
        stripe_webhook_secret=SecretStr(stripe.webhook_secret),
        stripe_url=stripe.base_address,
        practice=True,
    )
    roomy = LimitsSettings(**dict.fromkeys(LimitsSettings.model_fields, 10_000_000))
    token = SecretStr(METRICS_TOKEN)
    roles = ("presence", "till", "door")
    return open_shop(folder / "home", PRICES, roles, billing=billing, limits=roomy, metrics_token=token)


def _known(services: Services, people: list[tuple[str, TestClient]]) -> list[str]:
    """Names of what is there: answers of everybody, what they cite, receipts, invites."""
    known = [services.people.invites.make("tonight", people_max=1_000, seconds=86_400)[1]]
    for _, client in people:
        asked = {"question": QUESTION, "max_price_micros": 10**6}
        opened = client.post("/api/questions", json=asked).json()
        if "id" in opened:
            client.get(opened["events"])
            answer = client.get(f"/api/questions/{opened['id']}").json()
            known += [opened["id"], *(cited["url"].split("/")[-1].partition("#")[0] for cited in answer["citations"])]
            known += [answer["receipt"]["id"]] if answer["receipt"] else []
    return known
