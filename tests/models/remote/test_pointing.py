"""However a text is cut into pieces, the units in it are the same."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.remote.pointing import Pointing
from models.thoughts import Thoughts

TEXT = "<think>Maybe [4]? {}</think>In a note: [2] then [9] and [ 1 ] Again [2] [3] more"
JSON = '{"units": [{"say": "A {brace} } here", "point": 2}, {"point": 9}, {"point": true}, {"say": "", "point": 1}]}'


def cut(text: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[start:end] for start, end in itertools.pairwise(ends)]


def read(pieces: list[str], *, pointers_max: int = 4, json_form: bool = False) -> str:
    pointing = Pointing(range(1, 5), pointers_max, json_form=json_form)
    return "".join(pointing.read(piece) for piece in pieces)


@given(st.lists(st.integers(0, 200)))
def test_pieces_of_text(places: list[int]) -> None:
    assert read(cut(TEXT, places)) == "In a note: [2] and [1] [3] "


@given(st.lists(st.integers(0, 200)))
def test_pieces_of_json(places: list[int]) -> None:
    assert read(cut(JSON, places), json_form=True) == "A {brace} } here [2] [1] "


@given(st.lists(st.integers(0, 200)))
def test_pieces_of_thoughts(places: list[int]) -> None:
    thoughts = Thoughts()
    text = "a<think>b</think>c<b>d</think>e<think>f"
    assert "".join(thoughts.without(piece) for piece in cut(text, places)) == "ac<b>d</think>e"


def test_a_unit_is_given_as_soon_as_it_is_complete() -> None:
    pointing = Pointing([1, 2], 4, json_form=True)
    assert [pointing.read(piece) for piece in ('{"units": [{"say": "So:", "point": 1', "}", ",")] == [
        "",
        "So: [1] ",
        "",
    ]


def test_text_is_read_where_json_was_asked_for_in_vain() -> None:
    assert read([" In a note", ": [1] {}"], json_form=True) == "In a note: [1] "


def test_json_may_stand_in_a_fence() -> None:
    assert read(["```json\n", json.dumps({"units": [{"say": "", "point": 3}]}), "\n```"], json_form=True) == "[3] "


def test_words_cannot_smuggle_a_pointer() -> None:
    assert read([json.dumps({"units": [{"say": "See [4]", "point": 3}]})], json_form=True) == "See 4 [3] "


def test_thoughts_opened_by_the_template_are_left_out_too() -> None:
    assert read(["Maybe so.", " </thi", "nk>Now: [1]"]) == "Now: [1] "


@pytest.mark.parametrize("json_form", [True, False])
def test_it_is_full_after_the_last_pointer_allowed(json_form: bool) -> None:
    pointing = Pointing([1, 2, 3], 2, json_form=json_form)
    pointing.read('{"units": [{"point": 1}, ' if json_form else "[1]")
    assert not pointing.full
    pointing.read('{"point": 2}, ' if json_form else "[2]")
    assert pointing.full
    assert pointing.read('{"point": 3}' if json_form else "[3]") == ""


def test_a_prompt_all_pointed_at_is_full() -> None:
    pointing = Pointing([7], 4, json_form=False)
    assert pointing.read("[7]") == "[7] "
    assert pointing.full


def test_endless_words_are_forgotten() -> None:
    pointing = Pointing([1], 4, json_form=False)
    for _ in range(1_000):
        pointing.read("word " * 100)
    assert len(pointing._pending) <= 2_000
    assert len(pointing.read("[1]")) <= 2_010
