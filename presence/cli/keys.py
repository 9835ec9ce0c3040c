"""`presence keys`: make the artist's keys, look at them, put the next one in place."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presence.cli import session
from presence.cli.artist import Client, artist, key_file, one, passphrase
from presence.errors import SettingsWrong
from presence.home import Home

if TYPE_CHECKING:
    from presence.identity import Founding
    from trustgraph import Key

RecoveryNames = Annotated[list[str] | None, typer.Option(help="The name of a recovery key (did:key…); up to three.")]
CodeFile = Annotated[Path | None, typer.Option(help="A file with that code; else it is asked for.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]

keys = typer.Typer(no_args_is_help=True, help="Your keys: who signs for you, and what the node may do.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(keys, name="keys")


@keys.command()
def new(
    recovery: RecoveryNames = None,
) -> None:
    """Make the keys of a home that has none. Nothing is ever replaced."""
    from presence.identity import found

    settings = session.settings()
    phrase = settings.trust.passphrase.get_secret_value() if settings.trust.passphrase else None
    made = found(Home(settings.home), int(time.time()), passphrase=phrase, recovery=names_of_recovery_keys(recovery))
    tell_keys(made, shown_passphrase=phrase is None)


def names_of_recovery_keys(given: list[str] | None) -> tuple[str, ...]:
    """Look at what --recovery said before anything is made or signed."""
    from trustgraph.did import is_did
    from trustgraph.documents import RECOVERY_KEYS_MAX

    names = tuple(given or ())
    wrong = [name for name in names if not is_did(name)]
    if wrong or len(set(names)) != len(names) or len(names) > RECOVERY_KEYS_MAX:
        raise SettingsWrong(
            f"--recovery takes the names of up to {RECOVERY_KEYS_MAX} keys, each once, as presence keys recovery-key "
            "printed them: did:key:z6Mk…, and never a code."
        )
    return names


def tell_keys(made: "Founding", *, shown_passphrase: bool) -> None:
    """Say once what belongs on paper."""
    from trustgraph import key_files

    typer.echo("\nWrite these down on paper, now. They are not shown again.")
    if shown_passphrase:
        typer.echo(f"  The passphrase of your key:  {made.passphrase}")
    typer.echo(f"  Your next key, in case this one is lost or stolen:\n    {key_files.recovery_code(made.next_key)}")
    typer.echo("Without the next key and without recovery keys, a lost key means a new beginning for your listeners.\n")


@keys.command()
def show(as_json: Json = False) -> None:
    """Say whose presence this is, what the node's keys may do, and whether the log of trust is whole."""
    from presence.cli.trust_shown import TrustShown

    with session.opened() as doing, TrustShown(as_json=as_json) as shown:
        doing("trust state", {}, shown)
        doing("trust roles", {}, shown)
        for person in one(doing, "trust state", {})["recovery"]:
            shown({"event": "recovery_key", "did": person})


