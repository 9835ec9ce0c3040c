"""A node with a language model, good or bad: it answers in any case, and says who writes."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import Fallback
from presence.bootstrap import Services
from presence.settings import ModelsSettings
from tests.models.bad_gguf import BAD
from tests.models.tiny_gguf import CHATML, write_tiny_model
from tests.nodes import client_of, open_node, take_in

pytestmark = pytest.mark.slow

QUESTION = "Where was Pilot Ladder written?"


def settled(services: Services) -> Fallback:
    """Wait until the model is there, or known not to come."""
    assert isinstance(services.writer, Fallback)
    assert services.writer.settled.wait(60)
    return services.writer


def answer_to(client: TestClient, question: str) -> dict[str, Any]:
    """Ask as a program does, and give the whole answer."""
    ticket = client.post("/api/questions", json={"question": question}).json()
    with client.stream("GET", ticket["events"]) as events:
        for _line in events.iter_lines():
            pass
    answer: dict[str, Any] = client.get(f"/api/questions/{ticket['id']}").json()
    return answer


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_model_leaves_the_node_up_and_quoting(tmp_path: Path, material: Path, kind: str) -> None:
    pytest.importorskip("llama_cpp", reason="the language engine is not built yet: setup/engine.sh")
    make, says = BAD[kind]
    chosen = ModelsSettings(gguf=make(tmp_path / "bad.gguf"))
    with open_node(tmp_path / "home", models=chosen) as services, client_of(services) as client:
        take_in(services, material, tier=None)
        assert settled(services).state == "failed"
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["writer"] == "quoting"
        assert says in ready.json()["writer_reason"]
        assert answer_to(client, QUESTION)["outcome"] == "answered"


def test_a_context_smaller_than_the_persona_is_said(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason="the language engine is not built yet: setup/engine.sh")
    path = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML + "x" * 600)
    chosen = ModelsSettings(
        gguf=write_tiny_model(path, chat_template=CHATML.replace("<<", "y" * 600)), context_tokens=512
    )
    with open_node(tmp_path / "home", models=chosen) as services, client_of(services) as client:
        settled(services)
        assert "context" in client.get("/readyz").json()["writer_reason"]


def test_a_good_model_writes_answers_of_verified_quotations(tmp_path: Path, material: Path) -> None:
    pytest.importorskip("llama_cpp", reason="the language engine is not built yet: setup/engine.sh")
    model = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)
    with open_node(tmp_path / "home", models=ModelsSettings(gguf=model, threads=1)) as services:
        take_in(services, material, tier=None)
        assert settled(services).reason is None
        with client_of(services) as client:
            assert client.get("/readyz").json() == {"status": "ready", "writer": "llama:tiny"}
            answer = answer_to(client, QUESTION)
            assert (answer["outcome"], answer["writer"]) == ("answered", "llama:tiny")
    assert list((tmp_path / "home" / "models" / "personas").glob("tier*.state"))
