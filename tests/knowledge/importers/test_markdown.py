"""Markdown to blocks."""

import pytest

from knowledge.importers.markdown import read_markdown
from knowledge.importers.record import Block
from tests.knowledge.importers.places import assert_lines_are_true, sentence_lines


def blocks(text: str) -> tuple[Block, ...]:
    return read_markdown(text, fallback_title="A note").blocks


def words(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


NOTE = """---
title: The rented piano
date: 2019-03-04
---

# Leeds

I wrote Pilot Ladder on a *rented* piano
in Leeds. The piano had two dead keys,
and both were B flat.

- Nobody slept that week.
- Winnie called twice. She asked for
  the tide book.

Second Heading
--------------

| Key | State |
| --- | --- |
| B flat | Dead since May. |

1. First the chapel was booked.

```
Kept as it
was typed.
```

The last one is here.
"""


def test_headings_and_paragraphs_become_blocks() -> None:
    assert [(block.kind, block.text) for block in blocks("# One\n\nText.\n\nTwo\n===\n\n### Three ###\n\nMore.")] == [
        ("heading", "One"),
        ("prose", "Text."),
        ("heading", "Two"),
        ("heading", "Three"),
        ("prose", "More."),
    ]


def test_a_hard_wrapped_paragraph_keeps_its_line_breaks() -> None:
    assert words("One line\nand the next.") == ["One line\nand the next."]


def test_every_sentence_names_the_line_where_it_begins() -> None:
    assert_lines_are_true(read_markdown(NOTE, fallback_title=""), NOTE.replace("*", "").replace("| ", ""))


@pytest.mark.parametrize(
    "markup",
    [
        "A [link\nwith two lines](https://example.org) stands here. The next one follows.",
        "An *emphasis\nof two* lines. The next one follows.",
        'An <a\nhref="x">anchor</a> stands here. The next one follows.',
        "A picture ![of\ntwo lines](x.png) stands here. The next one follows.",
        "A {{ template\nof two }} lines stands here. The next one follows.",
        "A hard break  \nstands here. The next one follows.",
    ],
)
def test_markup_over_two_lines_does_not_move_the_sentences_after_it(markup: str) -> None:
    found = sentence_lines(read_markdown(f"Before.\n\n{markup}\n", fallback_title=""))
    assert found["The next one follows."] == 4


def test_the_head_takes_its_lines() -> None:
    assert blocks("---\ntitle: x\n---\n\nText.")[0].line == 5


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("A [link](https://example.org).", "A link."),
        ("A [link][1].\n\n[1]: https://example.org", "A link."),
        ("*One* **two** ***three*** _four_.", "One two three four."),
        ("Some `code` here.", "Some code here."),
        ("A picture ![of a piano](piano.png) here.", "A picture  here."),
        ("Escaped \\*stars\\*.", "Escaped *stars*."),
        ("Fish &amp; chips &mdash; fine.", "Fish & chips — fine."),
        ("An <em>old</em> tag.", "An old tag."),
        ("One<br>two.", "One two."),
        ("See [[Pilot Ladder]].", "See Pilot Ladder."),
        ("See [[Pilot Ladder|the song]].", "See the song."),
        ("A word{: .class #id}.", "A word."),
        ("A {% include x.html %} word.", "A  word."),
    ],
)
def test_markup_is_taken_away_and_words_stay(markup: str, text: str) -> None:
    assert words(markup) == [text]


def test_attributes_and_template_blocks_leave_nothing() -> None:
    assert words("{: .lead}\n\n{% for x in y %}\n\nText.\n\n{% endfor %}") == ["Text."]


def test_what_is_pointed_at_by_a_footnote_link_keeps_its_number_alone() -> None:
    assert words("He said so [[1]](https://example.org/1).") == ["He said so [1]."]


def test_html_blocks_are_read_as_a_reader_would() -> None:
    text = 'Before.\n\n<div class="x">\n<p>Inside &amp; out.</p>\n<script>let x = 1;</script>\n</div>\n\nAfter.'
    assert words(text) == ["Before.", "Inside & out.", "After."]


def test_html_blocks_know_their_line() -> None:
    assert [block.line for block in blocks("Before.\n\n<div>\n<p>Inside.</p>\n</div>\n")] == [1, 4]


def test_comments_are_not_read() -> None:
    assert words("<!-- for myself -->\n\nText <!-- and this --> here.") == ["Text  here."]


def test_code_is_kept_as_it_was_typed() -> None:
    [block] = blocks("```python\nfor x in y:\n    pass\n```")
    assert (block.text, block.line) == ("for x in y:\n    pass", 2)


def test_indented_code_knows_its_line() -> None:
    assert [(block.text, block.line) for block in blocks("Text.\n\n    kept = 1\n")][1] == ("kept = 1", 3)


def test_each_item_of_a_list_is_a_block() -> None:
    assert words("- One.\n- Two.\n    - Three.") == ["One.", "Two.", "Three."]


