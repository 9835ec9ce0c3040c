"""The heads of notes."""

from itertools import pairwise

import pytest

from knowledge.importers.front_matter import split, telling_values

NOTE = """---
title: The rented piano
tags: [piano, leeds]
count: 3
ok: no
date: 2019-03-04
---
The body.
"""


def test_head_and_body_are_separated() -> None:
    front = split(NOTE)
    assert front.title == "The rented piano"
    assert front.body == "The body.\n"
    assert front.lines == 7


def test_every_value_is_a_string_or_made_of_strings() -> None:
    assert split(NOTE).values == {
        "title": "The rented piano",
        "tags": ["piano", "leeds"],
        "count": "3",
        "ok": "no",
        "date": "2019-03-04",
    }


def test_a_text_without_a_head_is_all_body() -> None:
    front = split("No head.\n---\nReally.\n")
    assert (front.body, front.lines, front.values) == ("No head.\n---\nReally.\n", 0, {})


def test_a_head_that_is_never_closed_is_body() -> None:
    assert split("---\ntitle: x\n").body == "---\ntitle: x\n"


@pytest.mark.parametrize(
    "text", ["---\ntitle: x\n---", "---\ntitle: x\n---\n", "---  \ntitle: x\n---  ", "---\ntitle: x\n..."]
)
def test_a_head_needs_no_line_after_it(text: str) -> None:
    front = split(text)
    assert (front.title, front.body) == ("x", "")


def test_an_empty_head_is_a_head() -> None:
    front = split("---\n---\nBody.")
    assert (front.values, front.body, front.lines) == ({}, "Body.", 2)


def test_a_head_in_toml_is_read() -> None:
    front = split('+++\ntitle = "The ferry"\ndate = 2015-06-20T21:00:00Z\ndraft = true\ntags = ["a", 1]\n+++\nBody.\n')
    assert (front.title, front.date, front.draft, front.body) == ("The ferry", "2015-06-20", True, "Body.\n")
    assert front.values["tags"] == ["a", "1"]


@pytest.mark.parametrize(
    "text", ["---\ntitle: [x\n---\nBody.\n", "+++\ntitle = \n+++\nBody.\n", "---\na: b: c\n---\nBody.\n"]
)
def test_a_broken_head_says_why_and_leaves_the_body(text: str) -> None:
    front = split(text)
    assert front.broken
    assert "\n" not in front.broken
    assert (front.body, front.values) == ("Body.\n", {})


def test_nothing_is_built_from_a_head() -> None:
    front = split("---\ntitle: !!python/object/apply:os.getcwd []\n---\nBody.\n")
    assert front.title == ""


@pytest.mark.parametrize("key", ["date", "released", "published_at", "created"])
def test_a_date_stands_under_several_names(key: str) -> None:
    assert split(f"---\n{key}: 2019-03-04\n---\n").date == "2019-03-04"


@pytest.mark.parametrize("key", ["tier", "access", "audience", "visibility"])
def test_a_tier_stands_under_several_names(key: str) -> None:
    assert split(f"---\n{key}: circle\n---\n").tier_name == "circle"


def test_a_note_that_asks_for_nothing_has_no_tier() -> None:
    assert split("---\ntier: ''\n---\n").tier_name is None


@pytest.mark.parametrize(
    "head", ["draft: true", "draft: yes", "draft: 1", "published: false", "publish: false", "draft: True"]
)
def test_a_draft_says_so(head: str) -> None:
    assert split(f"---\n{head}\n---\n").draft


@pytest.mark.parametrize("head", ["draft: false", "draft: no", "published: true", "title: draft"])
def test_a_finished_note_is_no_draft(head: str) -> None:
    assert not split(f"---\n{head}\n---\n").draft


@pytest.mark.parametrize(("key", "said"), [("speaker", "speaker"), ("author", "speaker"), ("by", "speaker")])
def test_a_speaker_stands_under_several_names(key: str, said: str) -> None:
    assert getattr(split(f"---\n{key}: Zeno Obuya\n---\n"), said) == "Zeno Obuya"


def test_speakers_are_a_list_of_names() -> None:
    assert split("---\nspeakers: [Ada, Zeno]\n---\n").speakers == ("Ada", "Zeno")
    assert split("---\nspeakers: Ada\n---\n").speakers == ()


def test_a_licence_is_spelled_both_ways() -> None:
    assert split("---\nlicense: CC0\n---\n").licence == split("---\nlicence: CC0\n---\n").licence == "CC0"


def test_prose_inside_a_head_is_told_with_its_line() -> None:
    text = (
        "---\ntitle: Short\nbio: Ada Marsh grew up between two ferries and a chapel.\nsong:\n"
        "  - text: The tide came in at nine and took the piano with it.\nurl: https://example.org/a/very/long/path/of/no/words\n---\n"
    )
    assert list(telling_values(split(text))) == [
        ("Ada Marsh grew up between two ferries and a chapel.", 3, False),
        ("The tide came in at nine and took the piano with it.", 5, False),
    ]


def test_prose_told_twice_is_told_once() -> None:
    sentence = "Ada Marsh grew up between two ferries and a chapel."
    assert len(list(telling_values(split(f"---\na: {sentence}\nb: {sentence}\n---\n")))) == 1


@pytest.mark.parametrize(("mark", "keeps_lines"), [("|", True), (">", False)])
def test_prose_in_several_lines_begins_on_the_line_after_its_mark(mark: str, *, keeps_lines: bool) -> None:
    lyrics = f"lyrics: {mark}\n  The tide came in at nine and took it all.\n  The piano stayed behind.\n"
    [(value, line, kept)] = telling_values(split(f"---\ntitle: Short\n{lyrics}---\n"))
    assert value.split() == [
        "The",
        "tide",
        "came",
        "in",
        "at",
        "nine",
        "and",
        "took",
        "it",
        "all.",
        "The",
        "piano",
        "stayed",
        "behind.",
    ]
    assert (line, kept) == (4, keeps_lines)


def test_a_broken_head_tells_nothing() -> None:
    assert list(telling_values(split("---\ntitle: [x\n---\n"))) == []


def test_a_text_between_two_rules_is_not_lost() -> None:
    text = "---\nThis is no head, it is what I wrote first.\n---\nAnd this came later.\n"
    front = split(text)
    assert "what I wrote first" in front.body or front.broken or list(telling_values(front))


@pytest.mark.parametrize(
    "head",
    [
        "a: " + "[" * 5_000,
        "\n".join(" " * depth + "a:" for depth in range(300)),
        "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghij")),
        "a: &a [*a]",
    ],
    ids=["open", "deep", "unfolding", "within itself"],
)
def test_a_head_without_end_is_not_built(head: str) -> None:
    front = split(f"---\n{head}\n---\nThe tide came in.\n")
    assert front.broken
    assert front.body == "The tide came in.\n"
    assert list(telling_values(front)) == []


def test_a_name_for_what_was_said_above_is_fine() -> None:
    assert split("---\na: &a {x: y}\nb: *a\n---\n").values == {"a": {"x": "y"}, "b": {"x": "y"}}
