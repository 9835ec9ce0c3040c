"""How a document is cut into passages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importers import Block, ImportedDoc
from knowledge.importers.record import BlockKind
from knowledge.passages import PASSAGE_WORDS_MAX, Cut, cut, document_text

TEXTS = st.lists(
    st.sampled_from(
        ["One.", "Two words.", "A longer sentence of six words.", "No stop", "\n", "word " * 40 + "end.", "Hm!"]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
KINDS: st.SearchStrategy[BlockKind] = st.sampled_from(["heading", "prose", "tracklist", "quotation"])
BLOCKS = st.builds(
    Block, KINDS, TEXTS | st.text(max_size=80), st.integers(1, 500), st.sampled_from(["", "Winnie", "Zeno"])
)
DOCUMENTS = st.lists(BLOCKS, max_size=12).map(lambda blocks: ImportedDoc("markdown", "A note", tuple(blocks)))


def document(*blocks: Block) -> ImportedDoc:
    return ImportedDoc("markdown", "A note", blocks, speaker="Ada")


def prose(text: str, line: int = 1, speaker: str = "") -> Block:
    return Block("prose", text, line, speaker)


def heading(text: str, line: int = 1) -> Block:
    return Block("heading", text, line)


def whose(found: list[Cut]) -> list[tuple[str, str, str]]:
    return [(piece.heading, piece.speaker, piece.text) for piece in found]


def test_a_short_document_is_one_passage() -> None:
    [piece] = cut(document(prose("One. Two."), prose("Three.", 3)))
    assert piece.text == "One. Two.\n\nThree."
    assert [(sentence.start, sentence.end, sentence.line) for sentence in piece.sentences] == [
        (0, 4, 1),
        (5, 9, 1),
        (11, 17, 3),
    ]


def test_a_passage_never_crosses_a_heading() -> None:
    found = cut(document(prose("Before."), heading("Later"), prose("After.")))
    assert whose(found) == [("", "Ada", "Before."), ("Later", "Ada", "After.")]


def test_a_passage_never_crosses_a_change_of_speaker() -> None:
    found = cut(document(prose("Mine."), prose("Hers.", speaker="Winnie"), prose("Mine again.")))
    assert whose(found) == [("", "Ada", "Mine."), ("", "Winnie", "Hers."), ("", "Ada", "Mine again.")]


def test_a_number_and_the_name_after_it_are_one_heading() -> None:
    found = cut(document(heading("12."), heading("The Pantry"), prose("Text.")))
    assert found[0].heading == "12. The Pantry"


def test_a_number_begins_a_new_heading() -> None:
    found = cut(document(heading("The Pantry"), heading("12"), prose("Text.")))
    assert found[0].heading == "12"


def test_a_heading_after_prose_replaces_the_one_before() -> None:
    found = cut(document(heading("One"), prose("Text."), heading("Two"), prose("More.")))
    assert [piece.heading for piece in found] == ["One", "Two"]


def test_headings_alone_make_no_passage() -> None:
    assert cut(document(heading("One"), heading("Two"))) == []
    assert cut(document()) == []


def test_a_long_text_is_cut_between_sentences() -> None:
    found = cut(document(prose("This sentence has six words exactly. " * 60)))
    assert len(found) == 3
    assert all(piece.text.endswith("exactly.") for piece in found)
    assert [piece.words for piece in found] == [150, 150, 60]


def test_sentences_of_a_wrapped_paragraph_know_their_lines() -> None:
    [piece] = cut(document(prose("One\nand more. Two\nand more. Three.", line=10)))
    assert [sentence.line for sentence in piece.sentences] == [10, 11, 12]


def test_each_track_is_a_sentence_with_its_time() -> None:
    tracks = Block("tracklist", "0:00 Zeno - Dub. Version\n7:30 Ada - Low Tide\nand then rain", 5)
    [piece] = cut(document(tracks))
    assert [(sentence.line, sentence.time) for sentence in piece.sentences] == [(5, "0:00"), (6, "7:30"), (7, None)]


def test_each_line_of_a_verse_is_a_sentence() -> None:
    verse = "Tide in the morning\nAnd nobody there\nPiano on the pier\nWith salt in its hair"
    [piece] = cut(document(prose(verse, line=3)))
    assert [sentence.line for sentence in piece.sentences] == [3, 4, 5, 6]


def test_breaks_that_are_none_of_the_file_do_not_count() -> None:
    [piece] = cut(document(Block("prose", "One.\nTwo.", 7, own_lines=False)))
    assert [sentence.line for sentence in piece.sentences] == [7, 7]


@given(DOCUMENTS)
def test_every_passage_is_a_slice_of_the_documents_text(made: ImportedDoc) -> None:
    text = document_text(made)
    for piece in cut(made):
        assert piece.text == text[piece.start : piece.start + len(piece.text)]


@given(DOCUMENTS)
def test_sentences_lie_in_order_inside_their_passage(made: ImportedDoc) -> None:
    for piece in cut(made):
        assert piece.sentences[0].start == 0
        assert piece.sentences[-1].end == len(piece.text)
        assert all(sentence.start < sentence.end for sentence in piece.sentences)
        assert all(before.end <= after.start for before, after in pairwise(piece.sentences))


@given(DOCUMENTS)
def test_a_passage_has_few_words_unless_it_is_one_sentence(made: ImportedDoc) -> None:
    for piece in cut(made):
        assert piece.words <= PASSAGE_WORDS_MAX or len(piece.sentences) == 1


@given(DOCUMENTS)
def test_a_passage_lies_within_blocks_of_one_speaker_and_without_a_heading(made: ImportedDoc) -> None:
    for piece in cut(made):
        inside = [block for start, block in placed(made) if overlap(piece, start, block)]
        assert "heading" not in {block.kind for block in inside}
        assert len({block.speaker for block in inside}) == 1
        assert piece.speaker == inside[0].speaker


@given(DOCUMENTS)
def test_every_word_outside_headings_is_in_exactly_one_sentence(made: ImportedDoc) -> None:
    text, covered = document_text(made), 0
    for piece in cut(made):
        covered += sum(len("".join(piece.text[s.start : s.end].split())) for s in piece.sentences)
    expected = sum(len("".join(block.text.split())) for block in made.blocks if block.kind != "heading")
    assert covered == expected <= len(text)


@given(DOCUMENTS)
def test_every_sentence_begins_on_the_line_that_it_names(made: ImportedDoc) -> None:
    starts = placed(made)
    for piece in cut(made):
        for sentence in piece.sentences:
            at = piece.start + sentence.start
            start, block = next((s, b) for s, b in reversed(starts) if s <= at and b.text)
            assert sentence.line == block.line + block.text[: at - start].count("\n")


def placed(made: ImportedDoc) -> list[tuple[int, Block]]:
    """Each block with the place where it begins in the document's text."""
    starts, offset = [], 0
    for block in made.blocks:
        starts.append((offset, block))
        offset += len(block.text) + 2
    return starts


def overlap(piece: Cut, start: int, block: Block) -> bool:
    end = start + len(block.text)
    return max(piece.start, start) < min(piece.start + len(piece.text), end) and bool(block.text.strip())


@pytest.mark.parametrize("speaker", ["", "Winnie"])
def test_a_block_without_a_speaker_is_the_documents(speaker: str) -> None:
    [piece] = cut(document(prose("Text.", speaker=speaker)))
    assert piece.speaker == (speaker or "Ada")


def test_a_long_paragraph_is_cut_in_a_moment() -> None:
    text = "The tide came in at nine, and Winnie wrote it down.\n" * 20_000
    assert cut(document(prose(text)))[-1].sentences[-1].line == 20_000
