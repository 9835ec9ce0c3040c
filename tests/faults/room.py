"""A room in which things fail: who asks, who pays, and whether the books are right afterwards."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
from fastapi.testclient import TestClient
from sqlalchemy import select

from billing.audit import audit
from billing.chain import follow_up
from billing.tables import holds
from presence.bootstrap import Services
from presence.paying.signatures import is_signed_by
from presence.sight.checked import Checked, carried_out
from presence.sight.inside import inside_checks
from presence.stores import FAILURES
from presence.tables import questions
from tests.nodes import take_in, write_notes
from tests.presence.web.paying import CENT

Client = httpx.Client | TestClient
PRICE = 2 * CENT
HEALED_SECONDS_MAX = 30.0
SEVERAL = (
    "Where did you write Pilot Ladder?",
    "On which piano did you write Pilot Ladder?",
    "Where was Pilot Ladder written?",
    "Did you write Pilot Ladder in Leeds?",
)
"""One question in several ways: who asks the very same again is told the same, free."""


def eventually(holds_true: Callable[[], bool], seconds: float = HEALED_SECONDS_MAX) -> None:
    """Wait until something is so; while a store is away, it is not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(*FAILURES):
            if holds_true():
                return
        time.sleep(0.05)
    raise AssertionError("it did not heal by itself")


def answer_to(client: Client, question: str, most: int = PRICE) -> dict[str, Any]:
    """Ask and wait for the end; whoever cannot be asked now makes this fail."""
    opened = client.post("/api/questions", json={"question": question, "max_price_micros": most})
    assert opened.status_code == 201, opened.text
    return ended(client, opened.json()["id"])


def ended(client: Client, ident: str) -> dict[str, Any]:
    """Wait for the end of an answer, and give it."""
    found: dict[str, Any] = {}

    def is_over() -> bool:
        response = client.get(f"/api/questions/{ident}")
        found.update(response.json() if response.status_code == 200 else {})
        return bool(found.get("outcome"))

    eventually(is_over)
    return found


def refused_with_a_sentence(response: Any, words: str) -> None:
    """Look whether a refusal is honest: what is the matter, that nothing was charged or done, when to come back."""
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) > 0
    assert words in response.text
    assert "Nothing" in response.text


def wallet_of(client: Client) -> tuple[int, int]:
    """Give what a wallet holds and what of it is set aside, in micros."""
    wallet = client.get("/api/wallet").json()
    return wallet["available_micros"], wallet["set_aside_micros"]


def books_are_right(node: Services) -> None:
    """Look through all the money; nothing is set aside, and no answer is left open."""
    follow_up(node.lane)
    found = audit(node.database.snapshot, is_signed_by)
    assert found.wrong == (), found.wrong
    with node.database.records() as records:
        assert records.execute(select(holds.c.id).where(holds.c.state == "pending")).all() == []
        assert records.execute(select(questions.c.id).where(questions.c.outcome.is_(None))).all() == []


def seen(node: Services, check: str) -> list[Checked]:
    """Look as the doctor does and the page on health."""
    return list(carried_out({check: inside_checks(node)[check]}))


def tell_more(node: Services, folder: Any, name: str, text: str) -> None:
    """Bring another note in."""
    take_in(node, write_notes(folder, {f"{name}.md": f"---\ntitle: {name}\ntier: public\n---\n{text}\n"}))
