"""Paying: what a customer does on the page of a checkout session."""

from tests.strict_stripe import intents, subscriptions
from tests.strict_stripe.customers import new_customer
from tests.strict_stripe.metadata import merged
from tests.strict_stripe.methods import attached, billing_details, new_bank_account, new_card
from tests.strict_stripe.refusals import invalid
from tests.strict_stripe.routes import beyond_the_double
from tests.strict_stripe.taxes import work_out
from tests.strict_stripe.world import CARD_DECLINED, Object, World

EMAIL = "listener@example.com"


def pay(
    world: World,
    session: Object,
    *,
    card: str = "pm_card_visa",
    email: str = EMAIL,
    presented: tuple[int, str] | None = None,
) -> bool:
    """Pay by card; False where it was declined and the page stays open."""
    _still_open(session)
    _present(session, presented)
    work_out(world, session)
    method = new_card(world, card, billing_details=billing_details(_email(world, session, email)))
    if session["mode"] == "subscription":
        return _subscribe(world, session, method, email)
    intent = _intent(world, session, email)
    if presented:
        intent["presentment_details"] = dict(session["presentment_details"])
    if intents.attempt(world, intent, method):
        return False
    if intent["status"] == "requires_action":  # the customer confirms with her bank at once
        intents.authenticate(world, intent, succeeded=True)
    _complete(world, session, email, payment_status="paid")
    return True


def _present(session: Object, presented: tuple[int, str] | None) -> None:
    """Adaptive pricing: the customer was shown, and pays, another currency; the amounts of the session stay."""
    if presented is None:
        return
    if not session["adaptive_pricing"]["enabled"] or session["mode"] != "payment":
        raise invalid("This session shows its own currency only.")
    session["presentment_details"] = {"presentment_amount": presented[0], "presentment_currency": presented[1]}


def decline(world: World, session: Object, *, email: str = EMAIL) -> None:
    """Pay by a card that is declined; the page stays open for another try."""
    _still_open(session)
    world.troubles.appendleft(CARD_DECLINED)
    method = new_card(world, billing_details=billing_details(email))
    intents.attempt(world, _intent(world, session, email), method)


def pay_later(world: World, session: Object, *, email: str = EMAIL) -> None:
    """Pay by a debit: the session is complete, the money is not there."""
    _still_open(session)
    if session["mode"] == "subscription":
        raise beyond_the_double("a subscription paid by a debit")
    if "us_bank_account" not in session["payment_method_types"]:
        raise invalid("This session takes no debit.")
    work_out(world, session)
    method = new_bank_account(world, billing_details=billing_details(_email(world, session, email)))
    intent = _intent(world, session, email)
    intents.attempt_later(world, intent, method)
    _complete(world, session, email, payment_status="unpaid")


def settle_later(world: World, session: Object, *, succeeded: bool) -> None:
    """The debit came through, or did not."""
    if session["status"] != "complete" or session["payment_status"] != "unpaid":
        raise invalid("This session awaits no payment.")
    intents.end_debit(world, world.get("payment_intent", session["payment_intent"]), succeeded=succeeded)
    if succeeded:
        world.change(session, payment_status="paid")
        world.tell("checkout.session.async_payment_succeeded", session)
    else:
        world.tell("checkout.session.async_payment_failed", session)


def _still_open(session: Object) -> None:
    if session["status"] != "open":
        raise invalid(f"This session is {session['status']}.")


def _email(world: World, session: Object, email: str) -> str:
    if session["customer"]:
        return world.get("customer", session["customer"])["email"] or email
    return session["customer_email"] or email


def _customer(world: World, session: Object, email: str) -> str:
    if not session["customer"]:
        session["customer"] = new_customer(world, email=_email(world, session, email))["id"]
    return str(session["customer"])


def _intent(world: World, session: Object, email: str) -> Object:
    """The session's payment intent, made at the first attempt to pay."""
    if session["payment_intent"]:
        return world.get("payment_intent", session["payment_intent"])
    wishes = world.wishes[session["id"]] if session["mode"] == "payment" else {}
    if session["customer_creation"] == "always" or "setup_future_usage" in wishes:
        _customer(world, session, email)
    given = {**wishes, "metadata": merged({}, wishes.get("metadata")), "customer": session["customer"]}
    intent = intents.new_intent(world, session["amount_total"], session["currency"], **given)
    if session["mode"] == "payment":
        session["payment_intent"] = intent["id"]
    return intent


def _subscribe(world: World, session: Object, method: Object, email: str) -> bool:
    if world.troubles or method["id"] in world.troubled_methods:
        # Stripe makes the subscription only once the first payment went through.
        intents.attempt(world, _intent(world, session, email), method, off_session=True)
        return False
    customer = _customer(world, session, email)
    attached(world, method["id"], customer)
    wanted = [
        (world.get("price", line["price"]["id"]), line["quantity"]) for line in world.lines_of_sessions[session["id"]]
    ]
    wishes = world.wishes[session["id"]]
    metadata = merged({}, wishes.get("metadata"))
    tax = session["automatic_tax"]
    subscription = subscriptions.new_subscription(
        world,
        customer,
        wanted,
        metadata=metadata,
        description=wishes.get("description"),
        automatic_tax={"disabled_reason": None, "enabled": tax["enabled"], "liability": tax["liability"]},
    )
    subscriptions.start(world, subscription, method, off_session=False)
    session.update(subscription=subscription["id"], invoice=subscription["latest_invoice"])
    _complete(world, session, email, payment_status="paid")
    return True


def _complete(world: World, session: Object, email: str, *, payment_status: str) -> None:
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    details: Object = {
        "address": address,
        "business_name": None,
        "email": _email(world, session, email),
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    world.change(session, status="complete", payment_status=payment_status, customer_details=details, url=None)
    world.tell("checkout.session.completed", session)
