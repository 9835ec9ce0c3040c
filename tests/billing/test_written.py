"""What is hashed and signed is written as the standard library writes it."""

import json
from json import encoder

import pytest
from hypothesis import given
from hypothesis import strategies as some

from billing.written import writer, written, written_in_order

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
)


@given(JSON)
def test_it_is_the_json_that_everybody_else_writes(value: object) -> None:
    assert written(value) == json.dumps(value, separators=(",", ":"))
    assert written_in_order(value) == json.dumps(value, separators=(",", ":"), sort_keys=True)


def test_a_python_without_its_faster_half_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "c_make_encoder", None)
    said = {"b": [1, "é\n"], "a": None}
    assert writer(in_order=True)(said) == written_in_order(said) == '{"a":null,"b":[1,"\\u00e9\\n"]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": float("-inf")}])
def test_what_is_no_json_is_refused(value: object) -> None:
    for write in (written, written_in_order):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write(value)
