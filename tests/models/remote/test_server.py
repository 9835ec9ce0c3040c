"""A server is sent what it accepts, and asked for less when it refuses."""

import pytest

from models.errors import WriterUnreachable
from tests.models.remote.imitation import Reply, said
from tests.models.remote.writing import Open, written

UNITS = '{"units": [{"say": "In a note:", "point": 2}, {"say": "", "point": 1}]}'


def test_an_unknown_server_is_sent_common_fields_only(opened: Open) -> None:
    writer, imitation = opened(said("[1]"))
    written(writer)
    assert set(imitation.asked[0]) == {"model", "messages", "max_tokens", "temperature", "stream", "stream_options"}


@pytest.mark.parametrize(
    ("owner", "sent"),
    [
        ("llamacpp", {"grammar", "chat_template_kwargs"}),
        ("me", {"grammar"}),
        ("vllm", {"structured_outputs", "chat_template_kwargs"}),
        ("library", {"response_format", "reasoning_effort"}),
        ("organization_owner", {"response_format"}),
    ],
)
def test_a_known_server_is_sent_what_it_accepts(opened: Open, owner: str, sent: set[str]) -> None:
    writer, imitation = opened(said("[1]"), owner=owner, knows=frozenset(sent))
    assert written(writer) == "[1] "
    assert len(imitation.asked) == 1
    assert sent <= set(imitation.asked[0])


@pytest.mark.parametrize("names", [True, False])
def test_a_refused_field_is_left_out_from_then_on(opened: Open, names: bool) -> None:
    writer, imitation = opened(said("[1]"), refuses=frozenset({"stream_options"}), names_what_it_refuses=names)
    assert written(writer) == written(writer) == "[1] "
    assert ["stream_options" in body for body in imitation.asked] == [True, False, False]


def test_a_refused_grammar_becomes_json_from_then_on(opened: Open) -> None:
    knows = frozenset({"response_format", "chat_template_kwargs"})
    writer, imitation = opened(said(UNITS), owner="llamacpp", knows=knows)
    assert written(writer) == written(writer) == "In a note: [2] [1] "
    assert ["grammar" in body for body in imitation.asked] == [True, False, False]
    assert "stream_options" in imitation.asked[-1]


def test_a_server_that_refuses_every_form_is_asked_without(opened: Open) -> None:
    writer, imitation = opened(said("[1]"), owner="vllm")
    assert written(writer) == "[1] "
    assert set(imitation.asked[-1]) == {"model", "messages", "max_tokens", "temperature", "stream", "stream_options"}


def test_a_refused_question_leaves_the_form_as_it_was(opened: Open) -> None:
    refused = Reply((b"{}",), status=400)
    knows = frozenset({"grammar", "response_format", "chat_template_kwargs"})
    writer, imitation = opened(*[refused] * 5, said("[1]"), owner="llamacpp", knows=knows)
    with pytest.raises(WriterUnreachable):
        written(writer)
    assert written(writer) == "[1] "
    assert "grammar" in imitation.asked[-1]
