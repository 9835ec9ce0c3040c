"""A shop with a writer that stands still until it is told to go on, and somebody who asks there."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from billing.audit import audit
from models import Limits, Prompt
from models.contracts import Usage
from presence.asking.contracts import Outcome
from presence.bootstrap import Services
from presence.paying.signatures import is_signed_by
from tests.nodes import take_in, write_notes
from tests.presence.web.paying import ANN, BOB, CENT, give, open_shop

QUESTION = "Where did you write Pilot Ladder?"
MORE = "---\ntitle: The keys\ntier: public\n---\nThe piano of Pilot Ladder had two dead keys. Pilot Ladder was slow.\n"
SECONDS_MAX = 20
STUDIO, OTHER_STUDIO = "studio one", "studio two"


class Standing:
    """Points at one sentence, and at another one when it may go on; looks at `stop` only if it `hears`."""

    name = "standing"

    def __init__(self, *, hears: bool = True) -> None:
        self.stands, self.go = threading.Event(), threading.Event()
        self._hears = hears

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        del limits, usage
        yield f"[{prompt.sentences[1].number}] "
        self.stands.set()
        while not self.go.wait(0.01):
            if self._hears and stop.is_set():
                return
        yield f"[{prompt.sentences[2].number}] "

    def close(self) -> None:
        self.go.set()


@contextmanager
def open_stage(home: Path, writer: Standing, **more: Any) -> Iterator[Services]:
    """Open it; Ann and Bob have ten cents each, and in the end the books hold."""
    with open_shop(home, writer=writer, **more) as node:
        take_in(node, write_notes(home.parent / "more", {"keys.md": MORE}), tier=None)
        give(node, ANN, 10)
        give(node, BOB, 10)
        yield node
        writer.close()
        assert audit(node.database.snapshot, is_signed_by).wrong == ()


def ask(client: TestClient, conversation: str | None = None, question: str = QUESTION, **more: Any) -> dict[str, Any]:
    """Ask, and agree to two cents at the most."""
    body = {"question": question, "max_price_micros": 2 * CENT, **more}
    response = client.post("/api/questions", json={**body, "conversation": conversation} if conversation else body)
    assert response.status_code == 201, response.text
    told: dict[str, Any] = response.json()
    return told


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + SECONDS_MAX
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.01)


def ended(node: Services, ident: str) -> Outcome:
    """Wait until an answer has ended, and say how."""
    found: list[Outcome] = []

    def has_ended() -> bool:
        asked = node.desk.transcripts.find(ident)
        found[:] = [asked.outcome] if asked is not None and asked.outcome is not None else []
        return bool(found)

    until(has_ended)
    return found[0]


def purse(node: Services, who: Any = ANN) -> tuple[int, int]:
    """Give what somebody has, and what of it is set aside."""
    wallet = node.paying.wallets.open(who.did)
    return wallet.gift, wallet.gift_held
