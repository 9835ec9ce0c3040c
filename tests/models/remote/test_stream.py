"""Events are read whatever stands between them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Usage
from models.errors import WriterUnreachable
from models.remote.stream import LINE_BYTES_MAX, Chunk, Lines, chunk_of

BLOCK = "\ufeff: hello\r\n\r\ndata: {}\n\nevent: ping\ndata:größer\r\ndata: [DONE]".encode()


@given(st.lists(st.integers(0, len(BLOCK))))
def test_blocks_may_be_cut_anywhere(places: list[int]) -> None:
    ends = sorted({*places, 0, len(BLOCK)})
    lines = Lines()
    read = [line for start, end in itertools.pairwise(ends) for line in lines.feed(BLOCK[start:end])]
    assert [*read, *lines.rest()] == [": hello", "", "data: {}", "", "event: ping", "data:größer", "data: [DONE]"]


def test_a_line_has_a_limit() -> None:
    lines = Lines()
    assert lines.feed(b"x" * LINE_BYTES_MAX) == []
    with pytest.raises(WriterUnreachable):
        lines.feed(b"x")


@pytest.mark.parametrize("line", ["", ": ping", "event: error", "id: 1", "data:", "data: "])
def test_lines_without_data_are_passed_over(line: str) -> None:
    assert chunk_of(line) is None


@pytest.mark.parametrize(
    ("line", "chunk"),
    [
        ("data:[DONE]", Chunk(finished=True, last=True)),
        ('data: {"choices": [{"delta": {"content": "a"}}]}', Chunk("a")),
        ('data: {"choices": [{"delta": {"content": null}}]}', Chunk()),
        ('data: {"choices": [{"delta": {"reasoning": "hm"}}]}', Chunk(thought=True)),
        ('data: {"choices": [{"delta": {"content": 7}, "finish_reason": "length"}]}', Chunk(finished=True)),
        ('data: {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": "x"}}', Chunk(usage=Usage(3, 0, 0))),
        ('data: {"choices": null, "usage": null}', Chunk()),
        ('data: {"choices": [7]}', Chunk()),
    ],
)
def test_a_chunk_may_lack_anything(line: str, chunk: Chunk) -> None:
    assert chunk_of(line) == chunk


@pytest.mark.parametrize(
    "line", ["data: {", "data: 1", 'data: {"error": "secret"}', "error: secret", "data: " + "[" * 99_999]
)
def test_what_is_no_chunk_is_an_error_that_quotes_nothing(line: str) -> None:
    with pytest.raises(WriterUnreachable) as refused:
        chunk_of(line)
    assert "secret" not in str(refused.value)
