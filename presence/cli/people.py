"""`presence tier terms|invite|invites|requests|rule|keep`: what tiers open, and the ways in to followers."""

import sys
from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.people_shown import PeopleShown
from presence.cli.tier import tier

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]

invites = typer.Typer(invoke_without_command=True, help="The links that let people in.")


def register(_app: typer.Typer) -> None:
    """Add the commands to `presence tier`."""
    tier.add_typer(invites, name="invites")
    for command in (terms, invite, requests, rule, keep):
        tier.command()(command)


def terms(
    which: Annotated[str | None, typer.Argument(metavar="[TIER]", help="Change the terms of this tier.")] = None,
    name: Annotated[str | None, typer.Option(help="What the tier is called on pages.")] = None,
    questions_per_day: Annotated[
        int | None, typer.Option(min=0, help="How many questions a listener may ask in a day (UTC); 0 is no limit.")
    ] = None,
    sentences_per_day: Annotated[
        int | None, typer.Option(min=0, help="How many sentences a listener may be told in a day (UTC); 0 is no limit.")
    ] = None,
    sentences: Annotated[int | None, typer.Option(help="How many sentences of the notes an answer may quote.")] = None,
    teaser: Annotated[
        str | None, typer.Option(help="What you say of it, in your own words; empty takes it away.")
    ] = None,
    remembers: Annotated[bool | None, typer.Option(help="Whether conversations may be remembered.")] = None,
    may_ask: Annotated[bool | None, typer.Option(help="Whether one may ask at all.")] = None,
    as_json: Json = False,
) -> None:
    """Show what each tier opens, or change it for one."""
    given = {"name": name, "sentences": sentences, "teaser": teaser, "remembers": remembers, "may_ask": may_ask}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    for field, most in (("questions_per_day", questions_per_day), ("sentences_per_day", sentences_per_day)):
        if most is not None:
            changes[field] = most or None
    if changes and which is None:
        raise typer.BadParameter("Say which tier: presence tier terms circle …")
    _do("people terms", {"tier": which, "changes": changes}, as_json=as_json)


def invite(
    people: Annotated[int, typer.Option(min=1, help="How many people it lets in.")] = 100,
    hours: Annotated[float, typer.Option(min=0.01, help="For how many hours.")] = 12.0,
    label: Annotated[str, typer.Option(help="What it is for; who follows the link reads it.")] = "",
    as_json: Json = False,
) -> None:
    """Make a link, and its code for cameras, by which so many people become followers."""
    _do("people invite", {"people": people, "hours": hours, "label": label}, as_json=as_json)


@invites.callback()
def list_invites(context: typer.Context, as_json: Json = False) -> None:
    """Name the links that let people in."""
    if context.invoked_subcommand is None:
        _do("people invites", {}, as_json=as_json)


@invites.command()
def close(
    ident: Annotated[str, typer.Argument(metavar="ID", help="As `presence tier invites` names it.")],
    as_json: Json = False,
) -> None:
    """Let nobody more in by a link; who is in stays in."""
    _do("people invites close", {"id": ident}, as_json=as_json)


def requests(
    let_in: Annotated[
        list[str] | None, typer.Option(metavar="CODE|all", help="Let in as followers; `all` is the oldest fifty.")
    ] = None,
    dismiss: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Put away; nobody is told.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    as_json: Json = False,
) -> None:
    """Name who asks to follow, let them in by the door's key, or put requests away."""
    with PeopleShown(as_json=as_json) as shown, session.opened() as doing:
        if let_in:
            dids = _named(let_in)
            if not yes and sys.stdin.isatty():
                doing("people requests", {}, shown)
                typer.confirm("Let in the oldest fifty?" if dids == ["all"] else f"Let in {len(dids)}?", abort=True)
            raise typer.Exit(doing("people let in", {"dids": dids}, shown))
        if dismiss:
            raise typer.Exit(doing("people dismiss", {"dids": _named(dismiss)}, shown))
        raise typer.Exit(doing("people requests", {}, shown))


def rule(
    name: Annotated[str | None, typer.Argument(help="follow, or tree_seen_by.")] = None,
    value: Annotated[str | None, typer.Argument(help="ask or open; own or circle.")] = None,
    per_day: Annotated[int | None, typer.Option(help="How many `follow open` lets in a day at most.")] = None,
    as_json: Json = False,
) -> None:
    """Show the rules, or set one: whether who asks is let in at once, and who may see who introduced whom."""
    if name not in (None, "follow", "tree_seen_by"):
        raise typer.BadParameter("A rule is follow or tree_seen_by.")
    _do("people rule", {"name": name, "value": value, "per_day": per_day}, as_json=as_json)


def keep(
    address: Annotated[str | None, typer.Argument(help="An e-mail address; without it, the places are named.")] = None,
    to: Annotated[str, typer.Option("--tier", help="follower, supporter, circle or inner.")] = "follower",
    label: Annotated[str, typer.Option(help="Whom it is for; the address itself is not kept.")] = "",
    as_json: Json = False,
) -> None:
    """Keep a place for an address until its owner has a key and proves that it is hers."""
    if address is None:
        _do("people kept", {}, as_json=as_json)
    else:
        _do("people keep", {"address": address, "tier": to, "label": label}, as_json=as_json)


def _named(given: list[str]) -> list[str]:
    """Several codes come as several options, or in one with commas."""
    return [code.strip() for one in given for code in one.split(",") if code.strip()]


def _do(deed: str, arguments: dict[str, Any], *, as_json: bool) -> None:
    with PeopleShown(as_json=as_json) as shown:
        raise typer.Exit(session.do(deed, arguments, shown))
