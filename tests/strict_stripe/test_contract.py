"""The contract is the SDK's own: every operation is read, and what it does not know is refused as Stripe refuses it."""

from typing import Any

import httpx
import pytest
import stripe

from tests.strict_stripe import StrictStripe
from tests.strict_stripe.api import ROUTES
from tests.strict_stripe.contract import all_operations, find_operation
from tests.strict_stripe.forms import decode
from tests.strict_stripe.refusals import Refusal
from tests.strict_stripe.shapes import AnyOf, Choice, ListOf, MapOf, Record, Scalar, Shape, request_shape
from tests.strict_stripe.shopping import tier, top_up
from tests.strict_stripe.validation import validated
from tests.strict_stripe.world import API_VERSION


def test_the_services_are_read_without_a_gap() -> None:
    operations = all_operations()
    # As of 16.1.0; a newer SDK may know more, and less would be a reading error.
    assert len(operations) >= 640
    assert len({operation.template for operation in operations}) >= 460
    assert all(operation.params for operation in operations if operation.verb == "post")


def test_every_route_is_an_operation_of_the_sdk_and_acts_on_parameters_it_has() -> None:
    known = {(operation.verb, operation.template): operation for operation in all_operations()}
    for place, route in ROUTES.items():
        params = known[place].params
        assert params is not None
        # Some operations return nothing that could be expanded.
        assert route.acts_on - params.fields.keys() <= {"expand"}, place


def test_a_fixed_path_comes_before_an_id() -> None:
    assert find_operation("get", "/v1/customers/search")[0].template == "/v1/customers/search"
    assert find_operation("get", "/v1/customers/cus_1") == (
        find_operation("get", "/v1/customers/cus_2")[0],
        ("cus_1",),
    )


def test_enumerations_are_closed() -> None:
    params = find_operation("post", "/v1/refunds")[0].params
    assert params is not None
    assert params.fields["reason"] == Choice(("duplicate", "fraudulent", "requested_by_customer"))


def test_text_beside_an_empty_word_stays_text() -> None:
    params = find_operation("post", "/v1/customers/cus_1")[0].params
    assert params is not None
    assert params.fields["metadata"] == AnyOf((Choice(("",)), MapOf(Scalar(str))))


def test_every_parameter_of_every_operation_has_a_shape() -> None:
    seen: set[int] = set()
    for operation in all_operations():
        if operation.params:
            walk(operation.params, seen)
    assert len(seen) > 3000


def walk(shape: Shape, seen: set[int]) -> None:
    for inner in parts_of(shape):
        if id(inner) not in seen:
            seen.add(id(inner))
            walk(inner, seen)


def parts_of(shape: Shape) -> list[Shape]:
    if isinstance(shape, Record):
        return list(shape.fields.values())
    if isinstance(shape, ListOf | MapOf):
        return [shape.item if isinstance(shape, ListOf) else shape.value]
    return list(shape.shapes) if isinstance(shape, AnyOf) else []


def refused(client: stripe.StripeClient, params: dict[str, Any]) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.checkout.sessions.create(params)  # type: ignore[arg-type]
    assert caught.value.http_status == 400
    return caught.value


def with_price(**changes: Any) -> dict[str, Any]:
    params: dict[str, Any] = top_up()
    params["line_items"][0]["price_data"].update(changes)
    return params


@pytest.mark.parametrize(
    ("params", "param", "words"),
    [
        (top_up(mode="paymnt"), "mode", "must be one of payment, setup, or subscription"),
        (top_up(colour="red"), "colour", "Received unknown parameter: colour"),
        (with_price(colour="red"), "line_items[0][price_data][colour]", "Received unknown parameter"),
        (with_price(unit_amount="ten"), "line_items[0][price_data][unit_amount]", "Invalid integer: ten"),
        (with_price(unit_amount="10.5"), "line_items[0][price_data][unit_amount]", "Invalid integer: 10.5"),
        (with_price(currency=None), "line_items[0][price_data][currency]", "Missing required param"),
        (top_up(line_items="all"), "line_items", "Invalid array"),
        (top_up(metadata="all"), "metadata", "Invalid hash"),
        (top_up(adaptive_pricing={"enabled": "yes"}), "adaptive_pricing[enabled]", "Invalid boolean: yes"),
        (top_up(client_reference_id=""), "client_reference_id", "You passed an empty string"),
        (top_up(metadata={"k" * 41: "v"}), f"metadata[{'k' * 41}]", "under 40 characters"),
        (top_up(metadata={"k": "v" * 501}), "metadata[k]", "up to 500 characters"),
        (top_up(metadata={str(n): "v" for n in range(51)}), "metadata", "at most 50 keys"),
    ],
)
def test_what_the_classes_do_not_describe_is_refused(
    client: stripe.StripeClient, params: dict[str, Any], param: str, words: str
) -> None:
    refusal = refused(client, params)
    assert refusal.param == param
    assert words in str(refusal)


