"""Passkeys over HTTP: a listener's sealed key, and the studio's door."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sessions.passkeys import CHALLENGE_SECONDS, OPERATOR, PASSKEYS_MAX
from tests.authenticator import PRESENT, Authenticator
from tests.nodes import client_of
from tests.trusting import Artist, key, operator_of, sign_in

WRAPPED = "c2VhbGVk"


@pytest.fixture(autouse=True)
def _artist(node: Services) -> None:
    Artist(node.trust)


def saved(client: TestClient, device: Authenticator, who: str = "ann") -> Any:
    sign_in(client, key(who))
    options = client.post("/api/passkeys/options").json()
    return client.post("/api/passkeys", json={"credential": device.create(options), "wrapped": WRAPPED})


def opened(client: TestClient, device: Authenticator) -> Any:
    options = client.post("/auth/passkey/options").json()
    return client.post("/auth/passkey", json={"credential": device.get(options)})


def entered(client: TestClient, device: Authenticator) -> Any:
    options = client.post("/operator/passkey/options").json()
    return client.post("/operator/passkey", json={"credential": device.get(options)})


def studio_device(client: TestClient, node: Services) -> Authenticator:
    operator_of(client, node)
    device = Authenticator()
    options = client.post("/operator/passkeys/options").json()
    assert client.post("/operator/passkeys", json={"credential": device.create(options)}).status_code == 201
    return device


def test_a_sealed_key_is_given_back_to_its_passkey(node: Services) -> None:
    device = Authenticator()
    with client_of(node) as client:
        assert saved(client, device).json() == {"passkeys": 1}
    with client_of(node) as elsewhere:
        assert opened(elsewhere, device).json() == {"did": key("ann").did, "wrapped": WRAPPED}
        assert elsewhere.get("/api/me").json()["did"] is None  # the key itself signs in, not the passkey


def test_only_who_holds_a_key_saves_one(node: Services) -> None:
    with client_of(node) as client:
        assert client.post("/api/passkeys/options").status_code == 401
        operator_of(client, node)
        assert client.post("/api/passkeys/options").status_code == 401


def test_a_passkey_made_for_one_key_cannot_be_registered_for_another(node: Services) -> None:
    device = Authenticator()
    with client_of(node) as client:
        sign_in(client, key("ann"))
        credential = device.create(client.post("/api/passkeys/options").json())
        sign_in(client, key("bob"))
        response = client.post("/api/passkeys", json={"credential": credential, "wrapped": WRAPPED})
        assert response.status_code == 422


def test_the_same_passkey_is_not_taken_in_twice(node: Services) -> None:
    device = Authenticator()
    with client_of(node) as client:
        assert saved(client, device).status_code == 201
        assert saved(client, device, "bob").status_code == 422
        assert opened(client, device).json()["did"] == key("ann").did


def test_an_answer_works_once(node: Services) -> None:
    device = Authenticator()
    with client_of(node) as client:
        saved(client, device)
        credential = device.get(client.post("/auth/passkey/options").json())
        assert client.post("/auth/passkey", json={"credential": credential}).status_code == 200
        assert client.post("/auth/passkey", json={"credential": credential}).status_code == 401


def test_a_challenge_is_good_for_what_it_was_made_for_alone(node: Services) -> None:
    with client_of(node) as client:
        device = studio_device(client, node)
        options = client.post("/auth/passkey/options").json()
        assert client.post("/operator/passkey", json={"credential": device.get(options)}).status_code == 401
        nonce = client.post("/auth/challenge").json()["nonce"]
        options = options | {"challenge": nonce}
        assert client.post("/operator/passkey", json={"credential": device.get(options)}).status_code == 401


def test_a_counter_that_does_not_rise_is_a_copy(node: Services) -> None:
    device = Authenticator()
    with client_of(node) as client:
        saved(client, device)
        assert opened(client, device).status_code == 200
        device.count = 0
        assert opened(client, device).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:1"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},  # the device was there, the person was not verified
        {"key": Authenticator().key},
    ],
    ids="-".join,
)
def test_what_a_passkey_says_wrongly_is_refused(node: Services, wrong: dict[str, Any]) -> None:
    device = Authenticator()
    with client_of(node) as client:
        saved(client, device)
        for name, value in wrong.items():
            setattr(device, name, value)
        assert opened(client, device).status_code == 401
        if "key" not in wrong:
            assert saved(client, Authenticator(**wrong), "bob").status_code == 422


@pytest.mark.parametrize(
    "credential", [{}, {"response": {}}, {"response": None}, {"response": {"clientDataJSON": "e30"}}]
)
def test_what_is_no_passkey_is_refused(node: Services, credential: dict[str, Any]) -> None:
    with client_of(node) as client:
        assert client.post("/auth/passkey", json={"credential": credential}).status_code == 401
        assert client.post("/operator/passkey", json={"credential": credential}).status_code == 401


def test_the_studio_opens_with_its_passkey(node: Services) -> None:
    with client_of(node) as client:
        device = studio_device(client, node)
    with client_of(node) as elsewhere:
        assert elsewhere.get("/api/trust/head").status_code == 401
        assert entered(elsewhere, device).status_code == 201
        assert elsewhere.get("/api/trust/head").status_code == 200


def test_a_listeners_passkey_opens_no_studio_and_the_studios_no_key(node: Services) -> None:
    hers = Authenticator()
    with client_of(node) as client:
        device = studio_device(client, node)
        saved(client, hers)
        assert entered(client, hers).status_code == 401
        assert opened(client, device).status_code == 401


def test_nobody_but_the_operator_makes_a_passkey_for_the_studio(node: Services) -> None:
    with client_of(node) as client:
        sign_in(client, key("ann"))
        assert client.post("/operator/passkeys/options").status_code == 401
        options = client.post("/api/passkeys/options").json()
        credential = Authenticator().create(options)
        assert client.post("/operator/passkeys", json={"credential": credential}).status_code == 401
        operator_of(client, node)  # and a listener's challenge is none of the operator's
        assert client.post("/operator/passkeys", json={"credential": credential}).status_code == 422


def test_passkeys_of_the_studio_are_forgotten_when_one_was_lost(node: Services) -> None:
    with client_of(node) as client:
        device = studio_device(client, node)
        assert client.post("/operator/passkeys/remove", follow_redirects=False).status_code == 303
    with client_of(node) as elsewhere:
        assert entered(elsewhere, device).status_code == 401
        assert elsewhere.post("/operator/passkeys/remove").status_code == 401


def test_there_are_so_many_passkeys_of_one_person_and_no_more(node: Services) -> None:
    for number in range(PASSKEYS_MAX):
        device = Authenticator()
        options = node.passkeys.to_register(OPERATOR, "localhost:8765")
        assert len(options["excludeCredentials"]) == number
        node.passkeys.register(OPERATOR, "localhost:8765", device.create(options))
    with client_of(node) as client:
        operator_of(client, node)
        assert client.post("/operator/passkeys/options").status_code == 409


def test_a_challenge_grows_old(node: Services) -> None:
    now, device = node.passkeys._now, Authenticator()
    options = node.passkeys.to_show("localhost:8765")
    node.passkeys._now = lambda: now() + CHALLENGE_SECONDS + 1
    with client_of(node) as client:
        assert client.post("/auth/passkey", json={"credential": device.get(options)}).status_code == 401
    node.passkeys._now = now


def test_passkeys_are_for_the_name_by_which_one_came(node: Services) -> None:
    node.origins._public = "https://ada.example"
    assert node.origins.relying_party("ada.example") == "ada.example"
    assert node.origins.relying_party("localhost:8765") == "localhost"
    assert node.origins.relying_party("127.0.0.1:8765") == "localhost"
    assert node.origins.relying_party("evil.example") == "ada.example"
