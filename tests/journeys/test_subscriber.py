"""A supporter's life, month by month, in every client at once: what she pays opens in each of them, and closes in each.

One real node, its clock and the strict Stripe's moved together; mail goes over a real line. The money is looked
through after every step.
"""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from billing import accounts
from billing.audit import audit
from billing.ledger import balance_of
from billing.plain import Plain
from presence.languages import written_day
from presence.paying.signatures import is_signed_by
from tests.journeys.test_paid_questions import PHRASE, settled
from tests.journeys.test_programs import asked, called, chat, key_of, user
from tests.mailing import USER, Mailroom, link_in, mailroom, text_of
from tests.moved_clock import MovedClock
from tests.nodes import write_notes
from tests.presence.web.paying import ANN, CENT, NOTE
from tests.processes import Serving, command, serving
from tests.stores import database_of
from tests.strict_stripe import Manners, StrictStripe
from tests.strict_stripe.webhooks import over_http
from trustgraph import issuing, key_files

pytestmark = pytest.mark.slow

PRICES = '[acts.ask]\nprice = "0.02"\n[supporter]\nmonth = "5.00"\nyear = "48.00"\ngift = "1.00"\n'
CHAPEL = "---\ntitle: The chapel\ntier: supporter\n---\nHeronshaw was recorded in a chapel in Rye, by candle light.\n"
SAID = "recorded in a chapel in Rye"
MONTH_COSTS = 500 * CENT
HOUR, DAY = 3600, 24 * 3600
GRACE = 3 * DAY
SITE = "https://blog.example"
# Each client asks in words of its own: who asks the very same again is told the same, free, wherever she asks.
QUESTIONS = {
    "page": "Where was Heronshaw recorded?",
    "terminal": "In which chapel was Heronshaw recorded?",
    "openai": "Heronshaw, where was it recorded, in a chapel?",
    "mcp": "Was Heronshaw recorded in a chapel in Rye?",
    "embed": "Was Heronshaw recorded by candle light?",
}


