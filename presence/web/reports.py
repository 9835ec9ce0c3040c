"""Answers that listeners report, and the artist's page of them. Everything works without scripts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from presence.asking.reports import WORDS_CHARS_MAX
from presence.web.deps import ListenerDep, ServicesDep
from presence.web.limits import Limited
from presence.web.studio.frame import render_studio
from presence.web.trust import operator_only

router = APIRouter()
limited = Depends(Limited("reports"))
PAGE = "/studio/reports"
_TEXT_CHARS_MAX = 4 * WORDS_CHARS_MAX
_Text = Annotated[str, Form(max_length=_TEXT_CHARS_MAX)]


class ReportBody(BaseModel):
    """Why an answer is reported; both may be left out."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field("", max_length=40)
    words: str = Field("", max_length=_TEXT_CHARS_MAX)


@router.post("/api/questions/{ident}/report", status_code=201, dependencies=[limited])
def report(ident: str, body: ReportBody, services: ServicesDep, listener: ListenerDep) -> JSONResponse:
    """Report an answer that one may read; until it is closed, a second time says it in other words."""
    made, is_new = services.reports.report(ident, listener, reason=body.reason, words=body.words)
    return JSONResponse({"id": ident, "reported": made.as_json()}, status_code=201 if is_new else 200)


@router.post("/answers/{ident}/report", dependencies=[limited])
def report_by_form(
    ident: str, services: ServicesDep, listener: ListenerDep, reason: _Text = "", words: _Text = ""
) -> RedirectResponse:
    """Do the same from the answer's page, and lead back to it."""
    services.reports.report(ident, listener, reason=reason, words=words)
    return RedirectResponse(f"/answers/{ident}#report-{ident}", status_code=303)


@router.get(PAGE, response_class=HTMLResponse, dependencies=[Depends(operator_only)])
def reports_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """Show the reports that are open, each with its answer, and what was said to those that are closed."""
    page = render_studio(
        request,
        "reports.html",
        waiting=services.reports.listed(),
        closed=services.reports.listed(closed=True),
        words_chars_max=WORDS_CHARS_MAX,
    )
    return HTMLResponse(page)


@router.post(f"{PAGE}/{{ident}}/close", dependencies=[Depends(operator_only)])
def close_report(ident: str, services: ServicesDep, because: _Text = "") -> RedirectResponse:
    """Close a report with what whoever reported is told."""
    services.reports.close(ident, because)
    return RedirectResponse(PAGE, status_code=303)
