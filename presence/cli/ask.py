"""`presence ask`: here, with the eyes of a tier, or at a presence elsewhere, as a listener."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.shown import Shown


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ask")(ask)


def ask(
    question: Annotated[str, typer.Argument(help="What you would like to know.")] = "",
    tier: Annotated[str, typer.Option("--as", help="Ask with the eyes of this tier.")] = "public",
    act: Annotated[str | None, typer.Option(help="ask, recommend, record or set.")] = None,
    thing: Annotated[str | None, typer.Option(help="The record or set: the id in the address of its page.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Go on in this one, as the last answer names it.")] = None,
    at: Annotated[str | None, typer.Option(help="The address of a presence elsewhere; you are its listener.")] = None,
    code_file: Annotated[Path | None, typer.Option(help="There: a file with the code of your own key.")] = None,
    most: Annotated[str | None, typer.Option(help="There: the most that it may cost, such as 0.05.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="There: where to write the receipt.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line; the last is the answer.")] = False,
) -> None:
    """Ask the presence; each sentence appears when it is verified, its sources at the end."""
    if not question and act in (None, "ask"):
        raise typer.BadParameter("Ask something, or name an act.")
    with Shown(as_json=as_json) as shown:
        if at is None:
            what = {"question": question, "as": tier, "act": act, "thing": thing, "conversation": conversation}
            raise typer.Exit(session.do("ask", what, shown))
        _ask_there(at, (question, act, thing, conversation), code_file, most, receipt, shown)


def _ask_there(
    at: str,
    what: tuple[str, str | None, str | None, str | None],
    code_file: Path | None,
    most: str | None,
    receipt: Path | None,
    shown: Shown,
) -> None:
    from billing.money import parsed
    from presence.cli.asking_elsewhere import Asked, elsewhere
    from presence.cli.tier import own_key

    most_micros = None if most is None else parsed(most)

    def agree(offer: dict[str, Any]) -> bool:
        if most_micros is not None:
            return int(offer["ceiling_micros"]) <= most_micros
        price = f"{offer['ceiling_micros'] / 1_000_000:.6f}".rstrip("0").rstrip(".")
        return sys.stdin.isatty() and typer.confirm(f"It may cost {price}. Ask?", err=True)

    with elsewhere(at, own_key(code_file) if code_file is not None else None) as there:
        answer = there.ask(Asked(*what), agree, shown)
        shown({"event": "answer", **answer})
        if receipt is not None and answer.get("receipt"):
            copy = there.receipt(answer["receipt"]["id"])
            receipt.write_text(json.dumps(copy, indent=2, ensure_ascii=False), encoding="utf-8")
            shown({"event": "kept", "file": str(receipt)})
