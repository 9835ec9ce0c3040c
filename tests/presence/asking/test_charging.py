"""The charging rule, outcome by outcome: what is free, what is paid whole, and what by the sentence."""

from dataclasses import replace
from typing import Any

import pytest

from billing import Hold, Offer
from knowledge import FactRow, Thing
from models import Place
from presence.asking.answer import owed_for
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome, Standing
from presence.asking.question import Question, thing_bought

FIXED = Offer(50_000, 50_000, "1")
BY_SENTENCE = Offer(30_000, 30_000, "1", per_sentence_micros=10_000)
BEST: dict[str, Any] = {"text": "a", "best_line": True, "cited": [{"n": 1, "quote": "aaaa"}]}
NEXT: dict[str, Any] = {"text": "b", "cited": [{"n": 2, "quote": "bb"}]}
LINK: dict[str, Any] = {"text": "c", "connecting": True, "citations": []}
FREE = (Outcome.ASK_BACK, Outcome.NOT_IN_NOTES, Outcome.REFUSED, Outcome.REVOKED, Outcome.FAILED)


def ticket(offer: Offer) -> Ticket:
    hold = Hold("q", "ann", offer, offer.ceiling_micros, 0, "w")
    return Ticket("q", Question("What?", Listener("ann")), Standing(0, 0), Place("q"), hold)


def owed(offer: Offer, outcome: Outcome, *said: dict[str, Any]) -> int | None:
    """Give what is owed; None where nothing is sold."""
    micros, sale = owed_for(ticket(offer), outcome, said, {1: "note one", 2: "note two"})
    return None if sale is None else micros


@pytest.mark.parametrize("outcome", FREE)
@pytest.mark.parametrize("said", [(), (BEST,), (BEST, LINK, NEXT)])
def test_what_is_free_is_free_however_much_was_shown(outcome: Outcome, said: tuple[dict[str, Any], ...]) -> None:
    assert owed(FIXED, outcome, *said) is None
    assert owed(BY_SENTENCE, outcome, *said) is None


def test_an_answer_is_paid() -> None:
    assert owed(FIXED, Outcome.ANSWERED, BEST) == 50_000
    assert owed(BY_SENTENCE, Outcome.ANSWERED, BEST, LINK, NEXT) == 20_000


def test_stopping_is_free_until_the_writers_first_sentence() -> None:
    assert owed(FIXED, Outcome.STOPPED) is None
    assert owed(FIXED, Outcome.STOPPED, BEST) is None
    assert owed(FIXED, Outcome.STOPPED, BEST, NEXT) == 50_000
    assert owed(BY_SENTENCE, Outcome.STOPPED, BEST, NEXT) == 20_000


def test_never_above_the_ceiling() -> None:
    assert owed(BY_SENTENCE, Outcome.ANSWERED, BEST, *[NEXT] * 9) == 30_000


def test_what_was_quoted_says_whose_part_it_is() -> None:
    _, sale = owed_for(ticket(FIXED), Outcome.ANSWERED, (BEST, LINK, NEXT), {1: "note one", 2: "note two"})
    assert sale is not None
    assert [(cited.note, cited.characters) for cited in sale.cited] == [("note one", 4), ("note two", 2)]


def test_what_is_told_about_a_record_is_divided_as_its_release_is() -> None:
    row = FactRow("r", "release", "d", "t", "", "s", "f", 1, "", "", 0)
    thing = Thing("r", "release", "pilot ladder|ada marsh", "Pilot Ladder", (), ("Pilot Ladder",), row)
    asked = ticket(FIXED)
    asked.question = replace(asked.question, act="record", thing=thing)
    _, sale = owed_for(asked, Outcome.ANSWERED, (BEST, NEXT), {1: "note one", 2: "note two"})
    assert sale is not None
    assert {f"release:{cited.release}" for cited in sale.cited} == {thing_bought(thing)}
