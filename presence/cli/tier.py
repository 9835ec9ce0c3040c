"""`presence tier`: who may read how far. What the artist signs is signed here, with her own key."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presence.cli import session
from presence.cli.artist import artist, one
from presence.cli.trust_shown import TrustShown
from presence.errors import MayNotIntroduce, TextUnreadable
from trustgraph import tier_named

if TYPE_CHECKING:
    from trustgraph import Key, Tier

DAY_SECONDS = 24 * 3600
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="Her code, did:key…, as her own page shows it.")]

tier = typer.Typer(no_args_is_help=True, help="Who may read how far, and who let them in.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(tier, name="tier")


@tier.command("list")
def list_people(as_json: Json = False) -> None:
    """Name everybody who was let in, and how far each may read now."""
    with TrustShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("trust people", {}, shown))


@tier.command()
def grant(
    code: Code,
    to: Annotated[str, typer.Option("--tier", help="follower, supporter, circle or inner.")],
    days: Annotated[int, typer.Option(min=1, max=1098, help="For how long.")] = 365,
    introduces: Annotated[int, typer.Option(min=0, help="How many friends she may introduce.")] = 0,
    as_far_as: Annotated[str, typer.Option(help="Up to which tier she may introduce them.")] = "follower",
    levels: Annotated[int, typer.Option(min=1, max=3, help="How many levels of friends of friends.")] = 1,
    as_json: Json = False,
) -> None:
    """Let somebody in, or renew what she has. Signed with your key."""
    from trustgraph import Vouch, issuing

    vouch = Vouch(levels, introduces, tier_named(as_far_as)) if introduces else None
    with artist() as client, TrustShown(as_json=as_json) as shown:
        begins = client.now
        envelope = issuing.grant(
            client.key,
            root=client.root,
            sub=code,
            tier=tier_named(to),
            nbf=begins,
            exp=begins + days * DAY_SECONDS,
            vouch=vouch,
        )
        shown({**client.send("grant", envelope)})
        client.sign_head()


@tier.command()
def revoke(
    target: Annotated[str, typer.Argument(help="The id of a grant takes it back; a code blocks that key, for good.")],
    reason: Annotated[str, typer.Option(help="Shown to her, and to who introduced her.")] = "",
    as_json: Json = False,
) -> None:
    """Take a grant back, with all that rests on it, or block a key. It holds at once."""
    from trustgraph import issuing

    with artist() as client, TrustShown(as_json=as_json) as shown:
        envelope = issuing.revocation(client.key, root=client.root, target=target, t=client.now, reason=reason)
        shown({**client.send("revoke", envelope)})
        client.sign_head()


@tier.command()
def vouch(
    code: Code,
    code_file: Annotated[Path, typer.Option(help="A file with the code of your own key, as saved on your page.")],
    to: Annotated[str, typer.Option("--tier", help="How far she may read.")] = "follower",
    days: Annotated[int, typer.Option(min=1, max=1098, help="For how long, at most as long as you.")] = 365,
    at: Annotated[str | None, typer.Option(help="The address of the presence; by default, the one on here.")] = None,
    as_json: Json = False,
) -> None:
    """Introduce a friend, as a listener. Signed with your own key."""
    signer, wanted = own_key(code_file), tier_named(to)
    with TrustShown(as_json=as_json) as shown:
        if at is not None:
            from presence.cli.elsewhere import introduce

            shown({"event": "accepted", **introduce(at, signer, code, wanted, days * DAY_SECONDS)})
            return
        with session.opened() as doing:
            found: list[dict[str, Any]] = []
            doing("trust rights", {"did": signer.did}, found.append)
            state = one(doing, "trust state", {})
            envelope = introduction(signer, state["root"], code, wanted, found, state["now"], days * DAY_SECONDS)
            shown(one(doing, "trust accept", {"kind": "grant", "envelope": envelope}))


@tier.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    as_json: Json = False,
) -> None:
    """Write the whole log of trust into a file: with it, all tiers can be had on another machine."""
    with TrustShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("trust export", {"path": str(file.resolve())}, shown))


@tier.command("import")
def take_in(file: Annotated[Path, typer.Argument(help="An exported log.")], as_json: Json = False) -> None:
    """Take an exported log into a home that has none."""
    with TrustShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("trust import", {"path": str(file.resolve())}, shown, begins=True))


@tier.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An exported log.")],
    as_json: Json = False,
) -> None:
    """Verify an exported log offline, document by document, and say who may read how far."""
    from presence.people.offline import told_offline
    from trustgraph import portable

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TextUnreadable(str(file)) from error
    result = portable.verified(lines)
    people = told_offline(result.replay, time.time())
    with TrustShown(as_json=as_json) as shown:
        shown(
            {
                "event": "verified",
                "root": result.root,
                "entries": result.entries,
                "head": result.head,
                "signed_to": result.signed_to,
                "people": people,
            }
        )


def introduction(
    signer: "Key", root: str, code: str, to: "Tier", rights: list[dict[str, Any]], now: int, seconds: int
) -> dict[str, Any]:
    """Sign for a friend under the right that reaches far enough, or raise `MayNotIntroduce`."""
    from trustgraph import issuing

    right = next((one for one in rights if tier_named(one["tier"]) >= to and one["left"]), None)
    if right is None:
        raise MayNotIntroduce(to.slug)
    begins = max(now, right["nbf"])
    ends = min(begins + seconds, right["exp"])
    return issuing.grant(
        signer, root=root, sub=code, tier=to, nbf=begins, exp=ends, parent=right["parent"], via="vouch"
    )


def own_key(file: Path) -> "Key":
    """Read the code of somebody's own key from a file. Raises `TextUnreadable`, `KeyFileWrong`."""
    from trustgraph import key_files

    try:
        return key_files.from_recovery_code(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TextUnreadable(str(file)) from error
