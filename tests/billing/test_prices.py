"""A price list that cannot be is refused with its place; a price that was told is the price that is paid."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import Currency, Offer, PriceList, Sale, Wanted, offer_of, price_list
from billing.errors import AmountWrong, CurrencyWrong, FreeUsedUp, PricesWrong
from billing.money import AMOUNT_MAX, MICROS, checked, parsed
from billing.plain import Plain, statement
from billing.prices import ACTS, TIERS, Free
from tests.billing.conftest import ANN, BOB, CENT, Till, fixed

REFUSED = {
    "a float": "acts.ask.price = 0.02",
    "a whole number": "acts.ask.price = 2",
    "not a number": "acts.ask.price = nan",
    "not a number, in words": 'acts.ask.price = "NaN"',
    "endless": 'acts.ask.price = "inf"',
    "below nothing": 'acts.ask.price = "-0.02"',
    "with a sign": 'acts.ask.price = "+0.02"',
    "with a comma": 'acts.ask.price = "0,02"',
    "with an exponent": 'acts.ask.price = "2e-2"',
    "with an underscore": 'acts.ask.price = "1_000"',
    "with a currency": 'acts.ask.price = "$1"',
    "empty": 'acts.ask.price = ""',
    "a point and nothing": 'acts.ask.price = "1."',
    "nothing before the point": 'acts.ask.price = ".5"',
    "too fine": 'acts.ask.price = "0.0000001"',
    "too much": 'acts.ask.price = "1000000000000000000"',
    "a little too much": 'acts.ask.price = "1000000000.000001"',
    "fullwidth digits": 'acts.ask.price = "１.０"',
    "arabic digits": 'acts.ask.price = "٠.٠٢"',
    "superscript": 'acts.ask.price = "²"',
    "both ways": 'acts.ask = {price = "1", per_sentence = "0.1", ceiling = "1"}',
    "no ceiling": 'acts.ask = {per_sentence = "0.1"}',
    "only a ceiling": 'acts.ask = {ceiling = "0.1"}',
    "a price with a ceiling": 'acts.ask = {price = "1", ceiling = "1"}',
    "no price": "acts.ask = {}",
    "a ceiling below one sentence": 'acts.ask = {per_sentence = "0.1", ceiling = "0.09"}',
    "an unknown act": 'acts.sing.price = "1"',
    "an unknown tier": 'acts.ask = {price = "1", tiers.friends.price = "1"}',
    "an unknown key": 'acts.ask = {price = "1", prize = "1"}',
    "an unknown key of a tier": 'acts.ask = {price = "1", tiers.inner = {price = "1", of = "1"}}',
    "an unknown room": "prices = 1",
    "an unknown free tier": "free.month.friends = 1",
    "free below nothing": "free.first = -1",
    "free a month below nothing": "free.month.inner = -1",
    "free beyond counting": "free.first = 1000001",
    "free in words": 'free.first = "3"',
    "free in part": "free.first = 1.5",
    "own_at as a float": 'acts.record = {price = "1", own_at = 5.0}',
    "own_at below nothing": 'acts.record = {price = "1", own_at = "-5"}',
    "buys in words": 'acts.record = {price = "1", buys = "yes"}',
    "a writer's price below nothing": 'acts.ask = {price = "1", writers.quoting.price = "-1"}',
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_price_list_that_cannot_be(why: str) -> None:
    with pytest.raises(PricesWrong) as refused:
        price_list(tomllib.loads(REFUSED[why]))
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "pydantic" not in sentence


def test_the_place_of_what_is_wrong_is_told() -> None:
    with pytest.raises(PricesWrong, match=r"acts\.ask\.tiers\.inner\.price"):
        price_list({"acts": {"ask": {"price": "1", "tiers": {"inner": {"price": "x"}}}}})
    with pytest.raises(PricesWrong, match="in quotes"):
        price_list({"acts": {"ask": {"price": 0.02}}})


def test_a_price_list_that_was_refused_changes_nothing(till: Till) -> None:
    with pytest.raises(PricesWrong):
        till.pricing.write({"acts": {"ask": {"price": -1}}})
    assert till.pricing.current() == ("free", PriceList())


EVERYWHERE = {
    "acts": {
        "ask": {
            "price": "1",
            "writers": {"quoting": {"price": "2"}},
            "tiers": {"inner": {"price": "3", "writers": {"quoting": {"price": "4"}}}, "circle": {"price": "5"}},
        }
    }
}


@pytest.mark.parametrize(
    ("tier", "writer", "price"),
    [
        ("inner", "quoting", 4),
        ("inner", "local", 3),
        ("circle", "quoting", 5),
        ("public", "quoting", 2),
        ("public", "local", 1),
    ],
)
def test_the_nearest_price_holds(till: Till, tier: str, writer: str, price: int) -> None:
    till.pricing.write(EVERYWHERE)
    offer = till.pricing.offer(Wanted("ask", TIERS.index(tier), f"{writer}:version", ANN))
    assert (offer.price_micros, offer.ceiling_micros, offer.free_because) == (price * MICROS, price * MICROS, None)


@given(st.integers(1, AMOUNT_MAX), st.integers(1, AMOUNT_MAX), st.integers(0, 10**6))
def test_never_more_is_owed_than_the_ceiling(per_sentence: int, ceiling: int, sentences: int) -> None:
    offer = Offer(ceiling, ceiling, "1", per_sentence_micros=per_sentence)
    assert offer.owed(sentences) == min(ceiling, per_sentence * sentences)
    assert fixed(ceiling).owed(sentences) == ceiling


def test_what_nobody_priced_is_free(till: Till) -> None:
    for act in ACTS:
        offer = till.pricing.offer(Wanted(act, 0, "quoting", ANN))
        assert (offer.ceiling_micros, offer.version, offer.free) == (0, "free", None)
        assert offer.free_because


def test_an_offer_keeps_its_price_when_the_list_changes(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    first = till.pricing.write({"acts": {"ask": {"price": "0.01"}}})
    offer = till.pricing.offer(Wanted("ask", 0, "quoting", ANN))
    hold = till.holds.place("q1", ANN, offer)
    second = till.pricing.write({"acts": {"ask": {"price": "0.5"}}})
    receipt = till.holds.capture(hold, offer.owed(3), Sale("ask", "?"), beside=lambda _, signed: signed)
    assert receipt is not None
    assert (receipt.said["micros"], receipt.said["prices"]) == (CENT, first)
    assert second != first
    later = till.pricing.offer(Wanted("ask", 0, "quoting", ANN))
    assert (later.ceiling_micros, later.version) == (50 * CENT, second)


def test_an_offer_is_read_as_it_was_kept() -> None:
    for offer in (fixed(CENT), fixed(0, free=Free("first", 3, 1, 2)), fixed(CENT, thing="record:1", own_at_micros=5)):
        assert offer_of(json.loads(json.dumps(offer.as_json()))) == offer


def test_the_first_answers_are_free_and_no_more(till: Till) -> None:
    till.pricing.write({"acts": {"ask": {"price": "0.01"}}, "free": {"first": 2}})
    wanted = Wanted("ask", 0, "quoting", ANN)
    for number in range(2):
        offer = till.pricing.offer(wanted)
        assert (offer.ceiling_micros, offer.free is not None) == (0, True)
        till.holds.capture(till.holds.place(f"q{number}", ANN, offer), 0, Sale("ask", "?"), beside=lambda *_: None)
    assert till.pricing.offer(wanted).ceiling_micros == CENT
    assert till.pricing.offer(Wanted("ask", 0, "quoting", BOB)).free is not None
    with pytest.raises(FreeUsedUp):
        till.holds.place("late", ANN, offer)


def test_free_answers_a_month_are_a_tiers_and_begin_again(till: Till) -> None:
    till.pricing.write({"acts": {"ask": {"price": "0.01"}}, "free": {"month": {"circle": 1}}})
    circle, public = Wanted("ask", TIERS.index("circle"), "quoting", ANN), Wanted("ask", 0, "quoting", ANN)
    assert till.pricing.offer(public).ceiling_micros == CENT
    offer = till.pricing.offer(circle)
    till.holds.place("q1", ANN, offer)
    assert till.pricing.offer(circle).ceiling_micros == CENT
    till.clock.now += 31 * 24 * 3600
    assert till.pricing.offer(circle).free is not None


def own(till: Till) -> tuple[int, int]:
    with till.database.snapshot() as connection:
        row = Plain(connection).row(statement("SELECT paid, is_bought FROM owned"))
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def test_what_was_paid_about_a_record_counts_until_it_is_hers(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    till.pricing.write({"acts": {"record": {"per_sentence": "0.007", "ceiling": "0.03", "own_at": "0.1"}}})
    wanted, paid = Wanted("record", 0, "quoting", ANN, "record:1"), []
    for number in range(20):
        offer = till.pricing.offer(wanted)
        if not offer.ceiling_micros:
            break
        hold = till.holds.place(f"q{number}", ANN, offer)
        paid.append(offer.owed(4))
        till.holds.capture(hold, paid[-1], Sale("record", "?"), beside=lambda *_: None)
    assert paid == [28_000, 28_000, 28_000, 16_000]
    assert own(till) == (100_000, 1)
    assert offer.free_because == "This is yours."
    assert till.wallets.open(ANN).posted == 100 * CENT - 100_000
    assert till.pricing.offer(Wanted("record", 0, "quoting", ANN, "record:2")).ceiling_micros == 30_000
    assert till.pricing.offer(Wanted("record", 0, "quoting", BOB, "record:1")).ceiling_micros == 30_000
    assert till.pricing.offer(Wanted("record", 0, "quoting", ANN)).ceiling_micros == 30_000


def test_what_is_bought_is_paid_once(till: Till) -> None:
    till.top_up(ANN, 100 * CENT)
    till.pricing.write({"acts": {"mixtape": {"price": "0.5", "buys": True}}})
    wanted = Wanted("mixtape", 0, "quoting", ANN, "tape:1")
    offer = till.pricing.offer(wanted)
    till.holds.capture(till.holds.place("q1", ANN, offer), offer.owed(1), Sale("mixtape", "?"), beside=lambda *_: None)
    assert own(till) == (50 * CENT, 1)
    assert till.pricing.offer(wanted).free_because == "This is yours."


# --- amounts ---


@given(st.integers(0, AMOUNT_MAX))
def test_an_amount_is_read_as_it_is_written(micros: int) -> None:
    whole, fraction = divmod(micros, MICROS)
    assert parsed(f"{whole}.{fraction:06d}") == micros
    assert parsed(f" {whole}.{fraction:06d}".rstrip("0").rstrip(".")) == micros


@given(st.integers(-AMOUNT_MAX, AMOUNT_MAX), st.sampled_from(["usd", "eur", "jpy", "sek"]))
def test_an_amount_is_shown_whole(micros: int, code: str) -> None:
    shown = Currency(code).shown(micros)
    digits = "".join(one for one in shown if one.isdigit() or one == ".")
    assert parsed(digits) == abs(micros)
    assert ("−" in shown) == (micros < 0)


@given(st.text(max_size=20))
def test_whatever_is_written_is_an_amount_or_refused(text: str) -> None:
    try:
        assert 0 <= parsed(text) <= AMOUNT_MAX
    except AmountWrong:
        return
    assert text.strip().isascii()


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1, 2**63, True, False, 1.0, "1", None, float("nan")])
def test_what_is_no_amount(amount: Any) -> None:
    with pytest.raises(AmountWrong):
        checked(amount)


@pytest.mark.parametrize("amount", [1, 2**53 // 10, AMOUNT_MAX])
def test_what_is_an_amount(amount: int) -> None:
    assert checked(amount) == amount


@given(st.integers(1, 10**9))
def test_minor_units_are_whole(minor: int) -> None:
    for code, micros in (("usd", 10_000), ("jpy", 1_000_000)):
        currency = Currency(code)
        assert currency.micros_of_minor(minor) == minor * micros
        assert currency.minor_of(minor * micros + 3) == (minor, 3)


@pytest.mark.parametrize("code", ["US", "USD", "usdd", "u$d", "", "üsd", "usd\n"])
def test_a_currency_is_three_small_letters(code: str) -> None:
    with pytest.raises(CurrencyWrong):
        Currency(code)
