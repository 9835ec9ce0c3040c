"""An address is read as people write it, and a key is never quoted."""

import pytest

from models.errors import WriterUnreachable
from models.remote.address import address_of, headers_for


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://house:8080", "http://house:8080/v1"),
        (" https://house/ ", "https://house/v1"),
        ("http://house/v1/", "http://house/v1"),
        ("http://house/v1/chat/completions", "http://house/v1"),
        ("https://house/behind/openai", "https://house/behind/openai"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
    ],
)
def test_addresses_lead_to_the_same_root(url: str, root: str) -> None:
    assert address_of(url).root == root
    assert address_of(url).completions == f"{root}/chat/completions"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "house:8080",
        "ftp://house",
        "file:///etc/passwd",
        "http://",
        "http://a:secret@house",
        "http://house/?k=secret",
    ],
)
def test_what_is_no_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(WriterUnreachable) as refused:
        address_of(url)
    assert "secret" not in str(refused.value)


def test_a_key_is_carried_without_the_line_end_of_its_file() -> None:
    assert headers_for("abc\n")["authorization"] == "Bearer abc"


@pytest.mark.parametrize("key", [None, "", " \n"])
def test_no_key_is_no_header(key: str | None) -> None:
    assert "authorization" not in headers_for(key)


@pytest.mark.parametrize("key", ["two words", "two\nlines", "schlüssel"])
def test_what_cannot_be_a_key_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(WriterUnreachable) as refused:
        headers_for(key)
    assert key not in str(refused.value)
