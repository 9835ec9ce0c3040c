"""Whose words a block is."""

from knowledge.importers.record import Block
from knowledge.importers.speakers import UNNAMED, attributed, speaking_turns


def prose(*texts: str) -> list[Block]:
    return [Block("prose", text, line) for line, text in enumerate(texts, start=1)]


def spoken(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.speaker, block.text) for block in blocks]


def test_two_names_that_return_make_a_conversation() -> None:
    turns = speaking_turns(prose("Ada: One.", "Zeno: Two.", "Ada: Three.", "Zeno: Four."), named=())
    assert spoken(turns) == [("Ada", "One."), ("Zeno", "Two."), ("Ada", "Three."), ("Zeno", "Four.")]


def test_one_name_that_returns_makes_none() -> None:
    blocks = prose("Note: One.", "Note: Two.", "Plain.")
    assert speaking_turns(blocks, named=()) == blocks


def test_names_that_do_not_return_make_none() -> None:
    blocks = prose("Ada: One.", "Zeno: Two.")
    assert speaking_turns(blocks, named=()) == blocks


def test_names_of_the_head_need_not_return() -> None:
    assert spoken(speaking_turns(prose("Ada: One.", "Note: Two."), named=("Ada",)))[0] == ("Ada", "One.")


def test_a_turn_goes_on_until_the_next() -> None:
    turns = speaking_turns(prose("Ada: One.", "Still Ada.", "Zeno: Two."), named=("Ada", "Zeno"))
    assert spoken(turns)[1] == ("Ada", "Still Ada.")


def test_words_before_the_first_turn_are_the_documents() -> None:
    assert spoken(speaking_turns(prose("Intro.", "Ada: One."), named=("Ada",)))[0] == ("", "Intro.")


def test_a_heading_ends_a_turn() -> None:
    blocks = [*prose("Ada: One."), Block("heading", "Later", 2), Block("prose", "Who?", 3)]
    assert spoken(speaking_turns(blocks, named=("Ada",)))[2] == ("", "Who?")


def test_a_name_on_a_line_of_its_own_moves_the_text_to_its_line() -> None:
    [turn] = speaking_turns([Block("prose", "Ada:\nOne.", 5)], named=("Ada",))
    assert (turn.text, turn.line) == ("One.", 6)


def test_a_quotation_inside_a_turn_stays_whose_it_is() -> None:
    blocks = [*prose("Ada: One."), Block("quotation", "Two.", 2, speaker="Winnie")]
    assert spoken(speaking_turns(blocks, named=("Ada",)))[1] == ("Winnie", "Two.")


def test_a_guest_who_speaks_once_is_not_taken_for_the_one_before() -> None:
    blocks = prose("Ada: One.", "Zeno: Two.", "Ada: Three.", "Zeno: Four.", "Winnie: Just this once.")
    last = speaking_turns(blocks, named=())[-1]
    assert last.speaker != "Zeno"


def test_a_time_is_no_name() -> None:
    blocks = prose("12:30 at the pier.", "14: fourteen.", "A sentence with: a colon.")
    assert speaking_turns(blocks, named=()) == blocks


def test_a_quotation_belongs_to_the_name_after_the_dash() -> None:
    for dash in ("—", "–", "--", "-"):
        [block] = attributed([Block("prose", f"The tide.\n{dash} Winnie Marsh, 1950", 1)])
        assert (block.text, block.speaker, block.kind) == ("The tide.", "Winnie Marsh, 1950", "quotation")


def test_without_a_name_it_is_someone_quoted() -> None:
    assert attributed(prose("The tide."))[0].speaker == UNNAMED


def test_an_empty_quotation_is_nothing() -> None:
    assert attributed([]) == []
    assert attributed(prose("— Winnie")) == []
