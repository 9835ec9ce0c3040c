"""What a server is sent follows from the prompt and from its manners."""

from typing import Any

import pytest

from models import Limits
from models.grammar import pointing_grammar
from models.remote.asking import JSON_HINT, body_of
from models.remote.manners import Form, Manners, manners_of
from tests.models.prompts import TEXTS, prompt_of

PROMPT = prompt_of(*TEXTS)
GRAMMAR = pointing_grammar([1, 2, 3, 4], 4)


def body(form: Form = "none") -> dict[str, Any]:
    return body_of(PROMPT, Limits(), "small", Manners(form))


def test_a_grammar_goes_where_each_server_looks_for_it() -> None:
    assert body("grammar")["grammar"] == GRAMMAR
    assert body("structured")["structured_outputs"] == {"grammar": GRAMMAR}
    assert {"grammar", "structured_outputs", "response_format"}.isdisjoint(body())


def test_the_schema_allows_pointers_of_the_prompt_only() -> None:
    schema = body("json")["response_format"]["json_schema"]["schema"]
    units = schema["properties"]["units"]
    unit = units["items"]
    assert (units["minItems"], units["maxItems"]) == (1, 4)
    assert unit["properties"]["point"] == {"type": "integer", "enum": [1, 2, 3, 4]}
    assert unit["properties"]["say"] == {"type": "string", "maxLength": 80}
    assert list(unit["properties"]) == unit["required"] == ["say", "point"]  # in the order they are written
    assert [part["additionalProperties"] for part in (schema, unit)] == [False, False]


def test_a_model_that_must_write_json_is_told_so_in_the_stable_part() -> None:
    first = body("json")["messages"][0]
    assert (first["role"], first["content"]) == ("system", f"{PROMPT.system}\n\n{JSON_HINT}")
    assert body()["messages"][0]["content"] == PROMPT.system


@pytest.mark.parametrize("asked", ["grammar", "json", "none"])
def test_a_form_that_is_asked_for_is_kept(asked: Any) -> None:
    assert manners_of("somebody", asked).form == asked


def test_a_grammar_for_vllm_is_structured() -> None:
    assert manners_of("vllm", "grammar").form == "structured"


def test_manners_end_in_asking_for_nothing() -> None:
    manners: Manners | None = manners_of("llamacpp", "auto")
    seen = []
    while manners is not None:
        seen.append(manners)
        manners = manners.weaker("")
    assert [asked.form for asked in seen[:3]] == ["grammar", "json", "none"]
    assert seen[-1] == Manners("none", usage=False, thinking="untold")


def test_what_is_complained_about_goes_first() -> None:
    manners = manners_of("llamacpp", "auto")
    assert manners.weaker("unknown: stream_options") == Manners("grammar", usage=False, thinking="template")
    assert manners.weaker("chat_template is fixed") == Manners("grammar", usage=True, thinking="untold")