def test_cells_of_a_table_know_their_line() -> None:
    found = blocks("Before.\n\n| A | B |\n|---|---|\n| First cell. | x |\n| Second cell. | y |\n")
    assert {block.text: block.line for block in found if "cell" in block.text} == {"First cell.": 5, "Second cell.": 6}


def test_a_quotation_belongs_to_the_name_beneath_it() -> None:
    found = blocks("Mine.\n\n> The tide came in.\n> It went out.\n>\n> — Winifred Marsh\n\nMine again.")
    assert [(block.kind, block.speaker) for block in found] == [
        ("prose", ""),
        ("quotation", "Winifred Marsh"),
        ("prose", ""),
    ]
    assert found[1].text == "The tide came in.\nIt went out."


def test_the_name_may_stand_on_the_last_line_of_the_quotation() -> None:
    [block] = blocks("> The tide came in.\n> — Winifred Marsh")
    assert (block.text, block.speaker) == ("The tide came in.", "Winifred Marsh")


def test_a_quotation_without_a_name_is_not_the_artists() -> None:
    [block] = blocks("> The tide came in.")
    assert block.speaker == "someone quoted"


def test_every_paragraph_of_a_quotation_belongs_to_the_name() -> None:
    found = blocks("> One.\n>\n> Two.\n>\n> — Winnie")
    assert [(block.text, block.speaker) for block in found] == [("One.", "Winnie"), ("Two.", "Winnie")]


def test_a_quotation_in_a_quotation_loses_no_words_and_gives_none_to_the_artist() -> None:
    found = blocks("> The outer one begins.\n>\n> > The inner one.\n>\n> The outer one ends.\n>\n> — Winnie\n\nMine.")
    spoken = {block.text: block.speaker for block in found}
    assert set(spoken) == {"The outer one begins.", "The inner one.", "The outer one ends.", "Mine."}
    assert spoken["The outer one begins."] == spoken["The outer one ends."] == "Winnie"
    assert spoken["The inner one."] != ""
    assert spoken["Mine."] == ""


def test_a_tracklist_is_kept_line_by_line() -> None:
    text = "Text.\n\n[0:00:00] Zeno Obuya - Monday Dub [Lantern]\n[0:07:30] Ada Marsh - Low Tide (Long Mix)\n"
    document = read_markdown(text, fallback_title="")
    assert [block.kind for block in document.blocks] == ["prose", "tracklist"]
    assert document.kind == "set"
    assert sentence_lines(document)["[0:07:30] Ada Marsh - Low Tide (Long Mix)"] == 4


def test_the_title_is_the_heads_or_the_first_headings_or_the_files() -> None:
    assert read_markdown("---\ntitle: Head\n---\n# Heading\n", fallback_title="File").title == "Head"
    assert read_markdown("Text.\n\n# Heading\n", fallback_title="File").title == "Heading"
    assert read_markdown("Text.", fallback_title="File").title == "File"


def test_a_title_has_no_markup() -> None:
    assert read_markdown("---\ntitle: The <em>rented</em> piano &amp; I\n---\nText.", fallback_title="").title == (
        "The rented piano & I"
    )


@pytest.mark.parametrize(
    ("head", "kind"),
    [("kind: release", "release"), ("type: album", "release"), ("layout: post", "note"), ("title: x", "note"),
     ("category: Interview", "interview")],
)  # fmt: skip
def test_the_kind_is_what_the_head_says(head: str, kind: str) -> None:
    assert read_markdown(f"---\n{head}\n---\nText.", fallback_title="").kind == kind


def test_a_note_that_is_all_head_tells_its_prose() -> None:
    text = "---\ntitle: Ada\nbio: Ada Marsh grew up between two ferries and a chapel.\n---\n"
    [block] = blocks(text)
    assert (block.text, block.line) == ("Ada Marsh grew up between two ferries and a chapel.", 3)


def test_lyrics_in_a_head_know_the_line_of_each_sentence() -> None:
    text = "---\ntitle: Tide\nlyrics: |\n  The tide came in at nine and took it all.\n  The piano stayed behind.\n---\n"
    assert_lines_are_true(read_markdown(text, fallback_title=""), text)


def test_a_placeholder_stays_where_it_is() -> None:
    """Without it the sentence would say something else; it is `knowledge.telling` that leaves it alone."""
    assert words("A {{ page.title }} word.") == ["A {{ page.title }} word."]


def test_a_broken_head_is_reported_and_the_text_is_read() -> None:
    document = read_markdown("---\ntitle: [x\n---\nText.", fallback_title="")
    assert document.left_out
    assert [block.text for block in document.blocks] == ["Text."]


def test_turns_of_a_conversation_have_their_speakers() -> None:
    text = "---\nspeakers: [Ada, Zeno]\n---\nAda: Where was it?\n\nZeno: In Leeds.\n\nOn the pier.\n"
    assert [(block.text, block.speaker) for block in blocks(text)] == [
        ("Where was it?", "Ada"),
        ("In Leeds.", "Zeno"),
        ("On the pier.", "Zeno"),
    ]
