"""Invoices: drawn up, finalized, collected. In this API a payment hangs on `payments`, the subscription on `parent`."""

from tests.strict_stripe import intents
from tests.strict_stripe.listing import list_object
from tests.strict_stripe.taxes import on_invoice
from tests.strict_stripe.world import AUTHENTICATION_REQUIRED, Object, Trouble, World

NO_METHOD = Trouble("missing", "generic_decline", "There is no card to charge.")


def new_line(world: World, item: Object, amount: int, period: tuple[int, int], *, words: str, prorated: bool) -> Object:
    """One line, for an item of a subscription."""
    price = item["price"]
    details = {
        "invoice_item": None,
        "proration": prorated,
        "proration_details": {"credited_items": None},
        "subscription": item["subscription"],
        "subscription_item": item["id"],
    }
    return world.add(
        "line_item",
        world.new_id("il"),
        amount=amount,
        currency=price["currency"],
        description=words,
        discount_amounts=[],
        discountable=not prorated,
        discounts=[],
        invoice=None,
        metadata=dict(world.get("subscription", item["subscription"])["metadata"]),
        parent={
            "invoice_item_details": None,
            "subscription_item_details": details,
            "type": "subscription_item_details",
        },
        period={"start": period[0], "end": period[1]},
        pretax_credit_amounts=[],
        pricing={
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        quantity=item["quantity"],
        subtotal=amount,
        taxes=[],
    )


def new_invoice(world: World, subscription: Object, lines: list[Object], reason: str) -> Object:
    """A draft."""
    customer = world.get("customer", subscription["customer"])
    total, now = sum(line["amount"] for line in lines), world.timestamp()
    invoice_id = world.new_id("in")
    for line in lines:
        line["invoice"] = invoice_id
    details = {
        "metadata": dict(subscription["metadata"]),
        "subscription": subscription["id"],
        "subscription_proration_date": None,
    }
    fields = {
        **_unused(),
        **_amounts(total),
        "auto_advance": True,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "currency": subscription["currency"],
        "customer": customer["id"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "issuer": {"type": "self"},
        "lines": list_object(lines, f"/v1/invoices/{invoice_id}/lines"),
        "metadata": {},
        "parent": {"quote_details": None, "subscription_details": details, "type": "subscription_details"},
        "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
        "period_end": now,
        "period_start": now,
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        **on_invoice(world, subscription, lines),
    }
    invoice = world.add("invoice", invoice_id, **fields)
    world.change(subscription, latest_invoice=invoice_id)
    world.tell("invoice.created", invoice)
    return invoice


def _amounts(total: int) -> Object:
    due = max(total, 0)
    zeros = (
        "amount_overpaid amount_paid amount_shipping attempt_count post_payment_credit_notes_amount "
        "pre_payment_credit_notes_amount starting_balance"
    )
    return {
        **dict.fromkeys(zeros.split(), 0),
        "amount_due": due,
        "amount_remaining": due,
        "attempted": False,
        "ending_balance": None,
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_excluding_tax": total,
    }


def _unused() -> Object:
    """What this double leaves empty."""
    nothing = (
        "account_name account_tax_ids application automatically_finalizes_at custom_fields customer_address "
        "customer_phone customer_shipping default_payment_method default_source description due_date effective_at "
        "footer from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
        "next_payment_attempt number on_behalf_of receipt_number rendering shipping_cost shipping_details "
        "statement_descriptor test_clock webhooks_delivered_at"
    )
    lists = (
        "customer_tax_ids default_tax_rates discounts total_discount_amounts total_pretax_credit_amounts total_taxes"
    )
    empty: Object = {name: [] for name in lists.split()}
    return {**dict.fromkeys(nothing.split()), **empty, "account_country": "US", "customer_tax_exempt": "none"}


def finalize(world: World, invoice: Object) -> None:
    customer = world.get("customer", invoice["customer"])
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    customer["next_invoice_sequence"] += 1
    now = world.timestamp()
    transitions = {**invoice["status_transitions"], "finalized_at": now}
    world.change(invoice, status="open", number=number, effective_at=now, status_transitions=transitions)
    world.tell("invoice.finalized", invoice)


def collect(world: World, invoice: Object, method: Object | None, *, off_session: bool) -> Trouble | None:
    """Try to have an open invoice paid; the trouble is handed back once the invoice tells of it."""
    if not invoice["amount_due"]:
        _pay(world, invoice)
        return None
    payment = _payment_of(world, invoice)
    intent = world.get("payment_intent", payment["payment"]["payment_intent"])
    world.change(invoice, attempted=True, attempt_count=invoice["attempt_count"] + 1)
    trouble = intents.attempt(world, intent, method, off_session=off_session) if method else NO_METHOD
    if trouble:
        world.tell("invoice.payment_failed", invoice)
        if trouble == AUTHENTICATION_REQUIRED:
            world.tell("invoice.payment_action_required", invoice)
        return trouble
    _pay(world, invoice, payment)
    return None


def _payment_of(world: World, invoice: Object) -> Object:
    for payment in world.table("invoice_payment").values():
        if payment["invoice"] == invoice["id"]:
            return payment
    intent = intents.new_intent(
        world,
        invoice["amount_due"],
        invoice["currency"],
        customer=invoice["customer"],
        description="Subscription creation"
        if invoice["billing_reason"] == "subscription_create"
        else "Subscription update",
        setup_future_usage="off_session",
    )
    return world.add(
        "invoice_payment",
        world.new_id("inpay"),
        amount_paid=None,
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )


def _pay(world: World, invoice: Object, payment: Object | None = None) -> None:
    now = world.timestamp()
    if payment:
        paid_at = {"canceled_at": None, "paid_at": now}
        world.change(payment, status="paid", amount_paid=invoice["amount_due"], status_transitions=paid_at)
        world.tell("invoice_payment.paid", payment)
    world.change(
        invoice,
        status="paid",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempted=True,
        auto_advance=False,
        ending_balance=0,
        next_payment_attempt=None,
        status_transitions={**invoice["status_transitions"], "paid_at": now},
    )
    world.tell("invoice.paid", invoice)
    world.tell("invoice.payment_succeeded", invoice)
    subscription = world.get("subscription", subscription_of(invoice))
    if subscription["status"] == "past_due" and subscription["latest_invoice"] == invoice["id"]:
        world.change(subscription, "customer.subscription.updated", status="active")


def subscription_of(invoice: Object) -> str:
    return str(invoice["parent"]["subscription_details"]["subscription"])
