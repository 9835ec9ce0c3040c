"""A node that takes cards at the strict Stripe and sends mail, for whole journeys: its price, its notes, its books."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from tests.journeys.test_paid_questions import PHRASE
from tests.mailing import USER, Mailroom, mailroom
from tests.nodes import write_notes
from tests.processes import Serving, command, serving
from tests.strict_stripe import StrictStripe
from tests.strict_stripe.webhooks import over_http

PRICES = '[acts.ask]\nprice = "0.02"\n'
LIMITS = {f"PRESENCE_LIMITS__{what}_PER_MINUTE": "10000" for what in ("SIGN_INS", "DOCUMENTS", "QUESTIONS")}


@dataclass(frozen=True, slots=True)
class Shop:
    """The node, and those around it."""

    home: Path
    node: Serving
    stripe: StrictStripe
    room: Mailroom

    @property
    def address(self) -> str:
        """The node by a name: at numbers there are no keys."""
        return self.node.address.replace("127.0.0.1", "localhost")

    def does(self, *arguments: str) -> CompletedProcess[str]:
        """Do something at the artist's terminal."""
        done = command(self.home, *arguments, **PHRASE)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def books_hold(self) -> None:
        """Nothing is wrong with the money, and nobody is in doubt about any."""
        self.does("ledger", "verify")
        self.does("ledger", "alarms")


@contextmanager
def open_shop(folder: Path, notes: dict[str, str], prices: str = PRICES) -> Iterator[Shop]:
    """Open it with notes and a price list."""
    home, nodes = folder / "home", list[Serving]()

    def receive(payload: bytes, signature: str) -> int:
        return over_http(f"{nodes[0].address}/stripe/webhook")(payload, signature)

    with StrictStripe(receive=receive) as stripe, mailroom() as room:
        around = {
            "PRESENCE_BILLING__STRIPE_KEY": stripe.api_key,
            "PRESENCE_BILLING__STRIPE_WEBHOOK_SECRET": stripe.webhook_secret,
            "PRESENCE_BILLING__STRIPE_URL": stripe.base_address,
            "PRESENCE_SMTP_URL": room.url,
            "PRESENCE_MAIL_FROM": USER,
        }
        assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
        with serving(home, **around, **LIMITS) as node:
            nodes.append(node)
            shop = Shop(home, node, stripe, room)
            (folder / "prices.toml").write_text(prices)
            shop.does("import", str(write_notes(folder / "notes", notes)), "--yes")
            shop.does("prices", "set", str(folder / "prices.toml"))
            yield shop
