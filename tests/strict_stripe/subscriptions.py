"""Subscriptions: their items, their renewals, and their ends."""

from typing import Any

from tests.strict_stripe import invoices
from tests.strict_stripe.invoices import new_line
from tests.strict_stripe.listing import list_object
from tests.strict_stripe.periods import end_of_period, rest_of
from tests.strict_stripe.world import CARD_DECLINED, Object, Params, Trouble, World

ENDED = ("canceled", "incomplete_expired")
Wanted = list[tuple[Object, int]]


def new_subscription(world: World, customer_id: str, wanted: Wanted, **given: Any) -> Object:
    """A subscription that waits for its first invoice to be paid."""
    now, subscription_id = world.timestamp(), world.new_id("sub")
    unused = (
        "application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at canceled_at "
        "days_until_due default_payment_method default_source description ended_at latest_invoice "
        "next_pending_invoice_item_invoice on_behalf_of pause_collection pending_invoice_item_interval "
        "pending_setup_intent pending_update schedule test_clock transfer_data trial_end trial_start"
    )
    fields: Object = {
        **dict.fromkeys(unused.split()),
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": now,
        "billing_mode": {"type": "flexible", "flexible": {}},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "currency": wanted[0][0]["currency"],
        "customer": customer_id,
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "metadata": {},
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": now,
        "status": "incomplete",
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        **given,
    }
    subscription = world.add("subscription", subscription_id, **fields)
    items = [_new_item(world, subscription, price, quantity) for price, quantity in wanted]
    subscription["items"] = list_object(items, f"/v1/subscription_items?subscription={subscription_id}")
    return subscription


def _new_item(world: World, subscription: Object, price: Object, quantity: int) -> Object:
    start = world.timestamp()
    return world.add(
        "subscription_item",
        world.new_id("si", 14),
        billing_thresholds=None,
        current_period_end=end_of_period(subscription["billing_cycle_anchor"], start, price["recurring"]),
        current_period_start=start,
        discounts=[],
        metadata={},
        plan=_plan(price),
        price=dict(price),
        quantity=quantity,
        subscription=subscription["id"],
        tax_rates=[],
    )


def _plan(price: Object) -> Object:
    """The older name of a price, which items still carry."""
    same = ("active", "billing_scheme", "created", "currency", "id", "livemode", "metadata", "nickname", "product")
    return {
        **{name: price[name] for name in same},
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"],
        "meter": None,
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def start(world: World, subscription: Object, method: Object, *, off_session: bool) -> Trouble | None:
    """Collect the first invoice; paid, the subscription is active."""
    world.tell("customer.subscription.created", subscription)
    invoice = invoices.new_invoice(world, subscription, _lines(world, subscription), "subscription_create")
    invoices.finalize(world, invoice)
    if trouble := invoices.collect(world, invoice, method, off_session=off_session):
        return trouble
    world.change(subscription, "customer.subscription.updated", status="active", default_payment_method=method["id"])
    _await_renewal(world, subscription)
    return None


def _lines(world: World, subscription: Object) -> list[Object]:
    held_back = world.pending_lines.pop(subscription["id"], [])
    return held_back + [
        new_line(
            world,
            item,
            item["price"]["unit_amount"] * item["quantity"],
            (item["current_period_start"], item["current_period_end"]),
            words=f"{item['quantity']} × {world.get('product', item['price']['product'])['name']}",
            prorated=False,
        )
        for item in subscription["items"]["data"]
    ]


def period_end(subscription: Object) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])


def _await_renewal(world: World, subscription: Object) -> None:
    end = period_end(subscription)
    world.schedule(end, lambda: _renew(world, subscription, end))


def _renew(world: World, subscription: Object, end: int) -> None:
    if subscription["status"] in ENDED or period_end(subscription) != end:
        return  # ended meanwhile, or its cycle was moved
    if subscription["cancel_at_period_end"]:
        finish(world, subscription, reason="cancellation_requested")
        return
    before = {
        "items": list_object([dict(item) for item in subscription["items"]["data"]], subscription["items"]["url"])
    }
    _roll(subscription, end)
    invoice = invoices.new_invoice(world, subscription, _lines(world, subscription), "subscription_cycle")
    world.tell("customer.subscription.updated", subscription, before=before)
    world.schedule(end + world.terms.draft_seconds, lambda: _collect_renewal(world, subscription, invoice))
    _await_renewal(world, subscription)


