"""The real server of llama.cpp takes the fields it is sent, and stops when it is left."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from models import Limits, Usage
from models.errors import WriterUnreachable
from models.remote import RemoteWriter
from models.remote.manners import Constraint
from tests.models.prompts import TEXTS, prompt_of
from tests.models.remote.llama_server import CONTEXT_TOKENS, llama_server
from tests.models.tiny_gguf import write_tiny_model

pytestmark = pytest.mark.slow

PROMPT = prompt_of(*TEXTS)
KEY = "sesame"
TOO_MANY = 7_000  # tokens; it would write them all, since nothing ends its answers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("xllamacpp")
    model = write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", talkative=True)
    with llama_server(model, key=KEY) as url:
        yield url


def written(writer: RemoteWriter, usage: Usage | None = None, *, tokens_max: int = 400) -> str:
    try:
        return "".join(writer.write(PROMPT, Limits(tokens_max, pointers_max=2), threading.Event(), usage))
    finally:
        writer.close()


@pytest.mark.parametrize("constraint", ["auto", "grammar", "json"])
def test_a_model_of_random_weights_can_only_point(server: str, constraint: Constraint) -> None:
    assert "[1] " in written(RemoteWriter(server, key=KEY, constraint=constraint))


def test_a_model_of_random_weights_says_nothing_when_it_is_free(server: str) -> None:
    assert written(RemoteWriter(server, key=KEY, constraint="none")) == ""


def test_it_is_met_as_what_it_is(server: str) -> None:
    writer = RemoteWriter(server, key=KEY)
    assert writer.check() is None
    assert writer.name == "remote:tiny"
    writer.close()


def test_it_counts_what_an_answer_took(server: str) -> None:
    first, again = Usage(), Usage()
    written(RemoteWriter(server, key=KEY), first)
    written(RemoteWriter(server, key=KEY), again)
    assert first.prompt_tokens == again.prompt_tokens > 100
    assert 0 < first.answer_tokens <= 400
    assert again.reused_tokens == again.prompt_tokens - 1


def test_it_takes_every_field_at_once(server: str) -> None:
    """What it refuses would be left out unseen: here every form is sent and taken the first time."""
    for constraint in ("grammar", "json"):
        writer = RemoteWriter(server, key=KEY, constraint=constraint)
        written(writer)
        assert writer._server._manners is not None
        assert (writer._server._manners.form, writer._server._manners.usage) == (constraint, True)
        assert writer._server._manners.thinking == "template"


def test_a_wrong_key_is_a_sentence(server: str) -> None:
    with pytest.raises(WriterUnreachable, match="does not accept the key"):
        written(RemoteWriter(server, key="abracadabra"))


def test_a_prompt_longer_than_its_context_is_a_sentence(server: str) -> None:
    writer = RemoteWriter(server, key=KEY)
    with pytest.raises(WriterUnreachable, match="longer than the context"):
        list(writer.write(prompt_of("a word " * CONTEXT_TOKENS), Limits(), threading.Event()))
    writer.close()


def test_it_stops_writing_once_an_answer_is_left(server: str) -> None:
    writer = RemoteWriter(server, key=KEY, constraint="none")
    assert writer.check() is None
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    assert list(writer.write(PROMPT, Limits(tokens_max=TOO_MANY), stop)) == []
    assert _tokens_held(server) < TOO_MANY
    writer.close()


def _tokens_held(server: str) -> int:
    """How much its one place holds of the last answer, once it writes no more."""
    slot = {"is_processing": True}
    while slot["is_processing"]:
        time.sleep(0.05)
        slot = httpx.get(f"{server}/slots", headers={"authorization": f"Bearer {KEY}"}).json()[0]
    return int(slot["n_prompt_tokens"])
