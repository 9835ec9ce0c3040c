"""`presence doctor`: what is wrong with a node, and what to do about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import Shown, console
from presence.home import Home

if TYPE_CHECKING:
    from presence.settings import Settings

Public = Annotated[
    bool, typer.Option("--public", help="Look at it as the world does: domain, certificate, front, mail.")
]
Trust = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="With --public: believe this certificate authority alone, to try things at home."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
MARKS = {"ok": "✓", "note": "·", "unknown": "?", "wrong": "!"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


class DoctorShown(Shown):
    """Shows each thing that was looked at, and counts what is wrong."""

    wrong = 0
    unknown = 0

    def __call__(self, told: dict[str, Any]) -> None:
        """Show one thing; the last line counts what was found before the node was opened, too."""
        if told["event"] == "finding":
            self.wrong += 1
        self.unknown += told.get("state") == "unknown"
        if told["event"] == "checked":
            told = told | {"findings": self.wrong}
        super().__call__(told)

    def _check(self, told: dict[str, Any]) -> None:
        console.print(f"{MARKS[told['state']]} {told['check']}: {told['sentence']}", markup=False)
        if "do" in told:
            console.print(f"    {told['do']}", markup=False)

    _finding = _check

    def _checked(self, told: dict[str, Any]) -> None:
        if "documents" in told:
            super()._checked(told)
        elif "unknown" in told:
            console.print(_as_the_world_sees_it(told["findings"], told["unknown"]))
        else:
            console.print(f"{told['findings']} things to look at; the node itself was not looked into.")


def _as_the_world_sees_it(wrong: int, unknown: int) -> str:
    unseen = f"{unknown} could not be found out" if unknown else ""
    if not wrong and not unknown:
        return "All is well, as far as this machine can see. Now open the address on a telephone, without Wi-Fi."
    return ", ".join(part for part in (f"{wrong} things to look at" if wrong else "", unseen) if part) + "."


def doctor(public: Public = False, trust: Trust = None, as_json: Json = False) -> None:
    """Look at everything that can be wrong with this node, and say what to do; exit 1 where something is.

    With --public, what could not be found out counts, too: it is not well until somebody knows.
    """
    chosen = session.settings()
    if public:
        _look_from_outside(chosen, trust, as_json=as_json)
    elif trust is not None:
        raise typer.BadParameter("--trust belongs to --public.")
    else:
        _look(chosen, as_json=as_json)


def _look_from_outside(chosen: "Settings", trust: Path | None, *, as_json: bool) -> None:
    from presence.sight.checked import carried_out
    from presence.sight.outside import outside_checks
    from presence.sight.public import Reach, public_checks, trusting

    home = Home(chosen.home)
    reach = Reach(chosen.public_url or "", trusting(trust))
    checks = {name: check for name, check in outside_checks(chosen, home).items() if name != "backup"}
    with DoctorShown(as_json=as_json) as shown:
        for checked in carried_out(checks | public_checks(chosen, home, reach)):
            shown(checked.as_json())
        shown({"event": "checked", "findings": shown.wrong, "unknown": shown.unknown})
    raise typer.Exit(1 if shown.wrong or shown.unknown else 0)


def _look(chosen: "Settings", *, as_json: bool) -> None:
    from presence.sight.checked import Checked, carried_out
    from presence.sight.outside import outside_checks

    with DoctorShown(as_json=as_json) as shown:
        for checked in carried_out(outside_checks(chosen, Home(chosen.home))):
            shown(checked.as_json())
        try:
            if Home(chosen.home).folder.is_dir():  # opening it would make one
                session.do("doctor", {}, shown)
            else:
                shown({"event": "checked", "findings": shown.wrong})
        except Exception as error:  # noqa: BLE001  # whatever keeps the node shut is what is wrong with it
            sentence, do = _why_shut(error)
            shown(Checked("node", "wrong", sentence, do).as_json())
            shown({"event": "checked", "findings": shown.wrong})
        raise typer.Exit(1 if shown.wrong else 0)


def _why_shut(error: Exception) -> tuple[str, str]:
    from sqlalchemy.exc import DatabaseError, OperationalError

    from billing import BillingError
    from knowledge import KnowledgeError
    from models import ModelError
    from presence.errors import HomeTooNew, PresenceError
    from presence.sight.inside import RESTORE
    from trustgraph import TrustError

    if isinstance(error, HomeTooNew):
        return "The database was written by a newer version of this program.", "Install that version, or a newer one."
    if isinstance(error, (PresenceError, KnowledgeError, TrustError, BillingError, ModelError)):
        return f"It cannot be opened: {error}", ""
    if isinstance(error, OperationalError):
        return "The database does not answer.", "Look at PRESENCE_DATABASE_URL, and whether the disk can be written to."
    if isinstance(error, DatabaseError):
        return "The database cannot be read: it is damaged, or no database.", RESTORE
    kind = type(error).__name__
    return f"It cannot be opened ({kind}).", "presence serve says more."
