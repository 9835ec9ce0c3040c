"""What a store says of a text that holds NUL is said of what was sent, and is no bug."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from presence.errors import NotText
from presence.stores import refusal_of
from tests.nodes import client_of, open_node


@pytest.mark.slow
def test_a_text_that_postgresql_cannot_hold_is_the_senders(tmp_path: Path, database_url: str | None) -> None:
    with open_node(tmp_path / "home", database_url=database_url) as services, client_of(services) as client:
        asked = client.post("/api/questions", json={"question": "What was it?", "conversation": "a\0b"})
        assert asked.status_code < 500
        if database_url is None:
            return
        with services.database.records() as records, pytest.raises(DataError) as refused:
            records.execute(text("SELECT :word"), {"word": "a\0b"})
    assert isinstance(refusal_of(refused.value), NotText)
