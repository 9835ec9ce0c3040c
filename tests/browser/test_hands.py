"""The hands of the journeys see what is wrong: on pages made for it, so that a journey that passes says something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.hands import Hands, somebody

pytestmark = pytest.mark.browser

HOUSE, ELSEWHERE = "http://house.test", "http://elsewhere.test"
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
GOOD = '<!doctype html><title>A house</title><a href="/one">One</a> <button>Two</button> <a href="/three">Three</a>'


@contextmanager
def at(browser: Browser, page: str, way: str = "keyboard") -> Iterator[Hands]:
    """Open a page of a house that has no more than it."""

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": POLICY} if route.request.url.startswith(HOUSE) else {}
        route.fulfill(body=page, content_type="text/html", headers=headers)

    with somebody(browser, HOUSE, way) as hands:
        hands.page.context.route("**/*", answer)
        hands.page.goto("/")
        yield hands


def test_a_page_without_fault_is_gone_through(browser: Browser) -> None:
    with at(browser, GOOD) as hands:
        hands.plain_words()
        hands.link("Three")
        hands.page.wait_for_url("**/three")


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (GOOD.replace("<button", '<button style="outline: none"'), "shows no focus"),
        (GOOD.replace("<button", '<button tabindex="1"'), "jumps the queue"),
        (GOOD + '<p style="position: fixed; inset: 0; margin: 0; background: white">Take this', "cannot be seen"),
        (GOOD.replace("<button", '<button style="position: fixed; top: -9em"'), "cannot be seen"),
        (GOOD.replace('<a href="/three"', '<a href="/three" tabindex="-1"'), "no way by keyboard"),
    ],
)
def test_a_stop_that_is_no_stop_ends_the_way(browser: Browser, page: str, why: str) -> None:
    with at(browser, page) as hands, pytest.raises(AssertionError, match=why):
        hands.link("Three")


def test_a_word_of_the_code_is_found(browser: Browser) -> None:
    with (
        at(browser, GOOD + "<p>Your ticket costs 20,000 micros") as hands,
        pytest.raises(AssertionError, match="ticket"),
    ):
        hands.plain_words()


@pytest.mark.parametrize("way", ["mouse", "without scripts"])
def test_what_is_asked_elsewhere_is_seen(browser: Browser, way: str) -> None:
    def go_there(hands: Hands) -> None:
        hands.link("Three")
        hands.page.wait_for_url(f"{ELSEWHERE}/**")

    told = told_of(browser, GOOD.replace("/three", f"{ELSEWHERE}/"), way, go_there)
    assert f"asked elsewhere: {ELSEWHERE}/" in told


@pytest.mark.parametrize("way", ["mouse", "without scripts"])
def test_what_the_policy_refuses_is_seen(browser: Browser, way: str) -> None:
    page = f'{GOOD}<img src="{ELSEWHERE}/picture.png" alt="">'
    assert "Content Security Policy" in told_of(browser, page, way, lambda hands: hands.page.wait_for_load_state())


def test_what_a_script_throws_is_seen(browser: Browser) -> None:
    def fail(hands: Hands) -> None:
        with hands.page.expect_event("pageerror"):
            hands.page.evaluate("() => void setTimeout(() => { throw new Error('a mistake'); })")

    assert "a mistake" in told_of(browser, GOOD, "mouse", fail)


def told_of(browser: Browser, page: str, way: str, deed: Callable[[Hands], object]) -> str:
    """Do something on a page; give what was wrong with it."""
    try:
        with at(browser, page, way) as hands:
            deed(hands)
    except AssertionError as error:
        return str(error)
    return ""
