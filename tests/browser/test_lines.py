"""Lines that break, houses that are away for a moment, presses too many: no page waits for ever, nothing is doubled."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.processes import Serving, command, serving

pytestmark = pytest.mark.browser

QUESTION = "Where was the bass of Low Tide Ledger recorded?"
QUOTE = "I recorded the bass line of Low Tide Ledger on a broken Korg in my aunt's kitchen."
OTHER = "Which football team do you support?"
SITE = "https://blog.example"
TOO_DEEP = "That is not open to you."
IDS = re.compile(r"^id: (\d+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    home = Path(tmp_path_factory.mktemp("lines")) / "home"
    with serving(home, verb="demo", PRESENCE_LIMITS__QUESTIONS_PER_MINUTE="10000") as opened:
        assert command(home, "embeds", "add", SITE).returncode == 0
        yield opened


@pytest.fixture
def page(browser: Browser, node: Serving) -> Iterator[Page]:
    """A page whose scripts may hear of a line that broke, but never break themselves."""
    context = browser.new_context(base_url=node.address, reduced_motion="reduce")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def ask(page: Page, question: str = QUESTION) -> None:
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")


def ended(page: Page) -> None:
    """Wait until the room waits for nothing, and another question is answered there."""
    expect(page.locator("#stop")).to_be_hidden(timeout=30_000)
    expect(page.locator("article.answer[aria-busy]")).to_have_count(0)
    page.unroute_all()
    before = page.locator("article.answer").count()
    ask(page, OTHER)
    expect(page.locator("article.answer")).to_have_count(before + 1)
    expect(page.locator("article.answer").last.locator(".nothing")).to_contain_text("not in my notes", timeout=30_000)


def into(held: list[Route]) -> Callable[[Route], None]:
    """Give what holds requests back; a method of a list can be no handler."""

    def hold(route: Route) -> None:
        held.append(route)

    return hold


def cut_before_the_end(route: Route, *, end: str = "") -> None:
    """Let everything of an answer through but its end; in place of that, an end of another kind, or none."""
    response = route.fetch()
    whole = response.text()
    told = whole[: whole.rindex("id: ", 0, whole.index("event: done"))]
    last = IDS.findall(told)[-1]
    route.fulfill(response=response, body=told + end.format(last=last))


def test_one_press_too_many_is_no_second_question(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/questions", into(held))
    page.goto("/")
    ask(page)
    page.locator("#question").press("Enter")
    page.locator(".examples button").first.click()
    expect(page.locator("article.answer")).to_have_count(1)
    page.wait_for_function("document.querySelector('article.answer .status').textContent === 'Asking …'")
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator(".said q").first).to_have_text(QUOTE)
    assert len(held) == 1
    ended(page)


def test_an_end_that_has_the_number_of_what_was_told_last_is_heard(page: Page) -> None:
    revoked = 'id: {last}\nevent: done\ndata: {{"outcome": "revoked"}}\n\n'
    page.route("**/api/questions", lambda route: cut_before_the_end(route, end=revoked))
    followed: list[str] = []
    page.on("request", lambda request: followed.append(request.url) if request.url.endswith("/events") else None)
    page.goto("/")
    ask(page)
    expect(page.locator(".said q").first).to_have_text(QUOTE)
    ended(page)
    assert [url for url in followed if "/api/questions/" in url] == []


def test_a_house_that_is_away_for_a_moment_is_asked_again(page: Page) -> None:
    asked: list[Request] = []

    def away_once(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(status=502, body="") if len(asked) == 1 else route.continue_()

    page.route("**/api/questions", cut_before_the_end)
    page.route("**/api/questions/*/events", away_once)
    page.goto("/")
    ask(page)
    expect(page.locator(".sources, .card").first).to_be_attached(timeout=30_000)  # they come with the whole answer
    assert len(asked) == 2
    assert int(asked[1].headers["last-event-id"]) > 0
    ended(page)


def test_what_may_not_be_read_any_more_is_the_end(page: Page) -> None:
    def refused(route: Route) -> None:
        problem = json.dumps({"detail": TOO_DEEP})
        route.fulfill(status=403, body=problem, content_type="application/problem+json")

    page.route("**/api/questions", cut_before_the_end)
    for where in ("**/api/questions/*/events", "**/answers/*/fragment"):
        page.route(where, refused)
    page.goto("/")
    ask(page)
    expect(page.locator("article.answer .nothing")).to_have_text(TOO_DEEP)
    ended(page)


def test_a_line_that_drops_at_the_very_end_leaves_what_was_said(page: Page) -> None:
    page.route("**/answers/*/fragment", lambda route: route.abort())
    page.goto("/")
    ask(page)
    expect(page.locator(".said q").first).to_have_text(QUOTE)
    again = page.get_by_role("link", name="Look again")
    expect(again).to_be_visible()
    ended(page)
    again.click()
    expect(page.locator(".said q").first).to_have_text(QUOTE)
    expect(page.locator("#asking")).to_have_count(0)  # the page of the answer


@pytest.fixture
def room(page: Page) -> Page:
    """The room of another site, by itself, whose answers are not whole before they are let through."""
    page.goto(f"/embed?site={SITE}")
    page.wait_for_load_state()
    return page


class Written:
    """Answers that are not whole before they are let through; `polls` are the ways of looking again that are held."""

    def __init__(self, room: Page) -> None:
        self.polls: list[Route] = []
        self._whole = ""
        room.route("**/embed/ask", self._begun)
        room.route("**/embed/answer", into(self.polls))

    def _begun(self, route: Route) -> None:
        response = route.fetch()
        self._whole = response.text()
        form = '<form method="post" action="/embed/answer" class="again"><input name="answer" value="one"></form>'
        begun = re.sub("<div class=.said.>.*</article>", f"{form}</article>", self._whole, flags=re.DOTALL)
        route.fulfill(response=response, body=begun)

    def ends(self, poll: Route) -> None:
        """Give the whole answer to one who looks again."""
        poll.fulfill(body=self._whole, content_type="text/html; charset=utf-8")


def looked(room: Page, times: int, written: Written) -> Route:
    """Wait until it has been looked again so often; give the last."""
    while len(written.polls) < times:
        room.wait_for_event("request", lambda request: request.url.endswith("/embed/answer"))
        room.evaluate("() => 0")  # the route is called before this comes back
    return written.polls[times - 1]


def test_what_a_visitor_types_while_an_answer_is_written_stays(room: Page) -> None:
    written = Written(room)
    ask(room)
    expect(room.locator(".again")).to_be_attached()
    expect(room.locator("#question")).to_have_value("")
    room.locator("#question").fill("And who")
    written.ends(looked(room, 1, written))
    expect(room.locator("article.answer")).to_contain_text(QUOTE)
    expect(room.locator("#question")).to_have_value("And who")


def test_another_site_looks_again_until_the_house_is_there(room: Page) -> None:
    written = Written(room)
    ask(room)
    looked(room, 1, written).abort()
    looked(room, 2, written).fulfill(status=503, body="<main><div role=log>Away</div></main>")
    written.ends(looked(room, 3, written))
    expect(room.locator("article.answer")).to_contain_text(QUOTE)
    expect(room.locator(".again")).to_have_count(0)


def test_what_comes_late_of_an_earlier_question_is_not_shown(room: Page) -> None:
    written = Written(room)
    ask(room)
    late = looked(room, 1, written)
    room.unroute("**/embed/ask")
    ask(room, OTHER)
    expect(room.locator(".asked")).to_have_text(OTHER)
    with room.expect_response("**/embed/answer"):
        written.ends(late)
    expect(room.locator(".asked")).to_have_text(OTHER)


def test_one_press_too_many_on_another_site_is_no_second_question(room: Page) -> None:
    held: list[Route] = []
    room.route("**/embed/ask", into(held))
    with room.expect_request("**/embed/ask"):
        ask(room)
    room.locator("#question").press("Enter")
    expect(room.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    held[0].continue_()
    expect(room.locator("article.answer")).to_contain_text(QUOTE)
    assert len(held) == 1
