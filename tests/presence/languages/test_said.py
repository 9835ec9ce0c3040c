"""Tests of sentences that are made in code and said later."""

import json
from copy import deepcopy
from datetime import date
from gettext import GNUTranslations

from billing import Currency
from presence.languages import (
    Said,
    said,
    said_many,
    speaking,
    together,
    wording,
    written_column,
    written_date,
    written_money,
    written_number,
)
from presence.languages.catalogue import catalogue_of, elided
from presence.languages.sentences import translated_as

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def test_a_sentence_made_in_code_is_english_to_whoever_knows_no_languages() -> None:
    made = said("All {places} places are taken.", places=1200)
    assert made == "All 1,200 places are taken."
    assert json.dumps([made]) == '["All 1,200 places are taken."]'
    assert said_many("{n} place", "{n} places", 1) == "1 place"
    assert together(made, "Come back.") == "All 1,200 places are taken. Come back."


def test_a_copy_of_a_sentence_is_the_same_sentence() -> None:
    made = together(said_many("{n} place", "{n} places", 1200), translated_as("It is “x”.", "It is something."))
    copied = deepcopy(made)
    assert copied == made == "1,200 places It is “x”."
    assert isinstance(copied, Said)
    assert (copied.form, copied.values) == (made.form, made.values)


def test_what_no_catalogue_knows_stays_as_it_is_and_outside_everything_is_english() -> None:
    with speaking("fr", "Ada Marsh"):
        assert wording("Night bus {home} %(where)s") == "Night bus {home} %(where)s"
        assert wording(said("Nobody says {this}.", this="{that}")) == "Nobody says {that}."
        assert written_number(12000) == f"12{NARROW}000"
    assert written_number(12000) == "12,000"


def test_dates_and_amounts_are_written_as_the_language_does() -> None:
    euros = Currency("eur")
    with speaking("fr", "Ada Marsh"):
        assert written_date("2019-07-14") == "14 juillet 2019"
        assert written_date("2019-07-01") == "1er juillet 2019"
        assert written_date("2019-07") == "juillet 2019"
        assert written_money(euros, 1_234_567_890) == f"1{NARROW}234,56789{NO_BREAK}€"
        assert written_money(euros, -20_000) == f"-0,02{NO_BREAK}€"
    assert written_date(date(2019, 7, 1).isoformat()) == "1 July 2019"
    assert written_money(euros, 1_234_567_890) == euros.shown(1_234_567_890) == "€1,234.56789"


def test_french_leaves_an_e_out_before_the_artists_name_where_it_begins_with_a_vowel() -> None:
    words = "les notes de {artist}, ce que %(artist)s dit de {place}"
    assert elided(words, "fr", "Ada Marsh") == "les notes d’{artist}, ce qu’%(artist)s dit de {place}"
    assert elided(words, "fr", "Brice") == words
    assert elided(words, "en", "Ada Marsh") == words


def test_the_catalogue_that_is_read_is_the_text_that_translators_wrote() -> None:
    assert isinstance(catalogue_of("fr"), GNUTranslations)


def test_amounts_of_a_column_have_the_digits_that_one_of_them_needs() -> None:
    assert written_column(Currency("usd"), [80_000, 50_182]) == ["$0.080000", "$0.050182"]
    assert written_column(Currency("usd"), [80_000, 1_000_000]) == ["$0.08", "$1.00"]
    assert written_column(Currency("jpy"), [2_000_000, 500_000]) == [
        Currency("jpy").shown(2_000_000, 1),
        Currency("jpy").shown(500_000),
    ]
    assert written_column(Currency("usd"), []) == []
    with speaking("fr", ""):
        assert written_column(Currency("eur"), [80_000, 50_182]) == [f"0,080000{NO_BREAK}€", f"0,050182{NO_BREAK}€"]