def test_a_parameter_that_this_api_version_dropped_is_refused(client: stripe.StripeClient) -> None:
    assert refused(client, top_up(payment_method_types=["card"])).code == "parameter_unknown"


def test_an_unknown_address_is_404(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.raw_request("get", "/v1/wallets")
    assert caught.value.http_status == 404
    assert "Unrecognized request URL" in str(caught.value)


def test_what_is_valid_but_not_played_says_so_loudly(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.APIError, match="no state for post /v1/coupons") as caught:
        client.v1.coupons.create({"percent_off": 10, "duration": "once"})
    assert caught.value.http_status == 501
    with pytest.raises(stripe.APIError, match="no state for the parameter discounts"):
        client.v1.checkout.sessions.create(top_up(discounts=[{"coupon": "x"}]))
    with pytest.raises(stripe.APIError, match=r"no state for subscription_data\[trial_period_days\]"):
        client.v1.checkout.sessions.create(tier(subscription_data={"trial_period_days": 7}))


def test_a_wrong_or_missing_key_is_401(stripe_server: StrictStripe) -> None:
    addresses: Any = {"api": stripe_server.base_address}
    stranger = stripe.StripeClient("sk_test_of_somebody_else", base_addresses=addresses, max_network_retries=0)
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided"):
        stranger.v1.customers.create({})
    assert not stripe_server.objects("customer")


def test_the_key_may_come_as_a_user_name_and_must_come(stripe_server: StrictStripe) -> None:
    url, headers = f"{stripe_server.base_address}/v1/customers", {"Stripe-Version": API_VERSION}
    assert httpx.get(url, headers=headers, auth=(stripe_server.api_key, "")).status_code == 200
    refused = httpx.get(url, headers=headers)
    assert refused.status_code == 401
    assert "You did not provide an API key" in refused.json()["error"]["message"]


def test_another_api_version_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version: 2020-08-27"):
        client.v1.customers.list({}, {"stripe_version": "2020-08-27"})


def test_a_strange_account_is_refused_and_a_known_one_is_a_world_of_its_own() -> None:
    with StrictStripe(accounts=("acct_known",)) as server:
        client = server.client()
        with pytest.raises(stripe.PermissionError, match="does not have access to account 'acct_other'"):
            client.v1.customers.create({}, {"stripe_account": "acct_other"})
        customer = client.v1.customers.create({}, {"stripe_account": "acct_known"})
        assert server.get(customer.id, account="acct_known")
        with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
            client.v1.customers.retrieve(customer.id)
        assert server.objects("event", account="acct_known")[0]["account"] == "acct_known"


def test_forms_are_read_in_bracket_notation() -> None:
    assert decode("a[0][b]=1&a[1][b]=2&c=&type[]=x&type[]=y") == {
        "a": {"0": {"b": "1"}, "1": {"b": "2"}},
        "c": "",
        "type": {"0": "x", "1": "y"},
    }


@pytest.mark.parametrize("form", ["a=1&a=2", "a=1&a[b]=2", "[a]=1", "a[b=1"])
def test_a_crooked_form_is_refused(form: str) -> None:
    with pytest.raises(Refusal):
        decode(form)


def test_values_take_the_types_of_their_classes() -> None:
    shape = request_shape("stripe.params._event_list_params", "EventListParams")
    given = {"limit": "3", "created": {"gte": "5"}, "types": {"0": "charge.failed"}, "delivery_success": "false"}
    assert validated(given, shape) == {
        "limit": 3,
        "created": {"gte": 5},
        "types": ["charge.failed"],
        "delivery_success": False,
    }
    assert validated({"created": "7"}, shape) == {"created": 7}
