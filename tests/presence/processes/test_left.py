"""What a process that is gone was writing ends, each answer for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from presence.asking.contracts import Listener, Outcome
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.database import open_database
from presence.processes.living import Living
from presence.tables import questions
from tests.nodes import open_node
from tests.postgres import drop_database, new_database
from tests.presence.processes.waiting import until

pytestmark = pytest.mark.slow

REFUSE = (
    "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE 'no'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER refused BEFORE UPDATE ON questions FOR EACH ROW WHEN (NEW.id = 'stuck') EXECUTE FUNCTION refuse()",
)


@pytest.fixture
def node(tmp_path: Path, postgres: str) -> Iterator[Services]:
    url = new_database(postgres, "left")
    with open_node(tmp_path / "home", database_url=url) as services:
        yield services
    drop_database(postgres, "left")


def outcome(node: Services, ident: str) -> Outcome | None:
    asked = node.desk.transcripts.find(ident)
    assert asked is not None
    return asked.outcome


def test_an_answer_that_cannot_be_ended_keeps_no_other_waiting(node: Services) -> None:
    url = node.settings.database_url
    assert url is not None
    other = open_database(url.get_secret_value(), Path("unused"))
    living = Living(other)
    living.open()
    for ident in ("stuck", "free"):
        question = Question("What?", Listener("ann"))
        keep = node.desk.transcripts.keeping(ident, question, tier=0, price_micros=0, writer="w")
        node.desk.transcripts.open(ident, keep)
    node.lane.run(lambda owner: owner.execute(update(questions).values(process=other.process)))
    node.lane.run(lambda owner: [owner.exec_driver_sql(one) for one in REFUSE])
    left = node.processes.left
    assert left.settle(after_seconds=0) == 0  # it is there
    living.close()
    until(lambda: left.settle(after_seconds=0))
    assert (outcome(node, "stuck"), outcome(node, "free")) == (None, Outcome.FAILED)
    node.lane.run(lambda owner: owner.exec_driver_sql("DROP TRIGGER refused ON questions"))
    assert left.settle(after_seconds=0) == 1
    assert outcome(node, "stuck") is Outcome.FAILED
    other.close()
