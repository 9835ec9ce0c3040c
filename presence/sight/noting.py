"""One line in the log and a few figures for every answer that ended. Neither says what was asked, nor who asked."""

from collections.abc import Callable

import structlog
from sqlalchemy import func, select

from billing.tables import holds
from models import Places
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener, Outcome
from presence.database import Database
from presence.sight.metrics import Metrics
from presence.tables import reports
from presence.write_lane import WriteLane

log = structlog.get_logger()

OPERATOR = "operator"


def noting(metrics: Metrics, writer_name: Callable[[], str]) -> Callable[[Ticket, Outcome], None]:
    """Give what is told of every answer once it is settled; it never raises."""

    def note(ticket: Ticket, outcome: Outcome) -> None:
        told = {"outcome": str(outcome), "act": ticket.question.act, "writer": writer_name()}
        tier = ticket.standing.tier
        try:
            metrics.answered(ticket.walk, tier=tier, **told)
        finally:
            client = client_class(ticket.question.listener)
            log.info("answer", id=ticket.ident, tier=tier, client=client, **told, **ticket.walk.figures())

    return note


def client_class(listener: Listener) -> str:
    """Say by which way somebody came, out of a closed list."""
    return OPERATOR if listener.operator_session is not None else listener.how


def watch_house(metrics: Metrics, database: Database, lane: WriteLane, places: Places) -> None:
    """Have the state of a node read whenever somebody looks."""
    lane.committed = metrics.committed

    def open_holds(what: str) -> float:
        counted = func.count() if what == "count" else func.coalesce(func.sum(holds.c.micros + holds.c.gift_micros), 0)
        with database.records() as records:
            return float(records.execute(select(counted).where(holds.c.state == "pending")).scalar_one())

    def open_reports() -> float:
        counted = select(func.count()).select_from(reports).where(reports.c.closed_at.is_(None))
        with database.records() as records:
            return float(records.execute(counted).scalar_one())

    metrics.watch(
        [
            ("queue_length", "Answers that wait or are written.", lambda: places.taken),
            ("write_lane_depth", "Commands that wait for the writer of the database.", lambda: lane.depth),
            ("holds_open", "Questions for which money is set aside now.", lambda: open_holds("count")),
            ("holds_open_micros", "Money that is set aside now, in millionths.", lambda: open_holds("micros")),
            ("reports_open", "Reported answers that wait for the artist.", open_reports),
        ]
    )
