"""The strict Stripe: the server, its worlds and its webhooks in one, with the levers a test pulls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import stripe

from tests.strict_stripe import checkout, disputes, intents, paying, payouts, refunds, subscriptions
from tests.strict_stripe.answers import check_answer
from tests.strict_stripe.api import Answer, Api, Request
from tests.strict_stripe.counter import Page, visit
from tests.strict_stripe.faults import Faults
from tests.strict_stripe.server import Server
from tests.strict_stripe.terms import Terms
from tests.strict_stripe.webhooks import Manners, Receive, Webhooks, over_http
from tests.strict_stripe.world import Object, Told, Trouble, World

API_KEY = "strictstripe0000000000000001"
WEBHOOK_SECRET = "whsec_strictstripe0000000000000000"


def _now() -> datetime:
    return datetime.now(UTC)


class StrictStripe:
    """A Stripe of one's own. Used with `with`; leaving it raises if the double itself was at fault."""

    def __init__(
        self,
        webhook_url: str | None = None,
        *,
        receive: Receive | None = None,
        now: Callable[[], datetime] = _now,
        terms: Terms | None = None,
        manners: Manners | None = None,
        livemode: bool = False,
        accounts: tuple[str, ...] = (),
        seed: int = 0,
    ) -> None:
        self.api_key = f"sk_{'live' if livemode else 'test'}_{API_KEY}"
        self.webhook_secret = WEBHOOK_SECRET
        self.faults = Faults()
        self.webhooks = Webhooks(
            WEBHOOK_SECRET, over_http(webhook_url) if webhook_url else receive, manners or Manners()
        )
        shared: dict[str, Any] = {"now": now, "terms": terms or Terms(), "seed": seed, "livemode": livemode}
        self._worlds: dict[str | None, World] = {
            account: World(account=account, tell_to=self._tell, **shared) for account in (None, *accounts)
        }
        self._api = Api(self.api_key, self._worlds, self.faults)
        self._server = Server(self._answer, self._visit)
        for world in self._worlds.values():
            world.base_address = self.base_address

    def __enter__(self) -> Self:
        self._server.start()
        self.webhooks.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.faults.release()
        self.webhooks.close()
        self._server.close()
        if self._api.defects and error is None:
            raise self._api.defects[0]

    # --- what a client needs to know ---------------------------------------------------------------------------------

    @property
    def base_address(self) -> str:
        return self._server.address

    def client(self, **options: Any) -> stripe.StripeClient:
        """The real SDK, pointed here; it retries nothing unless told to."""
        settings = {"base_addresses": {"api": self.base_address}, "max_network_retries": 0, **options}
        return stripe.StripeClient(self.api_key, **settings)

    @property
    def requests(self) -> list[Request]:
        """Every request that came in, in order."""
        return self._api.requests

    @property
    def terms(self) -> Terms:
        return self._worlds[None].terms

    @terms.setter
    def terms(self, terms: Terms) -> None:
        for world in self._worlds.values():
            world.terms = terms

    def objects(self, kind: str, *, account: str | None = None) -> list[Object]:
        """All objects of a kind, the oldest first: what really is, whatever was answered."""
        with self._api.lock:
            return list(self._worlds[account].table(kind).values())

    def get(self, object_id: str, *, account: str | None = None) -> Object:
        """One object by its id."""
        with self._api.lock:
            found = self._worlds[account].find(object_id)
        if found is None:
            raise KeyError(object_id)
        return found

    # --- levers: what the customer does ------------------------------------------------------------------------------

    def pay(
        self,
        session_id: str,
        *,
        card: str = "pm_card_visa",
        email: str = paying.EMAIL,
        presented: tuple[int, str] | None = None,
    ) -> bool:
        """Pay by card, shown in another currency if so wished (`(920, "eur")`); False where it was declined."""
        with self._hand(session_id) as (world, session):
            return paying.pay(world, session, card=card, email=email, presented=presented)

    def pay_later(self, session_id: str) -> None:
        """Pay by a debit whose money comes later."""
        with self._hand(session_id) as (world, session):
            paying.pay_later(world, session)

    def settle_later(self, session_id: str, *, succeeded: bool) -> None:
        with self._hand(session_id) as (world, session):
            paying.settle_later(world, session, succeeded=succeeded)

    def decline(self, session_id: str) -> None:
        """Try a card that is declined; the session stays open."""
        with self._hand(session_id) as (world, session):
            paying.decline(world, session)

    def expire(self, session_id: str) -> None:
        with self._hand(session_id) as (world, session):
            checkout.expire(world, session)

    def authenticate(self, intent_id: str, *, succeeded: bool = True) -> None:
        """The customer confirms a payment with her bank, or refuses."""
        with self._hand(intent_id) as (world, intent):
            intents.authenticate(world, intent, succeeded=succeeded)

    def trouble_next_charge(self, trouble: Trouble) -> None:
        """The next card that is charged is not."""
        with self._api.lock:
            self._worlds[None].troubles.append(trouble)

    # --- levers: what banks and the dashboard do ---------------------------------------------------------------------

    def dispute(self, charge_id: str, *, amount: int | None = None, reason: str = "fraudulent") -> str:
        """The id of the new dispute."""
        with self._hand(charge_id) as (world, charge):
            return str(disputes.dispute(world, charge, amount=amount, reason=reason)["id"])

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        with self._hand(dispute_id) as (world, dispute):
            disputes.close(world, dispute, won=won)

    def early_fraud_warning(self, charge_id: str) -> str:
        with self._hand(charge_id) as (world, charge):
            return str(disputes.warn(world, charge)["id"])

    def refund_from_dashboard(self, charge_id: str, amount: int | None = None) -> str:
        with self._hand(charge_id) as (world, _):
            given = {"charge": charge_id} if amount is None else {"charge": charge_id, "amount": amount}
            return str(refunds.create(world, given)["id"])

    def refund_succeeds(self, refund_id: str) -> None:
        with self._hand(refund_id) as (world, refund):
            refunds.succeed(world, refund)

    def refund_fails(self, refund_id: str) -> None:
        with self._hand(refund_id) as (world, refund):
            refunds.fail(world, refund)

    def pay_out(self, *, succeeded: bool = True) -> str:
        """Pay out all that is available; the id of the payout."""
        with self._hand(None) as (world, _):
            return str(payouts.pay_out(world, succeeded=succeeded)["id"])

    # --- levers: time ------------------------------------------------------------------------------------------------

    def advance(self, seconds: int) -> None:
        """Let time pass: renewals, retries, late fees, expiries, money becoming available."""
        with self._hand(None) as (world, _):
            for one in self._worlds.values():
                if one is not world:
                    one.advance(seconds)
            world.advance(seconds)

    def advance_to_renewal(self, subscription_id: str) -> None:
        """To the moment after the period's end at which the renewal's invoice is collected."""
        end = subscriptions.period_end(self.get(subscription_id))
        world = self._worlds[None]
        self.advance(end + world.terms.draft_seconds - world.timestamp())

    def fail_next_renewal(self, subscription_id: str, *, times: int = 1) -> None:
        """The next attempts to collect a renewal fail."""
        with self._hand(subscription_id) as (world, _):
            world.failing_renewals[subscription_id] = times

    # --- inside ------------------------------------------------------------------------------------------------------

    def _tell(self, told: Told) -> None:
        check_answer(told.snapshot)
        if told.thin:
            check_answer(told.thin)
        self.webhooks.tell(told)

    @contextmanager
    def _hand(self, object_id: str | None) -> Iterator[tuple[World, Object]]:
        """Work on an object, wherever it is; then let the webhooks go."""
        try:
            with self._api.lock:
                world, thing = self._find(object_id)
                world.catch_up()
                yield world, thing
        finally:
            self.webhooks.wake()

    def _find(self, object_id: str | None) -> tuple[World, Object]:
        if object_id is None:
            return self._worlds[None], {}
        for world in self._worlds.values():
            if thing := world.find(object_id):
                return world, thing
        raise KeyError(object_id)

    def _answer(self, request: Request) -> Answer:
        try:
            return self._api.answer(request)
        finally:
            self.webhooks.wake()

    def _visit(self, path: str, query: str, choice: str | None) -> Page:
        with self._api.lock:
            holders = [world for world in self._worlds.values() if world.find(path.rsplit("/", 1)[-1])]
            page = visit(holders[0] if holders else self._worlds[None], path, query, choice)
        self.webhooks.wake()
        return page
