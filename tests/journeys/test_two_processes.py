"""Two web processes on one PostgreSQL: one log of trust, one quota, and taking back holds on both."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.postgres import new_database
from tests.processes import Serving, command, serving, share_keys, told
from tests.trusting import key
from trustgraph import Tier, issuing

pytestmark = pytest.mark.slow

PHRASE = {"PRESENCE_TRUST__PASSPHRASE": "a phrase of a test"}


@pytest.fixture
def url(postgres: str) -> str:
    return new_database(postgres, f"two_{time.monotonic_ns()}")


@pytest.fixture
def both_nodes(tmp_path: Path, url: str) -> Iterator[tuple[Serving, Serving]]:
    """Two nodes with homes of their own; the artist's keys lie in the first."""
    home = tmp_path / "one" / "home"
    assert command(home, "init", **PHRASE).returncode == 0
    with serving(home, PRESENCE_DATABASE_URL=url) as one:
        share_keys(home, tmp_path / "two" / "home")
        with serving(tmp_path / "two" / "home", PRESENCE_DATABASE_URL=url) as two:
            # The second knows no head yet, and serves the public only, until the artist signed it.
            assert command(home, "keys", "sign-head", **PHRASE).returncode == 0
            yield one, two


def test_sixteen_introductions_over_two_servers_let_three_in(
    both_nodes: tuple[Serving, Serving], tmp_path: Path
) -> None:  # row 30
    home, ann = tmp_path / "one" / "home", key("ann")
    done = command(home, "tier", "grant", ann.did, "--tier", "circle", "--introduces", "3", "--json", **PHRASE)
    (parent,) = told(done)
    with both_nodes[0].client() as one, both_nodes[1].client() as two:
        root, now = one.get("/api/trust").json()["root"], int(time.time())
        assert two.get("/api/trust").json()["root"] == root

        def introduce(number: int) -> tuple[int, str]:
            envelope = issuing.grant(
                ann,
                root=root,
                sub=key(f"friend {number}").did,
                tier=Tier.FOLLOWER,
                nbf=now,
                exp=now + 3600,
                parent=parent["id"],
                via="vouch",
            )
            response = (one, two)[number % 2].post("/api/grants", json=envelope)
            return response.status_code, response.json().get("code", "")

        with ThreadPoolExecutor(16) as threads:
            outcomes = sorted(threads.map(introduce, range(16)))
    assert outcomes == [(201, "")] * 3 + [(409, "quota_exceeded")] * 13
    listed = told(command(home, "tier", "list", "--json"))
    assert sorted(json.dumps(one["tier"]) for one in listed) == ['"circle"'] + ['"follower"'] * 3


def test_what_one_takes_back_holds_on_the_other_at_once(both_nodes: tuple[Serving, Serving], tmp_path: Path) -> None:
    home, ann = tmp_path / "one" / "home", key("ann")
    (granted,) = told(command(home, "tier", "grant", ann.did, "--tier", "circle", "--json", **PHRASE))
    with both_nodes[1].client() as two:
        asked = two.post("/auth/challenge").json()
        proof = issuing.auth(
            ann, root=asked["root"], aud=both_nodes[1].address, nonce=asked["nonce"], iat=int(time.time())
        )
        assert two.post("/auth/session", json=proof).status_code == 201
        assert two.get("/api/me").json()["tier"] == "circle"
        command(home, "tier", "revoke", granted["id"], **PHRASE)
        assert two.get("/api/me").json()["tier"] == "public"
