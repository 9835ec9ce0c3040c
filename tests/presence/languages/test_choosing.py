"""Tests of which language somebody reads."""

import pytest

from presence.languages import accepted, known_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("de, en;q=0.4, fr;q=0.8", "fr"),
        ("en, fr", "en"),
        ("fr;q=0, en;q=0.1", "en"),
        ("fr;q=much, de", None),
        ("", None),
        ("*", None),
    ],
)
def test_the_best_liked_language_that_is_spoken_here_is_taken(header: str, language: str | None) -> None:
    assert accepted(header) == language


def test_a_language_that_is_not_spoken_here_is_not_known() -> None:
    assert known_language("fr") == "fr"
    assert known_language("../fr") is None
    assert known_language(None) is None
