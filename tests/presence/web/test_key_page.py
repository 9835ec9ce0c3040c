"""“My key” before any script has run."""

from presence.bootstrap import Services
from tests.nodes import client_of


def test_the_page_says_what_to_do_without_scripts(node: Services) -> None:
    with client_of(node) as client:
        page = client.get("/key")
    assert page.status_code == 200
    assert "needs JavaScript. Without it you can still ask" in page.text
    assert "set-cookie" not in page.headers


def test_only_who_is_known_is_watched(node: Services) -> None:
    with client_of(node) as client:
        assert "data-standing" not in client.get("/").text
