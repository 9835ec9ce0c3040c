"""Who hangs up does not stop an answer: it is finished, paid once, and there for whoever asks with the same key."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models import ScriptedWriter
from presence.bootstrap import Services
from tests.ports import free_port
from tests.presence.web.chatting import bearer_for
from tests.presence.web.paying import ANN, ASKED, CENT, give, open_shop
from tests.rig.opened import opened_at

WAIT_S = 30.0
CHAT = {
    "messages": [{"role": "user", "content": ASKED}],
    "max_price_micros": 2 * CENT,
}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {
        "name": "ask",
        "arguments": {"question": ASKED, "max_price_micros": 2 * CENT, "idempotency_key": "once"},
        "_meta": {"progressToken": "p"},
    },
}
SPEAKING = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-11-25"}


@pytest.fixture
def go_on() -> threading.Event:
    return threading.Event()


@pytest.fixture
def shop(tmp_path: Path, go_on: threading.Event) -> Iterator[Services]:
    """A node whose writer waits until it may go on; her best line is there before."""
    writer = ScriptedWriter(["[1]"], lambda: go_on.wait(WAIT_S))
    with open_shop(tmp_path / "home", writer=writer, port=free_port()) as node:
        give(node, ANN, 100)
        yield node
        go_on.set()


@pytest.fixture
def program(shop: Services) -> Iterator[httpx2.Client]:
    secret = bearer_for(shop, ANN)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "once"}
    with opened_at(shop) as address, httpx2.Client(base_url=address, headers=headers, timeout=WAIT_S) as http:
        yield http


def hung_up_after_a_sentence(program: httpx2.Client, path: str, body: Any, **headers: str) -> None:
    with program.stream("POST", path, json=body, headers=headers) as response:
        assert response.status_code == 200
        assert any("rented piano in Leeds" in line for line in response.iter_lines())


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [("/v1/chat/completions", {**CHAT, "stream": True}, {}), ("/mcp", CALL, SPEAKING)],
    ids=["openai", "mcp"],
)
def test_an_answer_is_finished_and_paid_once(
    shop: Services, program: httpx2.Client, go_on: threading.Event, path: str, body: Any, headers: dict[str, str]
) -> None:
    hung_up_after_a_sentence(program, path, body, **headers)
    assert not go_on.is_set()
    go_on.set()
    answer = program.post("/v1/chat/completions", json=CHAT).json()
    assert answer["presence"]["outcome"] == "answered"
    assert answer["presence"]["receipt"]["micros"] == 2 * CENT
    assert shop.paying.wallets.open(ANN.did).gift == 98 * CENT
