"""A node's side of payments, over one database, beside the strict Stripe."""

from billing import Currency, Sale
from billing.cards import AutoTopUps, Cards, Inbox, Payment, Processor, Subscriptions
from tests.billing.conftest import ANN, Clock, Till, fixed
from tests.strict_stripe import StrictStripe

NODE = "sha256:root"


class Desk:
    """A node's side of payments, over one database, and a processor of its own."""

    def __init__(self, till: Till, server: StrictStripe, clock: Clock) -> None:
        self.till, self.server = till, server
        processor = Processor(server.api_key, address=server.base_address)
        snapshots = till.database.snapshot
        self.cards = Cards(processor, snapshots, till.lane, Currency("usd"), lambda: NODE, clock)
        self.entitled: dict[str, int] = {}
        self.till_says: str | None = None
        self.lapsed: list[str] = []
        self.subscriptions = Subscriptions(self.cards, self._entitle, self.lapsed.append)
        self.auto = AutoTopUps(self.cards)
        secrets = [server.webhook_secret]
        self.inbox = Inbox(self.cards, snapshots, till.lane, secrets, clock, self.subscriptions)

    def _entitle(self, owner: str, until: int) -> str | None:
        if self.till_says is None:
            self.entitled[owner] = until
        return self.till_says

    def begin(self, minor: int = 1_000, owner: str = ANN, purpose: str = "top_up") -> Payment:
        return self.cards.begin(owner, minor, purpose=purpose, name="Wallet", back="https://artist.example/wallet")

    def paid(self, minor: int = 1_000, owner: str = ANN, purpose: str = "top_up") -> Payment:
        payment = self.begin(minor, owner, purpose)
        self.server.pay(payment.session_id or "")
        self.cards.fulfil(payment.session_id or "")
        return self.cards.payment(payment.ident)

    def receive(self, payload: bytes, signature: str) -> int:
        self.inbox.receive(payload, signature)
        self.inbox.work()
        return 200

    @property
    def posted(self) -> int:
        return self.till.wallets.open(ANN).posted

    def spend(self, micros: int, ident: str = "q1") -> None:
        hold = self.till.holds.place(ident, ANN, fixed(micros))
        self.till.holds.capture(hold, micros, Sale("ask", "What?"), beside=lambda *_: None)
