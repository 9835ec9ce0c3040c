"""Answers that listeners reported, as deeds of the artist."""

from typing import Any

from knowledge.tiering import TIER_NAMES
from presence.asking.reports import ReportedAnswer
from presence.bootstrap import Services
from presence.local.contracts import Deed, Tell
from presence.local.notes import iso


def list_reports(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the open reports, or the closed ones."""
    for one in services.reports.listed(closed=bool(arguments.get("closed"))):
        tell({"event": "report", **_report_json(one)})
    return 0


def close_report(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Close a report; whoever reported reads why."""
    closed = services.reports.close(arguments["id"], arguments["because"])
    tell({"event": "report_closed", "id": closed.ident, "because": closed.closed_because})
    return 0


REPORTS: dict[str, Deed] = {"reports list": list_reports, "reports close": close_report}


def _report_json(one: ReportedAnswer) -> dict[str, Any]:
    report = one.report
    return {
        "id": report.ident,
        "reason": report.reason,
        "words": report.words,
        "reported_at": iso(report.reported_at),
        "closed_at": None if report.closed_at is None else iso(report.closed_at),
        "closed_because": report.closed_because,
        "tier": TIER_NAMES[one.tier],
        "question": one.answer["question"],
        "text": one.answer["text"],
    }