@dataclass
class World:
    """A node that takes cards and sends mail, what is around it, and one listener with all her clients."""

    folder: Path
    clock: MovedClock
    stripe: StrictStripe
    room: Mailroom
    node: Serving
    program: str = ""
    kept: dict[str, str] = field(default_factory=dict)  # her answers, by client

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Open the node anew, after it was gone."""
        with opened(self.folder, self.clock, self.stripe, self.room) as self.node:
            yield

    @contextlib.contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """Sign her in, with a clock that goes as the node's does."""
        with contextlib.closing(self.node.client()) as client:
            wanted = client.post("/auth/challenge").json()
            aud, nonce, at = self.node.address, wanted["nonce"], int(self.clock.now())
            proof = issuing.auth(ANN, root=wanted["root"], aud=aud, nonce=nonce, iat=at)
            assert client.post("/auth/session", json=proof).status_code == 201
            client.headers["Accept"] = "text/html"
            yield client

    def page(self, path: str = "/tiers") -> str:
        """Give the words of a page as she sees it."""
        with self.browser() as client:
            return " ".join(BeautifulSoup(client.get(path).text, "html.parser").get_text(" ").split())

    def until(self, path: str, words: str) -> str:
        """Wait until a page of hers says something; give the page."""
        for _ in range(300):
            if words in (page := self.page(path)):
                return page
            time.sleep(0.2)
        raise TimeoutError(page)

    def later(self, seconds: int) -> None:
        """Let time go by for everybody, and bring what the processor has to say of it."""
        self.clock.move(seconds)
        self.stripe.advance(0)
        self.stripe.webhooks.deliver()

    def to(self, moment: int) -> None:
        """Let time go by to a moment, in Unix seconds, and a minute more."""
        self.later(moment + 60 - int(self.clock.now()))

    @property
    def period_end(self) -> int:
        """To when the processor has her paid; asked of it, not of the node."""
        (subscription,) = self.stripe.objects("subscription")
        return int(subscription["items"]["data"][0]["current_period_end"])

    # --- each client asks ---

    def heard(self) -> dict[str, str]:
        """Ask in every client what only supporters are told, agreeing to its price; give what each was answered."""
        return {name: getattr(self, f"_by_{name}")(question) for name, question in QUESTIONS.items()}

    def _by_page(self, question: str) -> str:
        with self.browser() as client:
            form = {"question": question, "max_price_micros": 2 * CENT}
            answered = client.post("/ask", data=form, follow_redirects=True)
            assert answered.status_code == 200, answered.text
            self._keep("page", str(answered.url).rpartition("/")[2], answered.text)
            return " ".join(said.get_text() for said in BeautifulSoup(answered.text, "html.parser").select(".said q"))

    def _by_terminal(self, question: str) -> str:
        code = self.folder / "ann.code"
        code.write_text(key_files.recovery_code(ANN))
        there = ["--at", self.node.address, "--code-file", str(code), "--most", "0.02", "--json"]
        done = command(self.folder / "elsewhere", "ask", question, *there, **self.clock.environment)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout.splitlines()[-1])
        self._keep("terminal", answer["id"], answer["text"])
        return str(answer["text"])

    def _by_openai(self, question: str) -> str:
        with chat(self.node, self.program) as client:
            answered = asked(client, user(question), extra_body={"max_price_micros": 2 * CENT})
        return str(answered.choices[0].message.content)

    def _by_mcp(self, question: str) -> str:
        result = called(self.node, self.program, "ask", question=question, max_price_micros=2 * CENT)
        assert not result.is_error, result
        self._keep("mcp", result.structured_content["id"], result.structured_content["text"])
        return str(result.structured_content["text"])

    def _by_embed(self, question: str) -> str:
        """Ask from a page of another site, by a key of a quarter of an hour that she made for it."""
        with self.browser() as owner:
            wanted = {"origin": SITE, "tier_max": "supporter", "spend_micros_per_day": 2 * CENT}
            secret = owner.post("/api/keys/embed", json=wanted).json()["secret"]
        with self.node.client() as reader:
            reader.headers.update({"Authorization": f"Bearer {secret}", "Origin": SITE})
            opened = reader.post("/api/questions", json={"question": question, "max_price_micros": 2 * CENT})
            assert opened.status_code == 201, opened.text
            return str(settled(reader, opened.json()["id"])["text"])

    def _keep(self, client: str, ident: str, said: str) -> None:
        if SAID in said:
            self.kept[client] = ident

    # --- what has to hold ---

    def open_everywhere(self) -> None:
        """In every client she is told; what she was told before is hers to read again."""
        assert {name for name, text in self.heard().items() if SAID in text} == set(QUESTIONS)
        assert set(self._stored()) == {200}

    def closed_everywhere(self) -> None:
        """In no client she is told anything of it, nor read out what she was told before."""
        heard = self.heard()
        assert [text for text in heard.values() if "chapel in Rye" in text] == []
        assert len(self.kept) == 3
        assert set(self._stored()) == {403}

    def _stored(self) -> list[int]:
        with self.browser() as client:
            paths = [f"{at}{ident}" for ident in self.kept.values() for at in ("/answers/", "/api/questions/")]
            got = [client.get(path) for path in paths]
        assert all(SAID not in one.text for one in got if one.status_code != 200)
        return [one.status_code for one in got]

    def books_hold(self, months: int) -> None:
        """Nothing is wrong with the money: so many months were paid, once each, and the processor has as much."""
        database = database_of(self.folder / "home")
        try:
            assert audit(database.snapshot, is_signed_by).wrong == ()
            with database.snapshot() as connection:
                here, earned = (
                    balance_of(Plain(connection), name) for name in (accounts.PROCESSOR, accounts.SUBSCRIPTIONS)
                )
        finally:
            database.close()
        there = sum(one["amount"] - one["fee"] for one in self.stripe.objects("balance_transaction"))
        assert (-earned, here) == (months * MONTH_COSTS, there * CENT)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A node with a price, a note for all and one for supporters; the till's own right is in its keys."""
    clock, worlds = MovedClock(tmp_path / "clock"), list[World]()

    def receive(payload: bytes, signature: str) -> int:
        return over_http(f"{worlds[0].node.address}/stripe/webhook")(payload, signature)

    with StrictStripe(receive=receive, now=clock.moment, manners=Manners(held=True)) as stripe, mailroom() as room:
        stripe.webhooks.signing_time = clock.now
        with opened(tmp_path, clock, stripe, room) as node:
            notes = write_notes(tmp_path / "notes", {"piano.md": NOTE, "chapel.md": CHAPEL})
            (tmp_path / "prices.toml").write_text(PRICES)
            assert command(tmp_path / "home", "import", str(notes), "--yes").returncode == 0
            assert command(tmp_path / "home", "prices", "set", str(tmp_path / "prices.toml")).returncode == 0
            worlds.append(World(tmp_path, clock, stripe, room, node))
            yield worlds[0]


