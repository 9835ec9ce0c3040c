"""The counter: what a browser may do at the pages, as plain functions from a form to a page or a redirect."""

from dataclasses import dataclass

from tests.strict_stripe import intents, pages, paying, portal
from tests.strict_stripe.world import Object, World

PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    html: str = ""
    location: str = ""


def visit(world: World, path: str, query: str, choice: str | None) -> Page:
    """One visit; a choice is a pressed button."""
    _, room, object_id = [*path.split("/"), "", ""][:3]
    kinds = {"pay": "checkout.session", "portal": "billing_portal.session", "authenticate": "payment_intent"}
    thing = world.table(kinds.get(room, "")).get(object_id)
    if thing is None:
        return Page(404, pages.missing_page())
    if room == "pay":
        return _pay(world, thing, choice, declined="declined" in query)
    return _portal(world, thing, choice) if room == "portal" else _authenticate(world, thing, choice)


def _pay(world: World, session: Object, choice: str | None, *, declined: bool) -> Page:
    if choice == "cancel" and session["cancel_url"]:
        return Page(303, location=session["cancel_url"])
    if session["status"] != "open":
        return Page(200, pages.closed_page(session))
    if choice == "pay" and paying.pay(world, session):
        return Page(303, location=success_address(session))
    if choice == "later":
        paying.pay_later(world, session)
        return Page(303, location=success_address(session))
    if choice in ("pay", "decline"):
        if choice == "decline":
            paying.decline(world, session)
        return Page(303, location=f"/pay/{session['id']}?declined")
    return Page(200, pages.payment_page(session, world.lines_of_sessions[session["id"]], declined=declined))


def success_address(session: Object) -> str:
    return str(session["success_url"]).replace(PLACEHOLDER, session["id"])


def _portal(world: World, session: Object, choice: str | None) -> Page:
    if choice == "leave":
        portal.leave(world, session)
        return Page(303, location=f"/portal/{session['id']}")
    return Page(200, pages.portal_page(session, portal.subscriptions_of(world, session)))


def _authenticate(world: World, intent: Object, choice: str | None) -> Page:
    if intent["status"] != "requires_action":
        return Page(200, pages.told_page("Nothing is left to confirm."))
    if choice in ("confirm", "refuse"):
        intents.authenticate(world, intent, succeeded=choice == "confirm")
        return Page(200, pages.told_page("Thank you."))
    return Page(200, pages.authentication_page())
