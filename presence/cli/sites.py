"""`presence sites` and `presence embeds`: the artist's own sites, and those that may show the room."""

from typing import Annotated, Any

import typer

from presence.cli import session
from presence.cli.sites_shown import SitesShown

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Such as https://ada.example/.")]
Origin = Annotated[str, typer.Argument(metavar="ORIGIN", help="Such as https://blog.example, without a path.")]

sites = typer.Typer(no_args_is_help=True, help="Your own sites; one that links back with rel=me is confirmed.")
embeds = typer.Typer(no_args_is_help=True, help="The sites on whose pages your room may stand in small.")


def register(app: typer.Typer) -> None:
    """Add both groups."""
    app.add_typer(sites, name="sites")
    app.add_typer(embeds, name="embeds")


@sites.command("add")
def add_own(address: Address, as_json: Json = False) -> None:
    """Name a site of yours. The room shows it, and whether it links back."""
    _do("sites add", {"address": address}, as_json=as_json)


@sites.command("list")
def list_own(
    look: Annotated[bool, typer.Option("--look", help="Look at each of them now.")] = False, as_json: Json = False
) -> None:
    """Name your sites, and what is missing for a confirmation."""
    _do("sites list", {"look": look}, as_json=as_json)


@sites.command("remove")
def remove_own(address: Address, as_json: Json = False) -> None:
    """Take a site off the list."""
    _do("sites remove", {"address": address}, as_json=as_json)


@embeds.command("add")
def add_embed(
    origin: Origin,
    per_visitor: Annotated[
        int | None, typer.Option(min=1, help="Questions a day (UTC) from one visitor; 20 if you do not say.")
    ] = None,
    per_day: Annotated[
        int | None, typer.Option(min=1, help="Questions a day from all visitors; 500 if you do not say.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Let the room stand on a site, for so many questions a day."""
    _do("embeds add", {"origin": origin, "per_visitor": per_visitor, "per_day": per_day}, as_json=as_json)


@embeds.command("list")
def list_embeds(as_json: Json = False) -> None:
    """Name the sites on which the room may stand, and the line to put into their pages."""
    _do("embeds list", {}, as_json=as_json)


@embeds.command("remove")
def remove_embed(origin: Origin, as_json: Json = False) -> None:
    """Let the room stand there no more; it ends at once."""
    _do("embeds remove", {"origin": origin}, as_json=as_json)


def _do(deed: str, arguments: dict[str, Any], *, as_json: bool) -> None:
    with SitesShown(as_json=as_json) as shown:
        raise typer.Exit(session.do(deed, arguments, shown))