@contextlib.contextmanager
def opened(folder: Path, clock: MovedClock, stripe: StrictStripe, room: Mailroom) -> Iterator[Serving]:
    around = {
        "PRESENCE_BILLING__STRIPE_KEY": stripe.api_key,
        "PRESENCE_BILLING__STRIPE_WEBHOOK_SECRET": stripe.webhook_secret,
        "PRESENCE_BILLING__STRIPE_URL": stripe.base_address,
        "PRESENCE_SMTP_URL": room.url,
        "PRESENCE_MAIL_FROM": USER,
        **{f"PRESENCE_LIMITS__{what}_PER_MINUTE": "10000" for what in ("SIGN_INS", "DOCUMENTS", "QUESTIONS")},
        **clock.environment,
    }
    if not (folder / "home").exists():
        assert command(folder / "home", "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
    with serving(folder / "home", **around) as node:
        yield node


def wants_mail(world: World) -> None:
    """She is to be told of what ends, by mail, and confirms her address."""
    with world.browser() as client:
        chosen = {kind: {"mail": True} for kind in ("renewal_failed", "tier_ends_soon")}
        assert client.put("/api/telling/choices", json=chosen).status_code == 200
        assert client.post("/api/telling/address", json={"address": "ann@example.org"}).status_code == 202
        token = link_in(world.room.next()).partition("token=")[2]
        assert client.post("/telling/confirm", data={"token": token}).status_code == 200


def pays(client: httpx.Client, path: str, form: dict[str, str]) -> None:
    """Press a button that leads to the payment page, pay there, and come back as a browser does."""
    led = client.post(path, data=form)
    address = re.search(r'href="(http[^"]+/pay/[^"]+)"', led.text)
    assert address is not None, led.text
    paid = httpx.post(address[1], data={"choice": "pay"})
    assert client.get(paid.headers["location"]).status_code == 303


def test_the_life_of_a_subscription_in_every_client(world: World) -> None:
    with world.browser() as owner:
        world.program = key_of(owner, days=366)
        pays(owner, "/wallet/top-up", {"amount": "1.00"})
    wants_mail(world)
    assert {name: text for name, text in world.heard().items() if "chapel in Rye" in text} == {}
    world.books_hold(months=0)

    with world.browser() as client:  # she pays a month: it opens before any message of the processor's came
        pays(client, "/tiers/subscribe", {"every": "month", "by": "card"})
    assert f"renewed on {written_day(world.period_end)}" in world.page()
    world.open_everywhere()
    with world.browser() as client:
        wallet = client.get("/api/wallet").json()
    assert (wallet["gift_micros"], wallet["balance_micros"]) == (100 * CENT - len(QUESTIONS) * 2 * CENT, 100 * CENT)
    world.books_hold(months=1)

    world.to(world.period_end + HOUR)  # it is renewed
    world.until("/tiers", f"renewed on {written_day(world.period_end)}")
    world.open_everywhere()
    world.books_hold(months=2)

    unpaid, subscription = world.period_end, world.stripe.objects("subscription")[0]["id"]
    world.stripe.fail_next_renewal(subscription)  # it is not: she is warned, and stays in for the days of grace
    world.to(unpaid + HOUR)
    world.until("/tiers", "The last payment did not go through")
    world.until("/telling", "was not renewed")
    letter = world.room.next()
    assert letter["Subject"] == "Your subscription at Ada Marsh’s presence was not renewed"
    assert "/tiers\n" in text_of(letter)
    world.open_everywhere()
    world.books_hold(months=2)

    world.to(unpaid + GRACE)  # the grace is over: nothing has to happen for that but time
    world.closed_everywhere()
    assert f"closed since {written_day(unpaid + GRACE)}" in world.page()
    world.books_hold(months=2)

    world.to(unpaid + HOUR + 3 * DAY)  # the processor tries again, and her card pays
    world.until("/tiers", f"renewed on {written_day(world.period_end)}")
    world.open_everywhere()
    world.books_hold(months=3)

    last = world.period_end
    with world.browser() as client:  # she ends it
        assert client.post("/tiers/cancel").status_code == 303
    assert f"ends on {written_day(last)}" in world.page()
    world.to(last - 3 * DAY)
    world.until("/telling", "presence ends on")
    assert "presence ends on" in str(world.room.next()["Subject"])
    world.open_everywhere()

    world.to(last + GRACE)
    world.closed_everywhere()
    world.books_hold(months=3)
    (gone,) = world.stripe.objects("subscription")
    assert gone["status"] == "canceled"
    assert "Become a supporter" in world.page()

    world.node.kill()  # whoever looks after subscriptions missed that; the next one does not
    with world.opened():
        world.until("/", "◔ followers")
        world.closed_everywhere()
        world.books_hold(months=3)
