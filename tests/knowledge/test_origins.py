"""Where embedders came from, and which space of the index is whose."""

import re

import pytest

from knowledge import Origin
from knowledge.origins import note, origin_of, space_name, spaces_noted
from presence.bootstrap import Services


def test_the_first_embedder_has_the_space_without_a_name_and_keeps_it(both: Services) -> None:
    run = both.lane.run
    assert run(lambda owner: note(owner, "hashed-words-384", Origin())) == ""  # opening the node noted it
    assert run(lambda owner: note(owner, "other", Origin())) == space_name("other")
    assert run(lambda owner: note(owner, "hashed-words-384", Origin())) == ""
    assert run(spaces_noted) == {"", space_name("other")}


def test_a_folder_is_remembered_until_another_is_noted(both: Services) -> None:
    run = both.lane.run
    run(lambda owner: note(owner, "mine", Origin("folder", "/models/mine")))
    run(lambda owner: note(owner, "mine", Origin()))
    assert run(lambda owner: origin_of(owner, "mine")) == Origin("folder", "/models/mine")
    run(lambda owner: note(owner, "mine", Origin("folder", "/elsewhere")))
    assert run(lambda owner: origin_of(owner, "mine")) == Origin("folder", "/elsewhere")


def test_nobody_knows_where_a_stranger_came_from(both: Services) -> None:
    assert both.lane.run(lambda owner: origin_of(owner, "stranger")) == Origin()


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "Wide words/768", "é", "x" * 300, ""])
def test_a_space_has_a_name_that_every_index_can_bear(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,48}[a-z0-9]", f"{space_name(name)}-tier-0")


def test_names_that_look_alike_have_different_spaces() -> None:
    assert space_name("a b") != space_name("a-b")
