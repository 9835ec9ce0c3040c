"""Where the article of a saved page is."""

from pathlib import Path

import pytest

from knowledge.importers import read_file
from knowledge.importers.html import read_html
from knowledge.importers.record import ImportedDoc

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"
PROSE = "The tide came in at nine, and Winnie wrote it down in her book. " * 6


def page(body: str, head: str = "") -> ImportedDoc:
    return read_html(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>", fallback_title="x")


def words(body: str) -> list[str]:
    return [block.text for block in page(body).blocks]


@pytest.mark.parametrize(
    "room",
    [
        "<main>{}</main>",
        "<article>{}</article>",
        "<div role='main'>{}</div>",
        "<main><div>Menu.</div><article>{}</article><div>More from us.</div></main>",
        "<div itemprop='articleBody'>{}</div>",
        "<div class='post entry-content'>{}</div>",
    ],
)
def test_the_article_is_read_and_what_is_around_it_is_not(room: str) -> None:
    assert words("<div>Home.</div>" + room.format("<p>Shown.</p>") + "<div>Imprint.</div>") == ["Shown."]


def test_teasers_beneath_an_article_are_not_read() -> None:
    assert words(f"<article><p>{PROSE}</p></article><article><p>Read on.</p></article>") == [PROSE.strip()]


def test_the_posts_of_a_list_are_all_read() -> None:
    assert words("<article><p>One.</p></article><article><p>Two.</p></article>") == ["One.", "Two."]


@pytest.mark.parametrize(
    "extra",
    [
        "<div class='cookie-banner'>We use cookies.</div>",
        "<div id='gdpr'>Agree?</div>",
        "<ul class='share-buttons'><li>Share</li></ul>",
        "<aside role='complementary'>Other.</aside>",
        "<section class='related-posts'>Read this too.</section>",
        "<div id='comments'>Nice!</div>",
        "<p class='button-wrapper'>Sign up now</p>",
        "<footer>All rights reserved.</footer>",
        "<div style='display: none'>Unseen.</div>",
        "<div hidden>Unseen.</div>",
    ],
)
def test_machinery_inside_the_article_is_cut_away(extra: str) -> None:
    assert words(f"<article><p>Shown, and longer than all the rest of the page.</p>{extra}</article>") == [
        "Shown, and longer than all the rest of the page."
    ]


def test_a_name_never_cuts_away_the_page_itself() -> None:
    assert words("<div class='cookie-accepted'><p>Shown.</p></div>") == ["Shown."]


def test_without_any_sign_the_room_with_nearly_all_prose_is_read() -> None:
    rooms = f"<div><div>Home. Music.</div><div><h1>Tide</h1><p>{PROSE}</p><p>{PROSE}</p></div></div>"
    assert words(f"{rooms}<div><p>Imprint.</p></div>") == ["Tide", PROSE.strip(), PROSE.strip()]


def test_no_heading_is_lost_on_the_way_to_the_prose() -> None:
    assert words(f"<h1>Tide</h1><div><p>{PROSE}</p><p>{PROSE}</p></div>")[0] == "Tide"


def test_a_page_of_little_prose_is_read_whole() -> None:
    assert words("<div>One.</div><div><p>Two.</p></div>") == ["One.", "Two."]


def test_a_declaration_that_no_parser_takes_costs_nothing_else() -> None:
    assert words("<p>Text.</p><![x[")[0] == "Text."


LINKED = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": "BlogPosting",
"headline": "Low tide", "datePublished": "2019-03-04T10:00:00Z", "author": [{"name": "Ada Marsh"}]}]}</script>"""


def test_linked_data_is_believed() -> None:
    document = page("<p>Text.</p>", f"<title>Low tide | Ada's site</title>{LINKED}")
    assert (document.title, document.date, document.speaker) == ("Low tide", "2019-03-04", "Ada Marsh")


@pytest.mark.parametrize("broken", ["{", "[1, null]", '{"@type": "Article", "author": 3}', "[" * 90_000])
def test_broken_linked_data_is_none(broken: str) -> None:
    document = page("<p>Text.</p>", f'<script type="application/ld+json">{broken}</script>')
    assert (document.title, document.date, document.speaker) == ("x", "", "")


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("<article><time datetime='2019-03-04T10:00'>March</time><p>Text.</p></article>", "2019-03-04"),
        ("<time datetime='2019-03-04'>a</time><time datetime='2019-03-05'>b</time><p>Text.</p>", ""),
        ("<time datetime='2018-01-01'>a</time><time class='published' datetime='2019-03-04'>b</time>", "2019-03-04"),
        ("<meta itemprop='datePublished' content='2019-03-04'><p>Text.</p>", "2019-03-04"),
    ],
)
def test_the_date_is_the_one_on_which_it_was_published(body: str, date: str) -> None:
    assert page(body).date == date


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_a_saved_blog_is_its_article() -> None:
    file = SAMPLES / "documents" / "test_blog.html"
    [document] = read_file(file.read_bytes(), file.name)
    text = "\n".join(block.text for block in document.blocks)
    assert document.title.startswith("Does Model and Inference Parameter Matter")
    assert document.date == "2023-04-21"
    assert "Skip to main content" not in text
    assert "Recent posts" not in text
    assert "inference parameters" in text
