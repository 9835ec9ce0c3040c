"""Places that were kept for an address, and what goes with somebody who brings a key of her own."""

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.errors import AddressWrong
from presence.identity import Founding
from tests.mailing import Mailroom
from tests.presence.web.test_mail_sign_in import ANN, by_artist, came_by_mail, client, founding, posting, room
from tests.trusting import key, sign_in
from trustgraph import Tier

__all__ = ["client", "founding", "posting", "room"]  # fixtures of the same house


def waiting(services: Services) -> list[tuple[str, int]]:
    return [(request.did, int(request.tier)) for request in services.people.requests.waiting()]


def test_a_place_for_a_follower_is_taken_with_the_first_mail(
    posting: Services, client: TestClient, room: Mailroom
) -> None:
    posting.people.places.keep(ANN.upper(), Tier.FOLLOWER, "from the merch table")
    came_by_mail(client, room)
    assert client.get("/api/me").json()["tier"] == "follower"
    assert posting.people.places.all()[0].taken_by is not None


def test_a_place_in_the_circle_waits_for_a_key_of_her_own(
    posting: Services, client: TestClient, room: Mailroom
) -> None:
    posting.people.places.keep(ANN, Tier.CIRCLE)
    came_by_mail(client, room)
    assert client.get("/api/me").json()["tier"] == "public"
    assert waiting(posting) == []
    sign_in(client, key("ann"))
    assert waiting(posting) == [(key("ann").did, int(Tier.CIRCLE))]


def test_what_is_hers_goes_with_her(posting: Services, client: TestClient, room: Mailroom, founding: Founding) -> None:
    held = came_by_mail(client, room)
    posting.people.names.set(held, "Ann")
    by_artist(posting, founding, held, Tier.SUPPORTER)
    assert client.get("/api/me").json()["tier"] == "supporter"
    sign_in(client, key("ann"))
    assert posting.people.names.of(key("ann").did) == "Ann"
    assert posting.trust.tier_of(held).tier == Tier.PUBLIC
    # What the artist signed, she alone can sign again.
    assert waiting(posting) == [(key("ann").did, int(Tier.SUPPORTER))]


@pytest.mark.parametrize("address", ["not an address", "a@", "@b", "a b@c.example"])
def test_a_place_needs_an_address(posting: Services, address: str) -> None:
    with pytest.raises(AddressWrong):
        posting.people.places.keep(address, Tier.FOLLOWER)
