"""Sends what the API's own description allows, and what it does not, as three people, and looks for faults.

Nobody, a follower with a session, and the operator. Any answer of 500 and above but 503 is a find,
and so is an answer that took longer than ten seconds. `python -m benchmarks fuzz_http --minutes 30`.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from presence import logs
from presence.app import create_app
from presence.bootstrap import Services
from tests.nodes import open_node, take_in, write_notes
from tests.trusting import Artist, key, operator_of, sign_in
from trustgraph import Tier

SECONDS_MAX = 10.0
EXAMPLES_A_ROUND = 25
# These stream until the client leaves.
ENDLESS = ("/api/me/events",)
NOTE = {"piano.md": "---\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"}


def measure(minutes: float) -> dict[str, Any]:
    """Go through all operations again and again until the time is over."""
    told: Counter[str] = Counter()
    finds: dict[str, str] = {}
    logs.configure("json", level=50)
    ends = time.monotonic() + 60 * minutes
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        services = closing.enter_context(open_node(folder / "home", **_no_limits()))
        take_in(services, write_notes(folder / "notes", NOTE), tier=None)
        people = list(_people(services, closing))
        app = create_app(services)
        schema = schemathesis.openapi.from_dict(app.openapi())
        operations = [one.ok() for one in schema.get_all_operations()]
        turn = 0
        while time.monotonic() < ends:
            for operation in operations:
                if operation.path not in ENDLESS and time.monotonic() < ends:
                    _round(operation, people, turn, told, finds)
            turn += 1
    return {
        "figures": {
            "requests": sum(told.values()),
            "operations": len(operations),
            "rounds": turn,
            "statuses": dict(sorted(told.items())),
            "found": len(finds),
            "finds": finds,
        },
        "ratios": {},
    }


def _round(
    operation: Any, people: list[tuple[str, TestClient]], turn: int, told: Counter[str], finds: dict[str, str]
) -> None:
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    strategy = operation.as_strategy(generation_mode=modes[turn % 2])
    name, client = people[turn % len(people)]

    @seed(turn)
    @settings(
        max_examples=EXAMPLES_A_ROUND,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=strategy)
    def send(case: Any) -> None:
        began = time.monotonic()
        kwargs = case.as_transport_kwargs(base_url="http://localhost:8765")
        kwargs.pop("cookies", None)
        response = client.request(**kwargs)
        took = time.monotonic() - began
        told[str(response.status_code)] += 1
        if (response.status_code >= 500 and response.status_code != 503) or took > SECONDS_MAX:
            what = f"{name} {operation.method} {operation.path} {response.status_code}"
            finds.setdefault(what, f"{took:.1f}s {kwargs!r:.500}")

    try:
        send()
    except Exception as error:  # noqa: BLE001  # what cannot be generated or sent is no answer of ours
        told[type(error).__name__] += 1


def _people(services: Services, closing: ExitStack) -> Iterator[tuple[str, TestClient]]:
    artist = Artist(services.trust)
    artist.grant(key("ann").did, Tier.FOLLOWER)
    for name in ("nobody", "follower", "operator"):
        client = closing.enter_context(
            TestClient(create_app(services), base_url="http://localhost:8765", raise_server_exceptions=False)
        )
        if name == "follower":
            sign_in(client, key("ann"))
        if name == "operator":
            operator_of(client, services)
        yield name, client


def _no_limits() -> dict[str, Any]:
    from presence.settings import LimitsSettings

    many = 10_000_000
    return {"limits": LimitsSettings(**dict.fromkeys(LimitsSettings.model_fields, many))}
