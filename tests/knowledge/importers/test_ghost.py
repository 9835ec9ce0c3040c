"""Ghost's export."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import ghost
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "ghost"


def read(value: Any) -> list[ImportedDoc]:
    return read_bytes(json.dumps(value).encode())


def read_bytes(data: bytes) -> list[ImportedDoc]:
    file = Sniffed(data, PurePosixPath("ghost.json"))
    assert ghost.is_it(file)
    return list(ghost.read(file))


def article(**more: Any) -> dict[str, Any]:
    return {"id": "p1", "title": "Low tide", "slug": "low-tide", "html": "<p>Text.</p>", "status": "published",
            "visibility": "public", "published_at": "2019-03-04T10:00:00.000Z"} | more  # fmt: skip


def export(*posts: dict[str, Any]) -> dict[str, Any]:
    users = [{"id": "u1", "name": "Ada Marsh"}, {"id": "u2", "name": "Zeno Obuya"}]
    written = [
        {"post_id": "p1", "author_id": "u2", "sort_order": 1},
        {"post_id": "p1", "author_id": "u1", "sort_order": 0},
    ]
    return {"db": [{"meta": {}, "data": {"posts": list(posts), "users": users, "posts_authors": written}}]}


def test_a_post_is_a_document() -> None:
    [document] = read(export(article()))
    assert (document.title, document.date, document.speaker, document.part, document.tier_name, document.draft) == (
        "Low tide",
        "2019-03-04",
        "Ada Marsh",
        "low-tide",
        None,
        False,
    )
    assert [block.text for block in document.blocks] == ["Text."]


@pytest.mark.parametrize(
    ("visibility", "tier"), [("public", None), ("members", "follower"), ("paid", "supporter"), ("filter", "filter")]
)
def test_who_may_see_it_is_its_tier(visibility: str, tier: str | None) -> None:
    assert read(export(article(visibility=visibility)))[0].tier_name == tier


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_what_is_not_published_is_a_draft(status: str) -> None:
    assert read(export(article(status=status)))[0].draft


def test_the_answer_of_the_api_is_read_too() -> None:
    assert read({"posts": [article(authors=[{"name": "Ada"}])]})[0].speaker == "Ada"


def test_a_post_without_html_is_named() -> None:
    assert read(export(article(), article(title="Lost", html=None)))[0].left_out == (
        "Left out, as the export has no HTML of them: Lost.",
    )


@pytest.mark.parametrize("value", [{"posts": 1, "html": 2}, {"posts": [], "html": ""}, {"posts": [{"html": 3}]}])
def test_without_a_post_it_is_refused(value: Any) -> None:
    with pytest.raises(ImportRefused, match="no post"):
        read(value)


def test_torn_json_is_refused() -> None:
    with pytest.raises(ImportRefused, match="damaged"):
        read_bytes(b'{"posts": [{"html": ')


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_real_ones() -> None:
    documents = read_bytes((SAMPLES / "ghost.json").read_bytes())
    assert [(one.title, one.speaker) for one in documents] == [("Post 1", "Alice Johnson"), ("Post 2", "Bob Smith")]
    assert documents[0].left_out[0].startswith("Left out, as the export has no HTML of them: ")
    [document, *_] = read_bytes((SAMPLES / "posts.json").read_bytes())
    assert (document.title, document.speaker, document.date) == ("Welcome", "Ghost", "2012-11-27")