@keys.command()
def browser(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write your key in the form that the studio page can open, sealed with the same passphrase."""
    from trustgraph import key_files

    settings = session.settings()
    phrase = passphrase(settings)
    key = key_files.read_sealed(key_file(settings), phrase)
    key_files.write_sealed(file, key, phrase, kdf=key_files.PBKDF2)
    typer.echo(f"{file} can be opened on the studio page with your passphrase. Keep it to yourself.")


@keys.command("recovery-key")
def recovery_key() -> None:
    """Make a recovery key: its code goes to somebody whom you trust, on paper."""
    from trustgraph import Key, key_files

    made = Key.generate()
    typer.echo(f"The key, for paper:\n  {key_files.recovery_code(made)}\nIts name, for --recovery:\n  {made.did}")


@keys.command("sign-head")
def sign_head() -> None:
    """Vouch for the log as it is now, as after restoring a backup; it ends a doubt."""
    with artist(restored=True) as client:
        told = client.sign_head()
        typer.echo(f"You vouch for all {told['seq']:,} entries.")
        if told["doubt"]:
            typer.echo(told["doubt"])
            raise typer.Exit(1)


@keys.command()
def renew() -> None:
    """Let the node's keys do for two more years what they do."""
    from presence.identity import delegation
    from trustgraph import key_files
    from trustgraph.documents import ROLES

    with artist() as client:
        for role in ROLES:
            key = key_files.read_bare(Home(session.settings().home).keys / f"{role}.json")
            client.send("delegate", delegation(client.key, client.root, role, key.did, client.now))
        client.sign_head()
        typer.echo("Renewed for two years.")


@keys.command()
def rotate(
    after_theft: Annotated[
        int | None, typer.Option(help="The old key was stolen: void what it let in from this entry of the log on.")
    ] = None,
    next_code_file: Annotated[Path | None, typer.Option(help="A file with the code of the next key.")] = None,
    recovery: RecoveryNames = None,
) -> None:
    """Put your next key, which you have on paper, in the place of the present one."""
    from presence.identity import Founding
    from trustgraph import Key, issuing, key_files

    names, settings = names_of_recovery_keys(recovery), session.settings()
    code = next_code_file.read_text() if next_code_file else typer.prompt("The code of your next key", err=True)
    key, following, path = key_files.from_recovery_code(code), Key.generate(), key_file(settings)
    with session.opened() as doing:
        client = Client(key, path, doing)
        client.look()
        last = client.state["last"]
        envelope = issuing.rotation(
            key,
            root=client.root,
            seq=last["seq"] + 1,
            prev=last["id"],
            next_key=following.did,
            t=client.now,
            recovery=names or tuple(client.state["recovery"]),
            from_seq=after_theft,
        )
        client.send("key", envelope)
        _replace(path, key, passphrase(settings, "A passphrase for the new key"))
        client.sign_head()
    tell_keys(Founding(key, following, ""), shown_passphrase=False)


@keys.command("from-code")
def from_code(code_file: CodeFile = None) -> None:
    """Write the file of your key anew from its code, as after a recovery, with a new passphrase."""
    from trustgraph import key_files

    settings = session.settings()
    code = code_file.read_text() if code_file else typer.prompt("The code of your key", err=True)
    key, path = key_files.from_recovery_code(code), key_file(settings)
    with session.opened() as doing:
        client = Client(key, path, doing)
        client.look()
        if client.state["artist"] != key.did:
            raise SettingsWrong(f"This is the code of {key.did}; your key is {client.state['artist']} now.")
        _replace(path, key, passphrase(settings, "A passphrase for your key"))
        client.sign_head()
    typer.echo(f"{path} is your key.")


@keys.command()
def recover(
    code_file: Annotated[Path, typer.Option(help="A file with the code of a recovery key.")],
    new_key: Annotated[
        str | None, typer.Option(help="The name of the key that is to be yours; else one is made.")
    ] = None,
    next_key: Annotated[str | None, typer.Option(help="The name of the one after it; else one is made.")] = None,
    from_seq: Annotated[int | None, typer.Option(help="Void what artist's keys let in from this entry on.")] = None,
) -> None:
    """Ask, with a recovery key, for a new key. Two have to ask for the same; it holds three days later."""
    from trustgraph import Key, issuing, key_files

    signer = key_files.from_recovery_code(code_file.read_text())
    if (new_key is None) != (next_key is None):
        raise SettingsWrong("Give both --new-key and --next-key, as the first request printed them, or neither.")
    if new_key is None or next_key is None:
        yours, following = Key.generate(), Key.generate()
        new_key, next_key = yours.did, following.did
        typer.echo("Write these down on paper, now. They are not shown again.")
        typer.echo(f"  The code of your new key:\n    {key_files.recovery_code(yours)}")
        typer.echo(f"  The code of the one after it:\n    {key_files.recovery_code(following)}")
        typer.echo("The second request asks for the same with another recovery key:")
        typer.echo(f"  presence keys recover --new-key {new_key} --next-key {next_key} --code-file FILE")
    with session.opened() as doing:
        client = Client(signer, code_file, doing)
        client.look()
        last = client.state["last"]
        envelope = issuing.recovery_request(
            signer,
            root=client.root,
            seq=last["seq"] + 1,
            prev=last["id"],
            new_key=new_key,
            next_key=next_key,
            t=client.now,
            recovery=tuple(client.state["recovery"]),
            from_seq=from_seq,
        )
        told: dict[str, Any] = client.send("key", envelope)
        at = one(doing, "trust state", {})["takes_effect_at"]
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at)) if at else "not before a second key asks for the same"
    typer.echo(f"{told['id']}\nIt holds: {when}. The present key can end it: presence tier revoke {told['id']}")
    if at:
        typer.echo("From then on, with the code of your new key: presence keys from-code")


def _replace(path: Path, key: "Key", phrase: str) -> None:
    from trustgraph import key_files

    old = path.with_name(f"{path.stem}.until-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    if path.exists():
        path.rename(old)
    key_files.write_sealed(path, key, phrase)
