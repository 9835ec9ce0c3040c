"""The operator's way in, and whose eyes she looks through."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from presence.asking.contracts import Listener
from presence.database import Database
from presence.errors import NotSignedIn, TokenSpent
from presence.sessions.operator import SESSION_SECONDS, TOKEN_SECONDS, Operator
from presence.sessions.standing import Standings
from presence.write_lane import WriteLane
from tests.databases import open_migrated
from trustgraph import Tier


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    opened = open_migrated(database_url, tmp_path / "p.db")
    yield opened
    opened.close()


@pytest.fixture
def operator(database: Database, clock: Clock) -> Iterator[Operator]:
    lane = WriteLane(database.owner)
    yield Operator(database, lane, clock)
    lane.close()


class NobodyTrusted:
    """A log of trust in which nothing stands."""

    epoch = 0


def standings(operator: Operator) -> Standings:
    return Standings(operator, NobodyTrusted())  # type: ignore[arg-type]


def test_a_token_works_once(operator: Operator) -> None:
    token = operator.new_token()
    assert operator.session(operator.sign_in(token)) is not None
    with pytest.raises(TokenSpent):
        operator.sign_in(token)


def test_an_invented_token_is_refused(operator: Operator) -> None:
    with pytest.raises(TokenSpent):
        operator.sign_in("x" * 43)


def test_a_token_grows_old(operator: Operator, clock: Clock) -> None:
    token = operator.new_token()
    clock.now += TOKEN_SECONDS + 1
    with pytest.raises(TokenSpent):
        operator.sign_in(token)


def test_everybody_is_public_but_the_operator_who_looks_deeper(operator: Operator, clock: Clock) -> None:
    stranger = Listener("anon:1")
    assert standings(operator)(stranger).tier == Tier.PUBLIC
    session = operator.session(operator.sign_in(operator.new_token()))
    signed_in = Listener("anon:2", session)
    assert standings(operator)(signed_in).tier == Tier.PUBLIC
    operator.look_as(session, Tier.CIRCLE)
    assert standings(operator)(signed_in).tier == Tier.CIRCLE
    assert standings(operator)(stranger).tier == Tier.PUBLIC
    clock.now += SESSION_SECONDS + 1
    assert standings(operator)(signed_in).tier == Tier.PUBLIC


def test_a_session_that_was_left_is_public_again(operator: Operator) -> None:
    secret = operator.sign_in(operator.new_token())
    session = operator.session(secret)
    operator.look_as(session, Tier.INNER)
    operator.sign_out(secret)
    assert operator.session(secret) is None
    assert standings(operator)(Listener("anon:1", session)).tier == Tier.PUBLIC


@pytest.mark.parametrize("session", [None, "0" * 64])
def test_nobody_looks_deeper_without_a_session(operator: Operator, session: str | None) -> None:
    with pytest.raises(NotSignedIn):
        operator.look_as(session, Tier.INNER)
    assert standings(operator)(Listener("anon:1", session)).tier == Tier.PUBLIC
