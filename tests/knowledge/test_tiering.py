"""Which tier a file goes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.contracts import HIGHEST_TIER, TIERS
from knowledge.tiering import TIER_NAMES, choose_tier, tier_of_name

NAMED = st.sampled_from(TIER_NAMES)
ASKED = st.sampled_from(TIERS)


def test_the_five_names_are_the_five_tiers() -> None:
    assert [tier_of_name(name) for name in TIER_NAMES] == list(TIERS)


@pytest.mark.parametrize("name", [" Circle ", "CIRCLE"])
def test_a_name_may_be_written_in_capitals(name: str) -> None:
    assert tier_of_name(name) == 3


@pytest.mark.parametrize("name", ["", "everybody", "3", "publicly"])
def test_other_names_are_none(name: str) -> None:
    assert tier_of_name(name) is None


@given(NAMED, ASKED)
def test_the_stricter_wins(named: str, asked: int) -> None:
    choice = choose_tier(named, asked, draft=False)
    assert choice.tier == max(TIER_NAMES.index(named), asked)
    assert choice.why == ""


@given(NAMED)
def test_a_file_alone_decides_for_itself(named: str) -> None:
    assert choose_tier(named, None, draft=False).tier == TIER_NAMES.index(named)


@given(ASKED)
def test_an_import_decides_for_a_file_that_says_nothing(asked: int) -> None:
    assert choose_tier(None, asked, draft=False).tier == asked


def test_when_nobody_says_anything_it_is_inner_and_says_so() -> None:
    choice = choose_tier(None, None, draft=False)
    assert choice.tier == HIGHEST_TIER
    assert choice.why


@given(ASKED)
def test_what_stands_there_keeps_its_tier_when_nobody_says_anything(before: int) -> None:
    choice = choose_tier(None, None, draft=False, before=before)
    assert choice.tier == before
    assert "keeps the tier" in choice.why


@given(NAMED | st.none(), ASKED | st.none(), ASKED, st.booleans())
def test_what_stands_there_counts_for_nothing_once_somebody_says_something(
    named: str | None, asked: int | None, before: int, draft: bool
) -> None:
    if draft or named is not None or asked is not None:
        said = choose_tier(named, asked, draft=draft)
        assert choose_tier(named, asked, draft=draft, before=before) == said


@given(ASKED | st.none())
def test_an_unknown_name_is_inner_and_is_named(asked: int | None) -> None:
    choice = choose_tier("everybody", asked, draft=False)
    assert choice.tier == HIGHEST_TIER
    assert "everybody" in choice.why


@given(NAMED | st.none(), ASKED | st.none())
def test_a_draft_is_inner_whatever_else_is_said(named: str | None, asked: int | None) -> None:
    choice = choose_tier(named, asked, draft=True)
    assert choice.tier == HIGHEST_TIER
    assert "draft" in choice.why
