"""Plain statements say what stands in the way as every other statement does."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from billing.plain import Plain, statement
from presence.database import Database
from presence.write_lane import WriteLane

ADD = statement("INSERT INTO rules (name, value) VALUES (:name, :value)")
ADD_AND_READ = statement("INSERT INTO rules (name, value) VALUES (:name, :value) RETURNING name")
NOWHERE = statement("INSERT INTO no_such_table (name) VALUES (:name)")
SECRET = "what nobody may read in an error"


def once(owner: Connection) -> None:
    Plain(owner).run(ADD, name=SECRET, value="1")


def each(owner: Connection) -> None:
    Plain(owner).each(ADD, [{"name": name, "value": "1"} for name in ("another", SECRET)])


def read_back(owner: Connection) -> None:
    Plain(owner).row(ADD_AND_READ, name=SECRET, value="1")


@pytest.mark.parametrize("again", [once, each, read_back])
def test_a_row_that_stands_in_the_way_is_said_as_elsewhere(
    lane: WriteLane, again: Callable[[Connection], None]
) -> None:
    lane.run(once)
    with pytest.raises(IntegrityError) as refused:
        lane.run(again)
    assert SECRET not in str(refused.value).replace(str(refused.value.orig), "")
    assert lane.run(lambda owner: Plain(owner).rows(statement("SELECT name FROM rules"))) == [(SECRET,)]


def test_any_other_error_stays_what_it_is(database: Database) -> None:
    with database.records() as records, pytest.raises(Exception, match="no_such_table") as refused:
        Plain(records).run(NOWHERE, name="x")
    assert not isinstance(refused.value, IntegrityError)
