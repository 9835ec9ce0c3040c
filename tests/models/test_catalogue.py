"""The catalogue is fit to be fetched from."""

import re

import pytest

from models import ModelMissing
from models.catalogue import Entry, entries, find

PERMISSIVE = {"Apache-2.0", "MIT"}


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_entry_is_whole(entry: Entry) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", entry.name)
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", entry.repo)
    assert re.fullmatch(r"[\w.-]+\.gguf", entry.file)
    assert "-of-0" not in entry.file, "one file, not the first of several"
    assert re.fullmatch(r"[0-9a-f]{40}", entry.revision)
    assert entry.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert entry.languages
    assert len(set(entry.languages)) == len(entry.languages)
    assert entry.purpose
    assert "instruct" in entry.file.lower() or "instruct" in entry.name or "thinking" in entry.purpose


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_a_licence_that_is_not_permissive_is_said(entry: Entry) -> None:
    assert entry.licence in PERMISSIVE or entry.licence in entry.purpose


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_a_model_leaves_room_for_the_machine_around_it(entry: Entry) -> None:
    assert 200_000_000 < entry.size_bytes < 0.5 * entry.ram_gb * 1e9


def test_the_smallest_comes_first_and_names_are_given_once() -> None:
    assert [entry.size_bytes for entry in entries()] == sorted(entry.size_bytes for entry in entries())
    names = [name for entry in entries() for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))
    files = [entry.file for entry in entries()]
    assert len(files) == len(set(files))


@pytest.mark.parametrize(("alias", "ram_gb"), [("small", 4), ("medium", 8), ("large", 16)])
def test_the_short_names_fit_the_machines(alias: str, ram_gb: int) -> None:
    assert find(alias).ram_gb == ram_gb
    assert find(find(alias).name) is find(alias.upper())


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(ModelMissing, match="small"):
        find("gigantic")
