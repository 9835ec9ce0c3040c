"""How somebody uses a page: with a mouse, with a finger, or with the keyboard alone; and what was seen of it meanwhile.

By keyboard there is nothing but keys: Tab from stop to stop, Enter, Space and the arrows. At each stop on the way it is
looked at whether the focus can be seen, whether something lies over it, and whether it went on down the page.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.presence.processes.waiting import SECONDS_MAX

SOON_MS = 30_000
STOPS_MAX = 150
POLICY_BROKEN = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by policy: ${event.violatedDirective} ${event.blockedURI}`))"""
# Words of the code that nobody else should have to read; codes and terminals are shown as such.
INSIDE = re.compile(
    r"\b(?:epoch|micros|captured?|tickets?|embeddings?|LLM|tokens?|passages?|assertions?)\b", re.IGNORECASE
)
WORDS = """() => { const copy = document.body.cloneNode(true);
  for (const one of copy.querySelectorAll("script, noscript, code, kbd, pre, output, .code-to-copy")) one.remove();
  return copy.textContent; }"""
UNSEEN = "cannot be seen"
# Where the focus is, in the frame of the page: `is` the one that was looked for, and what is wrong with the stop.
STOP = """(wanted) => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) { window.lastStop = null; return {is: false}; }
  const wrong = [], style = getComputedStyle(at), box = at.getClientRects()[0];
  const name = at.outerHTML.slice(0, 120);
  if (at.tabIndex > 0) wrong.push("jumps the queue");
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0) wrong.push("shows no focus");
  if (!box) wrong.push("is not shown");
  else {
    // Not wholly hidden is what WCAG 2.4.11 asks: a sliver at an edge is seen.
    const spots = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8], [.03, .5], [.97, .5]];
    const hit = spots.some(([x, y]) => {
      const over = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return over && (at.contains(over) || over.contains(at) && over !== document.body
        && over !== document.documentElement || over.closest("label")?.control === at);
    });
    if (!hit) wrong.push("cannot be seen");
  }
  const last = window.lastStop;
  if (last?.isConnected && !last.closest("[popover]")
      && at.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING) wrong.push("goes back up the page");
  window.lastStop = at;
  return {is: at === wanted, wrong: wrong.map((why) => `${name} ${why}`)};
}"""


def within(promise: str) -> str:
    """Limit how long a promise of a page is waited for: `evaluate` itself waits for ever."""
    return f"Promise.race([{promise}, new Promise((_, over) => setTimeout(over, {SOON_MS}, 'it never came'))])"


def heard(page: Page, told: Sequence[object], count: int) -> None:
    """Wait until the browser has told `count` things."""
    ends = time.monotonic() + SECONDS_MAX
    while len(told) < count:
        assert time.monotonic() < ends, f"only {told} came"
        page.wait_for_timeout(50)


class Watch:
    """What a browser was told that it should not have been: errors, refused contents, requests to somewhere else."""

    def __init__(self, context: BrowserContext, own: str, *led_to: str) -> None:
        self.wrong: list[str] = []
        self._own, self._led_to = own, tuple(f"{one}/" for one in led_to)
        context.add_init_script(POLICY_BROKEN)
        context.on("request", self._asked)
        context.on("console", self._told)
        context.on("weberror", lambda one: self.wrong.append(str(one.error)))

    def _asked(self, request: Request) -> None:
        if request.url.startswith((f"{self._own}/", "data:", f"blob:{self._own}/")):
            return
        is_led = request.is_navigation_request() and request.url.startswith(self._led_to)
        if not (self._led_to and is_led):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def _told(self, message: ConsoleMessage) -> None:
        at = str(message.location.get("url", ""))
        if message.type == "error" and not (self._led_to and at.startswith(self._led_to)):
            self.wrong.append(f"{message.text} ({at})")


class Hands:
    """Somebody at a page, with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, wanted: Locator) -> None:
        """Use a button, a link, or what folds out."""
        wanted.click()

    def link(self, name: str) -> None:
        """Follow a link of the page by its words."""
        self.press(self.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name, exact=True).first)

    def write(self, field: Locator, text: str) -> None:
        """Write into a field, in the place of what stands there."""
        self.press(field)
        self.typed(text)

    def typed(self, text: str) -> None:
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, value: str) -> None:
        """Choose from a list."""
        field.select_option(value)

    def tick(self, box: Locator) -> None:
        """Choose one of several, or tick a box."""
        self.press(box)

    def hand_over(self, field: Locator, path: Path) -> None:
        """Give a file, or a folder, to a field."""
        with self.page.expect_file_chooser() as chooser:
            self.press(field)
        chooser.value.set_files(path)

    def plain_words(self) -> None:
        """Nothing that is shown here speaks of how it is built."""
        found = INSIDE.search(self.page.evaluate(WORDS))
        assert found is None, (self.page.url, found)


class Finger(Hands):
    """Somebody who touches a screen."""

    def press(self, wanted: Locator) -> None:
        wanted.tap()


class Keys(Hands):
    """Somebody who has the keyboard alone."""

    def press(self, wanted: Locator) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Enter")

    def reach(self, wanted: Locator) -> None:
        """Go on by Tab until something has the focus."""
        expect(wanted).to_be_visible()
        wrong: list[str] = []
        stop = self._stop(wanted)  # where she is: a card that she opened from there may lie over it
        for _ in range(STOPS_MAX):
            if stop["is"]:
                break
            self.page.keyboard.press("Tab")
            stop = self._stop(wanted)
            wrong += stop.get("wrong", ())
        else:
            wrong.append(f"no way by keyboard to {wanted}")
        assert not wrong, "\n".join([self.page.url, *dict.fromkeys(wrong)])

    def _stop(self, wanted: Locator) -> dict[str, Any]:
        told: dict[str, Any] = wanted.evaluate(STOP)
        if any(UNSEEN in why for why in told.get("wrong", ())):  # it may be brought into sight with the next frame
            self.page.wait_for_timeout(200)
            again = wanted.evaluate(STOP)
            told["wrong"] = [*again.get("wrong", ()), *(why for why in told["wrong"] if UNSEEN not in why)]
        return told

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.typed(text)

    def choose(self, field: Locator, value: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Home")
        for _ in range(STOPS_MAX):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(value)

    def tick(self, box: Locator) -> None:
        """One of several has one stop for all, and the arrows go among them."""
        if box.get_attribute("type") != "radio":
            self.reach(box)
            self.page.keyboard.press("Space")
            return
        name = box.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        chosen = self.page.locator(f"input[type=radio][name='{name}']:checked")
        self.reach(chosen.first if chosen.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if box.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(name)


WAYS: dict[str, tuple[type[Hands], dict[str, Any]]] = {
    "mouse": (Hands, {"viewport": {"width": 1280, "height": 800}}),
    "keyboard": (Keys, {"viewport": {"width": 1280, "height": 800}}),
    "phone": (Finger, {"viewport": {"width": 360, "height": 740}, "has_touch": True}),
    "without scripts": (Keys, {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}),
}
"""Each with its window; who has no scripts has the keyboard on a small one."""


@contextmanager
def somebody(browser: Browser, address: str, way: str, *led_to: str) -> Iterator[Hands]:
    """Give a browser of her own to somebody; what it should not have been told ends the test."""
    made, window = WAYS[way]
    context = browser.new_context(base_url=address, reduced_motion="reduce", accept_downloads=True, **window)
    context.set_default_timeout(SOON_MS)
    watch = Watch(context, address, *led_to)
    try:
        yield made(context.new_page())
    finally:
        context.close()
    assert not watch.wrong, "\n".join(watch.wrong)
