"""What the API asks of invoices and of the payments that hang on them."""

from tests.strict_stripe.invoices import collect, subscription_of
from tests.strict_stripe.listing import PAGING, listing, matching, page
from tests.strict_stripe.refusals import card_error, invalid
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World


def retrieve(world: World, params: Params, invoice_id: str) -> Object:
    return world.get("invoice", invoice_id, in_path=True)


def list_all(world: World, params: Params) -> Object:
    keep, wanted = matching(params, "customer", "status"), params.get("subscription")
    return listing(
        world, "invoice", params, "/v1/invoices", lambda one: keep(one) and wanted in (None, subscription_of(one))
    )


def lines(world: World, params: Params, invoice_id: str) -> Object:
    invoice = world.get("invoice", invoice_id, in_path=True)
    return page(invoice["lines"]["data"], "line_item", params, f"/v1/invoices/{invoice_id}/lines")


def pay(world: World, params: Params, invoice_id: str) -> Object:
    invoice = world.get("invoice", invoice_id, in_path=True)
    if invoice["status"] != "open":
        raise invalid(f"Invoice is {invoice['status']}", code="invoice_not_payable")
    if "payment_method" not in params:
        raise invalid("You must provide a payment method to pay this invoice.", param="payment_method")
    method = world.get("payment_method", params["payment_method"], param="payment_method")
    if trouble := collect(world, invoice, method, off_session=bool(params.get("off_session", True))):
        raise card_error(trouble.code, trouble.decline_code, trouble.message)
    return invoice


def retrieve_payment(world: World, params: Params, payment_id: str) -> Object:
    return world.get("invoice_payment", payment_id, in_path=True)


def list_payments(world: World, params: Params) -> Object:
    keep, wanted = matching(params, "invoice", "status"), params.get("payment", {}).get("payment_intent")
    return listing(
        world,
        "invoice_payment",
        params,
        "/v1/invoice_payments",
        lambda one: keep(one) and wanted in (None, one["payment"]["payment_intent"]),
    )


ROUTES: Routes = {
    ("get", "/v1/invoices"): route(list_all, f"{PAGING} created customer status subscription"),
    ("get", "/v1/invoices/{invoice}"): route(retrieve),
    ("get", "/v1/invoices/{invoice}/lines"): route(lines, PAGING),
    ("post", "/v1/invoices/{invoice}/pay"): route(pay, "off_session payment_method"),
    ("get", "/v1/invoice_payments"): route(list_payments, f"{PAGING} created invoice payment status"),
    ("get", "/v1/invoice_payments/{invoice_payment}"): route(retrieve_payment),
}
