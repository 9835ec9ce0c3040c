"""Routes: which operations the double has state for, and which of their parameters it acts on.

The contract knows every parameter; the double acts on some. Asked for one it
would have to ignore, it says so loudly instead.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.strict_stripe.refusals import Refusal
from tests.strict_stripe.world import Object, Params


@dataclass(frozen=True, slots=True)
class Route:
    act: Callable[..., Object]
    acts_on: frozenset[str]

    def check(self, params: Params) -> None:
        for name in params:
            if name not in self.acts_on:
                raise beyond_the_double(f"the parameter {name}")


Routes = dict[tuple[str, str], Route]


def route(act: Callable[..., Object], acts_on: str = "") -> Route:
    return Route(act, frozenset(acts_on.split()) | {"expand"})


def beyond_the_double(what: str) -> Refusal:
    """A valid request that this double cannot play; never what Stripe itself would say."""
    return Refusal(501, "api_error", f"The strict Stripe double has no state for {what}.")
