"""The examples by hand are what they say: every format has one, and its own reader takes it."""

from pathlib import PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import read_file
from knowledge.importers.formats import NAMES, formats
from knowledge.importers.sniffed import Sniffed
from tests.knowledge.importers.examples import OF_FORMAT, examples

NEVER_TAKEN = {"substack", "refusals"}  # one is an index alone, the other is nothing that is read


def test_every_format_has_an_example() -> None:
    assert set(OF_FORMAT) == set(NAMES)


@pytest.mark.parametrize(
    ("kind", "name", "data"), examples(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_example_is_read_by_its_own_format(kind: str, name: str, data: bytes) -> None:
    file = Sniffed(data, PurePosixPath(name))
    taken_by = next(told for told, one in zip(NAMES, formats(), strict=True) if one.is_it(file))
    assert taken_by == kind
    if kind in NEVER_TAKEN:
        with pytest.raises(ImportRefused):
            read_file(data, name)
    else:
        assert read_file(data, name)
