"""Tests that the catalogues say all that is said, with the same names, the same marks and every plural."""

import ast
import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from presence.languages import LANGUAGES
from presence.languages.catalogue import read_catalogue
from presence.languages.elsewhere import WORDS
from presence.languages.extracting import ROOT, extracted, is_translated
from presence.languages.reasons import REASONS
from presence.languages.retelling import retold

OTHERS = [code for code in LANGUAGES if code != "en"]
DOMAINS = ["presence", "studio"]
"""Whose catalogues are complete."""

NAME = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
TAG = re.compile(r"</?[a-z][^>]*>")
BETWEEN = re.compile(r"\{\w+\}")
"""What is filled into a form."""


@cache
def said_now() -> dict[str, Catalog]:
    return extracted()


@cache
def catalogue(language: str, domain: str) -> Catalog:
    return read_catalogue(language, domain)


def forms(words: object) -> list[str]:
    return [str(one) for one in words] if isinstance(words, list | tuple) else [str(words)]


def texts_of(place: str) -> str:
    """Give every text of a module, as it is once its pieces are put together."""
    tree = ast.parse((ROOT / place).read_text(encoding="utf-8"))
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(found)


def name_of(message: Message) -> str:
    return forms(message.id)[0]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", OTHERS)
def test_each_sentence_that_is_said_now_has_its_words_and_no_other_has(language: str, domain: str) -> None:
    kept = {name_of(message): message for message in catalogue(language, domain) if message.id}
    wanted = {name_of(message) for message in said_now()[domain] if message.id}
    missing = sorted(name for name in wanted if name not in kept or not is_translated(kept[name].string))
    assert not missing, f"make words, then translate: {missing[:10]}"
    assert not sorted(set(kept) - wanted), "make words"
    assert not [name for name, message in kept.items() if message.fuzzy]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_names_and_the_marks_of_its_sentence(language: str, domain: str) -> None:
    for message in catalogue(language, domain):
        if not message.id or not is_translated(message.string):
            continue
        english, told = forms(message.id), forms(message.string)
        names = {name for form in english for name in NAME.findall(form)}
        assert {name for form in told for name in NAME.findall(form)} == names, english
        for form in told:
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(english[-1])), form
            assert '"' not in TAG.sub("", form), f"would break an attribute: {form}"
            assert "<" not in TAG.sub("", form), form


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_what_has_a_plural_has_each_of_the_languages_forms(language: str, domain: str) -> None:
    whole = catalogue(language, domain)
    plurals = [message for message in whole if message.pluralizable]
    assert plurals
    assert {len(forms(message.string)) for message in plurals} == {whole.num_plurals}


@pytest.mark.parametrize("domain", DOMAINS)
def test_french_stands_with_its_own_signs(domain: str) -> None:
    for message in catalogue("fr", domain):
        for form in forms(message.string) if message.id else ():
            plain = TAG.sub("", form)
            assert not re.search(r"[^\N{NARROW NO-BREAK SPACE}\s?!…][?!](?=\s|$)", plain), form
            assert not re.search(r" [:;?!»]|« ", plain), f"an ordinary space: {form}"
            assert "'" not in plain, form


def test_the_words_of_other_packages_still_stand_there() -> None:
    for place, sentences in [*WORDS.items(), *REASONS.items()]:
        texts = texts_of(place)
        gone = [form for form in sentences if not all(piece.strip() in texts for piece in BETWEEN.split(form))]
        assert not gone, place


def test_a_form_of_another_package_is_found_by_what_it_says() -> None:
    for forms in REASONS.values():
        for form in forms:
            filled = BETWEEN.sub("x", form)
            made = retold(filled)
            assert filled == form or (made is not None and made == filled), form
