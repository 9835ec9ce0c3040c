"""Payments by card, for a node that has a key of the processor: opened once, looked after while it is open."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from billing.cards import AutoTopUps, Cards, CardsAway, CardsRefused, Inbox, Processor, Subscriptions
from billing.cards.processor import Tax
from billing.errors import BillingError
from presence.database import Database
from presence.errors import TillShut
from presence.paying.house import Paying
from presence.people.till import Till
from presence.settings import BillingSettings
from trustgraph import DocumentRefused, GrantLog
from trustgraph.errors import LogInDoubt

log = structlog.get_logger()

TAXES: dict[str, Tax | None] = {"off": None, "on_top": "exclusive", "included": "inclusive"}
LOOK_S = 15.0
SWEEP_EVERY = 20  # looks


@dataclass(frozen=True, slots=True)
class CardSide:
    """What takes money from outside."""

    cards: Cards
    subscriptions: Subscriptions
    inbox: Inbox
    auto: AutoTopUps
    trust: GrantLog

    def sweep(self) -> None:
        """Look again at whatever may have been missed, renew what is due, pay back whom the artist blocked.

        Each is done though another fails: what wallets pay for needs no processor. The last failure is raised.
        """
        failed: BillingError | None = None
        for deed in (self.inbox.sweep, self.cards.sweep, self.subscriptions.sweep, self._pay_back_blocked):
            try:
                deed()
            except BillingError as error:
                failed = error
        if failed is not None:
            raise failed

    def _pay_back_blocked(self) -> None:
        with self.trust.snapshot() as (spine, _):
            blocked = list(spine.blocked)
        for did in blocked:
            self.cards.refund_unspent(did, "blocked")


def open_cards(settings: BillingSettings, paying: Paying, database: Database, trust: GrantLog, till: Till) -> CardSide:
    """Open it, with the processor's key; raises nothing for a processor that is away."""
    key, secret = settings.stripe_key, settings.stripe_webhook_secret
    tax = TAXES[settings.tax]
    processor = Processor(key.get_secret_value() if key else "", address=settings.stripe_url, tax=tax)
    node = paying.node
    cards = Cards(processor, database.snapshot, paying.lane, paying.currency, node, trust.now)
    subscriptions = Subscriptions(cards, entitling(till), lapsing(till))
    secrets = secret.get_secret_value().split() if secret else []
    inbox = Inbox(cards, database.snapshot, paying.lane, secrets, trust.now, subscriptions)
    return CardSide(cards, subscriptions, inbox, AutoTopUps(cards), trust)


def entitling(till: Till) -> Callable[[str, int], str | None]:
    """Give the till's way of letting in who paid, and of taking that back; where it cannot, it says why."""

    def entitle(owner: str, until: int) -> str | None:
        try:
            till.entitled(owner, until)
        except (TillShut, DocumentRefused, LogInDoubt) as error:
            log.exception("till_not_done", why=str(error))
            return str(error)
        return None

    return entitle


def lapsing(till: Till) -> Callable[[str], None]:
    """Give the till's way of keeping as a follower whose subscription is over."""

    def lapse(owner: str) -> None:
        try:
            till.kept(owner)
        except (TillShut, DocumentRefused, LogInDoubt) as error:
            log.warning("lapsed_not_kept", why=str(error))

    return lapse


class CardsWorker:
    """A thread that looks into the processor's messages as they come, and sweeps now and then.

    Of several processes one sweeps; a message is looked into by the one that it came to, or else by that one.
    """

    def __init__(self, side: CardSide, leads: Callable[[], bool] = lambda: True) -> None:
        self._side, self._leads = side, leads
        self._awake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with a sweep."""
        self._thread = threading.Thread(target=self._work, name="cards", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that a message came."""
        self._awake.set()

    def close(self) -> None:
        """Stop after what is being looked into."""
        self._closed = True
        self._awake.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        looks, is_awake = 0, False
        while not self._closed:
            leads = self._leads()
            if leads or is_awake:
                self._quietly(self._side.inbox.work)
            if leads:
                self._quietly(self._side.auto.sweep)
                if looks % SWEEP_EVERY == 0:
                    self._quietly(self._side.sweep)
                looks += 1
            is_awake = self._awake.wait(LOOK_S)
            self._awake.clear()

    def _quietly(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except (CardsAway, CardsRefused) as error:
            log.warning("cards", why=str(error))
        except BillingError:
            log.exception("cards not looked after")
        except Exception:
            log.exception("cards not looked after")
