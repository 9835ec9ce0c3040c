"""From bytes to text that may be shown."""

from hypothesis import given
from hypothesis import strategies as some

from models.engine.text import Transcriber


def shown(pieces: list[bytes], stop: tuple[str, ...] = ()) -> str:
    transcriber = Transcriber(stop)
    return "".join(transcriber.take(piece) for piece in pieces) + transcriber.take(b"", last=True)


@given(some.text(), some.integers(1, 5))
def test_text_cut_anywhere_comes_out_whole(text: str, size: int) -> None:
    data = text.encode()
    if "<think>" not in text:
        assert shown([data[at : at + size] for at in range(0, len(data), size)]) == text


@given(some.lists(some.binary(max_size=4), max_size=40))
def test_bytes_that_are_no_text_never_stall(pieces: list[bytes]) -> None:
    transcriber = Transcriber()
    given_out = sum(len(transcriber.take(piece).encode()) for piece in pieces)
    assert sum(map(len, pieces)) - given_out <= len("<think>") + 3


def test_a_stop_string_across_pieces_ends_the_text_before_it() -> None:
    transcriber = Transcriber(("END",))
    assert [transcriber.take(piece) for piece in (b"so E", b"N", b"D not this", b"nor this")] == ["so ", "", "", ""]
    assert transcriber.stopped


def test_what_only_began_like_a_stop_string_is_shown() -> None:
    assert shown([b"so E", b"N", b"ough"], ("END",)) == "so ENough"


def test_thinking_is_left_out_wherever_it_is_cut() -> None:
    text = b"<think>hm, <b>what?</b></think>The piano.<think>again</think> Yes."
    for size in range(1, len(text)):
        assert shown([text[at : at + size] for at in range(0, len(text), size)]) == "The piano. Yes."


def test_thinking_that_never_ends_shows_nothing() -> None:
    assert shown([b"<think>I wonder", b" and wonder"]) == ""


def test_a_stop_string_in_a_thought_stops_nothing() -> None:
    assert shown([b"<think>END</think>so it is"], ("END",)) == "so it is"
