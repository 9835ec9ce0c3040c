"""Whatever goes wrong on the line, a sentence says what to do."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from models import Limits, Turn, WriterBusy
from models.errors import WriterUnreachable
from models.remote import RemoteWriter
from tests.models.remote.imitation import FINISH, Reply, chunk, event, said
from tests.models.remote.writing import PROMPT, Open, written

KEY = "sk-a-key-nobody-may-see"
GRAMMAR_FIELDS = {"grammar", "chat_template_kwargs"}
TOO_LONG = Reply((b'{"error": {"type": "exceed_context_size_error"}}',), status=400)


def test_a_silent_server_is_given_up(opened: Open) -> None:
    writer, imitation = opened(Reply(ending="silent"), to={"first_token_s": 1.0})
    with pytest.raises(WriterUnreachable, match="before its first word"):
        written(writer)
    assert imitation.hung_up.wait(20)


def test_a_server_that_stands_still_is_given_up(opened: Open) -> None:
    writer, _ = opened(Reply((event(content="[1]"),), ending="silent"), to={"between_tokens_s": 0.2})
    answer = writer.write(PROMPT, Limits(), threading.Event())
    assert next(answer) == "[1] "
    with pytest.raises(WriterUnreachable, match="in the middle"):
        next(answer)


@pytest.mark.parametrize("ending", ["cut", "whole"])
def test_an_answer_cut_off_is_an_error_and_is_not_asked_again(opened: Open, ending: Any) -> None:
    writer, imitation = opened(Reply((event(content="[1]"),), ending=ending))
    answer = writer.write(PROMPT, Limits(), threading.Event())
    assert next(answer) == "[1] "
    with pytest.raises(WriterUnreachable, match="broke off"):
        next(answer)
    assert len(imitation.asked) == 1


@pytest.mark.parametrize("after", [(), (b"data: {oops\n",)])
def test_an_answer_that_fails_after_its_end_is_whole(opened: Open, after: tuple[bytes, ...]) -> None:
    writer, _ = opened(Reply((event(content="[1]"), FINISH, *after), ending="cut"))
    assert written(writer) == "[1] "


@pytest.mark.parametrize("failing", [Reply(status=503), Reply(status=502), Reply(ending="unsent")])
def test_a_server_that_fails_at_first_is_asked_again(opened: Open, failing: Reply) -> None:
    writer, imitation = opened(failing, said("[1]"))
    assert written(writer) == "[1] "
    assert len(imitation.asked) == 2


@pytest.mark.parametrize("failing", [Reply(status=503), Reply(ending="unsent")])
def test_a_server_that_goes_on_failing_is_given_up(opened: Open, failing: Reply) -> None:
    writer, imitation = opened(failing)
    with pytest.raises(WriterUnreachable):
        written(writer)
    assert len(imitation.asked) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_says_when_to_come_back(opened: Open, status: int) -> None:
    writer, imitation = opened(Reply(status=status, headers=(("retry-after", "7"),)))
    with pytest.raises(WriterBusy) as refused:
        written(writer)
    assert refused.value.retry_after_s == 7
    assert len(imitation.asked) == 1


@pytest.mark.parametrize(
    ("status", "sentence"), [(403, "key"), (404, "does not know the model 'small'"), (500, "failed"), (422, "accept")]
)
def test_a_refusal_says_what_to_do(opened: Open, status: int, sentence: str) -> None:
    writer, _ = opened(Reply(status=status))
    with pytest.raises(WriterUnreachable, match=sentence):
        written(writer)


def test_after_an_unknown_model_the_server_is_looked_at_again(opened: Open) -> None:
    writer, imitation = opened(Reply(status=404), said("[1]"))
    with pytest.raises(WriterUnreachable):
        written(writer)
    imitation.models = ("another",)
    assert written(writer) == "[1] "
    assert writer.name == "remote:another"


def test_a_prompt_too_long_is_asked_with_less(opened: Open) -> None:
    writer, imitation = opened(TOO_LONG, TOO_LONG, said("[1]"), owner="llamacpp", knows=frozenset(GRAMMAR_FIELDS))
    assert written(writer) == "[1] "
    assert [body["messages"][-1]["content"].count("\n[") for body in imitation.asked] == [4, 2, 1]
    assert "grammar" in imitation.asked[-1]


def test_a_prompt_too_long_in_any_case_says_so(opened: Open) -> None:
    writer, imitation = opened(TOO_LONG)
    turns = (Turn("Before?", "[3] "),)
    with pytest.raises(WriterUnreachable, match="longer than the context"):
        list(writer.write(replace(PROMPT, turns=turns), Limits(), threading.Event()))
    assert [len(body["messages"]) for body in imitation.asked] == [4, 4, 4, 2]


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ((b"data: {oops\n",), "not JSON"),
        ((b"data: [1]\n",), "unknown kind"),
        ((b"data: " + b"x" * 300_000,), "more than any answer"),
        (tuple([b": " + b"x" * 60_000 + b"\n"] * 80), "more than any answer"),
        ((chunk({"error": {"type": "server_error", "message": KEY}}),), "server_error"),
        ((b'{"choices": []}',), "no stream"),
    ],
)
def test_what_is_no_stream_of_chunks_is_an_error(opened: Open, blocks: tuple[bytes, ...], sentence: str) -> None:
    writer, _ = opened(Reply(blocks))
    with pytest.raises(WriterUnreachable, match=sentence) as refused:
        written(writer)
    assert KEY not in str(refused.value)


def test_a_connection_that_cannot_be_trusted_is_no_connection(opened: Open) -> None:
    _, imitation = opened(said("[1]"))
    writer = RemoteWriter(imitation.url.replace("http:", "https:"), model="small", key=KEY)
    with pytest.raises(WriterUnreachable, match="certificate"):
        written(writer)
    assert imitation.connections == 1
    writer.close()
