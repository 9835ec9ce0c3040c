"""What may be looked at again is read off what is shown, on both databases."""

from pathlib import Path

from knowledge.review import unread_lines
from presence.bootstrap import Services
from tests.nodes import take_in, write_notes

TRACKS = ("00:00 Zeno Obuya - Monday Dub", "03:10 Ada Marsh - Low Tide", "07:30 Kess - Ochre")
FERRY = "\n".join(["---", "kind: set", "title: Night ferry", "---", "", *TRACKS, "?? the one with the bells", ""])


def test_prose_beside_a_list_is_not_asked_about() -> None:
    told = "It rained. Nobody - not one - went home.\n\nTracklist:\n" + "\n".join([*TRACKS, "?? bells"])
    assert unread_lines(told, TRACKS) == ("?? bells",)
    assert unread_lines("Zeno said this.\nKess - and others - said that.", ()) == ()


def test_lines_and_nights_without_a_date_are_found_and_go_with_their_note(both: Services, tmp_path: Path) -> None:
    take_in(both, write_notes(tmp_path / "in", {"ferry.md": FERRY}), tier=3)
    [one] = both.review.unread()
    assert (one.title, one.tier, one.lines) == ("Night ferry", 3, ("?? the one with the bells",))
    [night], count = both.review.undated(10)
    assert (night.title, night.can_be_mended, count) == ("Night ferry", True, 1)
    assert both.review.unread() == [one]
    both.library.shelf.retract(one.document_id)
    assert (both.review.unread(), both.review.undated(10)) == ([], ([], 0))
