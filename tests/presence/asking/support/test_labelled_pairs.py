"""The labelled pairs are well formed, and no way of being right or wrong outweighs the others."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

PAIRS = Path(__file__).with_name("pairs.jsonl")
PAIRS_MIN = 360


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


def test_every_pair_has_its_fields_and_nothing_else(pairs: list[dict[str, Any]]) -> None:
    assert len(pairs) >= PAIRS_MIN
    for pair in pairs:
        assert pair.keys() == {"sentence", "sources", "artist", "label", "kind"}
        assert pair["sentence"].strip() == pair["sentence"] != ""
        assert pair["artist"] == "Ada Marsh"
        assert pair["sources"]
        for source in pair["sources"]:
            assert source.keys() == {"text", "speaker", "title", "date"}
            assert all(source[field] for field in ("text", "speaker", "title"))
            assert source["date"] is None or date.fromisoformat(source["date"])


def test_a_kind_says_how_it_is_labelled(pairs: list[dict[str, Any]]) -> None:
    for pair in pairs:
        group, way = pair["kind"].split(".")
        supported = group == "para" or (group == "plain" and way in ("verbatim", "near_verbatim"))
        assert group in ("near", "para", "plain")
        assert pair["label"] == ("supported" if supported else "unsupported"), pair["sentence"]


def test_word_for_word_is_word_for_word(pairs: list[dict[str, Any]]) -> None:
    for pair in pairs:
        texts = [source["text"].replace("\n", " ") for source in pair["sources"]]
        if pair["kind"] == "plain.verbatim":
            assert any(pair["sentence"] in text for text in texts), pair["sentence"]
        else:
            assert not any(pair["sentence"] in text for text in texts), pair["sentence"]


def test_no_pair_stands_twice(pairs: list[dict[str, Any]]) -> None:
    counted = Counter((pair["sentence"], *(source["text"] for source in pair["sources"])) for pair in pairs)
    assert [key for key, times in counted.items() if times > 1] == []


def test_the_kinds_are_balanced(pairs: list[dict[str, Any]]) -> None:
    groups = Counter(pair["kind"].split(".")[0] for pair in pairs)
    labels = Counter(pair["label"] for pair in pairs)
    kinds = Counter(pair["kind"] for pair in pairs)
    assert all(0.25 <= groups[group] / len(pairs) <= 0.42 for group in ("near", "para", "plain")), groups
    assert all(0.4 <= labels[label] / len(pairs) <= 0.6 for label in ("supported", "unsupported")), labels
    assert max(kinds.values()) / len(pairs) < 0.08, kinds
    # A checker that is never asked both ways about a source could pass by the source alone.
    asked: dict[str, set[str]] = {}
    for pair in pairs:
        asked.setdefault(pair["sources"][0]["text"], set()).add(pair["label"])
    assert all(both == {"supported", "unsupported"} for both in asked.values())
