"""What the doctor sees without opening the node: the home, who can read it, room on the disk, the addresses."""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from presence.home import Home
from presence.keeping.noted import DAY_SECONDS, OLD_SECONDS, last_backup, last_failure
from presence.sessions.origins import is_safe_for_secrets
from presence.settings import Settings
from presence.sight.checked import Check, Checked

MEBIBYTE = 1024**2
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000
FREE_BYTES_MIN = 200 * MEBIBYTE
FREE_BYTES_ENOUGH = 1024 * MEBIBYTE
CLOCK_MIN = 1_767_225_600  # 2026 had begun when this was written
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def outside_checks(settings: Settings, home: Home) -> dict[str, Check]:
    """Give what can be looked at whether or not the node is open."""
    return {
        "home": partial(_home, home),
        "permissions": partial(_permissions, home),
        "disk": partial(_disk, home),
        "addresses": partial(_addresses, settings),
        "backup": partial(_backup, home),
    }


def _home(home: Home) -> Iterator[Checked]:
    folder = home.folder
    if not folder.is_dir():
        yield Checked(
            "home", "wrong", f"There is no home at {folder}.", "presence init makes one; or set PRESENCE_HOME."
        )
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Checked("home", "wrong", f"{folder} cannot be written to.", "Give it to the user whom the node runs as.")
    else:
        owner = home.owner()
        said = f"{folder}; nobody has it open." if owner is None else f"{folder}; process {owner} has it open."
        yield Checked("home", "ok", said)


def _permissions(home: Home) -> Iterator[Checked]:
    private = [home.folder, home.keys, *sorted(home.keys.glob("*.json")), home.keys / "node.secret", home.settings_file]
    open_to_others = [path for path in private if path.exists() and _is_open(path, home)]
    for path in open_to_others:
        mode = "700" if path.is_dir() else "600"
        yield Checked("permissions", "wrong", f"Others on this machine can read {path}.", f"chmod {mode} {path}")
    if not open_to_others and home.folder.exists():
        yield Checked("permissions", "ok", "Only your user can read the home and its keys.")


def _is_open(path: Path, home: Home) -> bool:
    """Whether others can come at a file: a head holds no secret, settings may lie in a home that is shut."""
    if path.name.endswith("head.json"):
        return False
    if path == home.settings_file and not home.folder.stat().st_mode & _OPEN_TO_OTHERS:
        return False
    return bool(path.stat().st_mode & _OPEN_TO_OTHERS)


def _disk(home: Home) -> Iterator[Checked]:
    if not home.folder.exists():
        return
    free = shutil.disk_usage(home.folder).free
    said = f"{free / GIGABYTE:,.0f} GB are free." if free >= 10 * GIGABYTE else f"{free / MEGABYTE:,.0f} MB are free."
    if free < FREE_BYTES_MIN:
        yield Checked("disk", "wrong", said, "Make room: what cannot be written down is not answered and not charged.")
    elif free < FREE_BYTES_ENOUGH:
        yield Checked("disk", "note", said, "Make room before it gets tight.")
    else:
        yield Checked("disk", "ok", said)


def _addresses(settings: Settings) -> Iterator[Checked]:
    url = settings.public_url
    if url is None:
        if settings.host in LOOPBACK:
            yield Checked("addresses", "ok", "The room is open on this machine only.")
        else:
            do = "Set PRESENCE_PUBLIC_URL and PRESENCE_ALLOWED_HOSTS, with TLS in front."
            yield Checked("addresses", "note", f"It listens on {settings.host}, and no public address is set.", do)
        return
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_allowed(host, settings.allowed_hosts):
        do = f"Add it: PRESENCE_ALLOWED_HOSTS='[\"{host}\"]'"
        yield Checked("addresses", "wrong", f"Requests to {host} are turned away: it is no allowed host.", do)
    if not is_safe_for_secrets(parts.scheme, parts.netloc):
        do = "Put a server with TLS in front, and say https:// in PRESENCE_PUBLIC_URL."
        yield Checked("addresses", "wrong", f"{url} has no TLS: nobody can sign in there.", do)
    elif is_allowed(host, settings.allowed_hosts):
        yield Checked("addresses", "ok", f"The room is open at {url}.")


def is_allowed(host: str, allowed: list[str]) -> bool:
    """Whether requests to a host are let through; `*.example.org` stands for every name under it."""
    return any(one in ("*", host) or (one.startswith("*.") and host.endswith(one[1:])) for one in allowed)


def _backup(home: Home) -> Iterator[Checked]:
    last, failure = last_backup(home), last_failure(home)
    if failure is not None:
        yield Checked("backup", "wrong", f"The last backup failed: {failure.why}", "presence backup tries again.")
    if last is None:
        yield Checked("backup", "note", "No backup is known of.", "Make one: presence backup FILE")
        return
    age = time.time() - last.at
    days = int(age // DAY_SECONDS)
    said = "The last backup was made today." if days < 1 else f"The last backup is {days:,} days old."
    if age > OLD_SECONDS:
        yield Checked("backup", "note", said, "Make a new one: presence backup FILE")
    else:
        yield Checked("backup", "ok", said)
