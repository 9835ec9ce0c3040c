"""Every refusal has a status, and says what to do."""

import importlib
import inspect

import pytest

from presence.errors import QuestionEmpty
from presence.problems import STATUS, status_of

PACKAGES = ("presence", "knowledge", "trustgraph", "billing", "models")


def refusals() -> list[type[Exception]]:
    found: list[type[Exception]] = []
    for package in PACKAGES:
        module = importlib.import_module(f"{package}.errors")
        found += [
            cls
            for _, cls in inspect.getmembers(module, inspect.isclass)
            if issubclass(cls, Exception) and cls.__module__ == module.__name__
        ]
    return found


@pytest.mark.parametrize("refusal", refusals(), ids=lambda cls: cls.__name__)
def test_every_refusal_stands_in_the_table(refusal: type[Exception]) -> None:
    assert refusal in STATUS


def test_a_refusal_is_found_by_its_ancestry() -> None:
    class Special(QuestionEmpty):
        pass

    assert status_of(Special()) == 422


def test_whatever_is_no_refusal_is_a_bug() -> None:
    assert status_of(RuntimeError()) == 500


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_at_the_head_of_each_errors_file_names_every_class(package: str) -> None:
    module = importlib.import_module(f"{package}.errors")
    head = module.__doc__ or ""
    for cls in refusals():
        if cls.__module__ == module.__name__:
            assert cls.__name__ in head
