"""The customer portal: a page where a customer ends her subscription herself."""

from tests.strict_stripe import subscription_requests, subscriptions
from tests.strict_stripe.customers import live_customer
from tests.strict_stripe.refusals import missing
from tests.strict_stripe.routes import Routes, route
from tests.strict_stripe.world import Object, Params, World


def create(world: World, params: Params) -> Object:
    if "customer" not in params:
        raise missing("customer")
    customer = live_customer(world, params["customer"])
    session_id = world.new_id("bps")
    return world.add(
        "billing_portal.session",
        session_id,
        configuration=configuration(world)["id"],
        customer=customer["id"],
        flow=None,
        locale=None,
        on_behalf_of=None,
        return_url=params.get("return_url"),
        url=f"{world.base_address}/portal/{session_id}",
    )


def configuration(world: World) -> Object:
    """The account's one configuration, made when it is first needed."""
    known = world.newest_first("billing_portal.configuration")
    if known:
        return known[0]
    cancel = {
        "cancellation_reason": {"enabled": False, "options": []},
        "enabled": True,
        "mode": "at_period_end",
        "proration_behavior": "none",
    }
    update = {"default_allowed_updates": [], "enabled": False, "proration_behavior": "none", "products": []}
    return world.add(
        "billing_portal.configuration",
        world.new_id("bpc"),
        active=True,
        application=None,
        business_profile={"headline": None, "privacy_policy_url": None, "terms_of_service_url": None},
        default_return_url=None,
        features={
            "customer_update": {"allowed_updates": [], "enabled": False},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": False, "payment_method_configuration": None},
            "subscription_cancel": cancel,
            "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
            "subscription_update": {
                **update,
                "billing_cycle_anchor": None,
                "schedule_at_period_end": {"conditions": []},
                "trial_update_behavior": "end_trial",
            },
        },
        is_default=True,
        login_page={"enabled": False, "url": None},
        metadata={},
        name=None,
        updated=world.timestamp(),
    )


def subscriptions_of(world: World, session: Object) -> list[Object]:
    return [
        one
        for one in world.newest_first("subscription")
        if one["customer"] == session["customer"] and one["status"] not in subscriptions.ENDED
    ]


def leave(world: World, session: Object) -> None:
    """The customer presses the button: every subscription of hers ends with its period."""
    for subscription in subscriptions_of(world, session):
        subscription_requests.update(world, {"cancel_at_period_end": True}, subscription["id"])


def retrieve_configuration(world: World, params: Params, configuration_id: str) -> Object:
    return world.get("billing_portal.configuration", configuration_id, in_path=True)


ROUTES: Routes = {
    ("post", "/v1/billing_portal/sessions"): route(create, "customer return_url"),
    ("get", "/v1/billing_portal/configurations/{configuration}"): route(retrieve_configuration),
}
