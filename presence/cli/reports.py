"""`presence reports`: answers that listeners reported."""

from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import Shown, console

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]

reports = typer.Typer(no_args_is_help=True, help="Answers that listeners reported.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(reports, name="reports")


class ReportsShown(Shown):
    """Shows reports, each with its answer."""

    def _report(self, told: dict[str, Any]) -> None:
        reason = f"  {told['reason']}" if told["reason"] else ""
        console.print(f"{told['id']}  {told['reported_at']}  {told['tier']}{reason}", markup=False)
        if told["words"]:
            console.print(f"  “{told['words']}”", markup=False)
        console.print(f"  asked:    {told['question']}", markup=False)
        console.print(f"  answered: {told['text'] or 'nothing'}", style="dim", markup=False)
        if told["closed_because"] is not None:
            console.print(f"  closed {told['closed_at']}: {told['closed_because']}", markup=False)

    def _report_closed(self, told: dict[str, Any]) -> None:
        console.print(f"closed: {told['id']}", markup=False)


@reports.command("list")
def list_reports(
    closed: Annotated[bool, typer.Option("--closed", help="Those that are closed, the newest first.")] = False,
    as_json: Json = False,
) -> None:
    """Name what was reported, the oldest first."""
    with ReportsShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("reports list", {"closed": closed}, shown))


@reports.command()
def close(
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="As `presence reports list` names it.")],
    because: Annotated[str, typer.Option(help="What whoever reported it is told.")],
    as_json: Json = False,
) -> None:
    """Close a report; whoever reported the answer reads why on its page."""
    with ReportsShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("reports close", {"id": answer, "because": because}, shown))