def _roll(subscription: Object, begin: int) -> None:
    for item in subscription["items"]["data"]:
        item["current_period_start"] = begin
        end = end_of_period(subscription["billing_cycle_anchor"], begin, item["price"]["recurring"])
        item["current_period_end"] = end


def _collect_renewal(world: World, subscription: Object, invoice: Object) -> None:
    if subscription["status"] in ENDED or invoice["status"] not in ("draft", "open"):
        return
    if invoice["status"] == "draft":
        invoices.finalize(world, invoice)
    method = method_of(world, subscription)
    if method and world.failing_renewals.get(subscription["id"], 0):
        world.failing_renewals[subscription["id"]] -= 1
        world.troubles.appendleft(CARD_DECLINED)
    if invoices.collect(world, invoice, method, off_session=True):
        _renewal_failed(world, subscription, invoice)


def _renewal_failed(world: World, subscription: Object, invoice: Object) -> None:
    pauses = world.terms.retry_pauses_seconds
    if invoice["attempt_count"] > len(pauses):
        world.change(invoice, "invoice.updated", next_payment_attempt=None, auto_advance=False)
        finish(world, subscription, reason="payment_failed")
        return
    again = world.timestamp() + pauses[invoice["attempt_count"] - 1]
    world.change(invoice, "invoice.updated", next_payment_attempt=again)
    world.schedule(again, lambda: _collect_renewal(world, subscription, invoice))
    if subscription["status"] == "active":
        world.change(subscription, "customer.subscription.updated", status="past_due")


def method_of(world: World, subscription: Object) -> Object | None:
    """The card a renewal is collected from."""
    settings = world.get("customer", subscription["customer"])["invoice_settings"]
    chosen = subscription["default_payment_method"] or settings["default_payment_method"]
    return world.get("payment_method", chosen) if chosen else None


def finish(world: World, subscription: Object, *, reason: str) -> None:
    """The subscription is over now."""
    now = world.timestamp()
    details = {**subscription["cancellation_details"], "reason": reason}
    canceled_at = subscription["canceled_at"] or now
    fields: Params = {
        "status": "canceled",
        "ended_at": now,
        "canceled_at": canceled_at,
        "cancellation_details": details,
    }
    world.change(subscription, **fields)
    world.tell("customer.subscription.deleted", subscription)


def reprice(world: World, subscription: Object, item: Object, price: Object, quantity: int, proration: str) -> None:
    """Take another price or quantity; another rhythm begins a new cycle today."""
    now, old_period = world.timestamp(), (item["current_period_start"], item["current_period_end"])
    new_rhythm = price["recurring"] != item["price"]["recurring"]
    lines = []
    if proration != "none":
        credit = -rest_of(item["price"]["unit_amount"] * item["quantity"], old_period, now)
        rest = (now, old_period[1])
        lines = [new_line(world, item, credit, rest, words="Unused time", prorated=True)]
    item.update(price=dict(price), plan=_plan(price), quantity=quantity)
    if new_rhythm:
        subscription["billing_cycle_anchor"] = now
        _roll(subscription, now)
        _await_renewal(world, subscription)
    elif lines:
        charge = rest_of(price["unit_amount"] * quantity, old_period, now)
        lines.append(new_line(world, item, charge, rest, words="Remaining time", prorated=True))
    world.pending_lines.setdefault(subscription["id"], []).extend(lines)
    if new_rhythm or proration == "always_invoice":
        _invoice_now(world, subscription, new_rhythm=new_rhythm)


def _invoice_now(world: World, subscription: Object, *, new_rhythm: bool) -> None:
    lines = _lines(world, subscription) if new_rhythm else world.pending_lines.pop(subscription["id"], [])
    if not lines:
        return
    invoice = invoices.new_invoice(world, subscription, lines, "subscription_update")
    invoices.finalize(world, invoice)
    if invoices.collect(world, invoice, method_of(world, subscription), off_session=True):
        _renewal_failed(world, subscription, invoice)
