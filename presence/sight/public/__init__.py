"""The doctor from outside: whether a stranger who types the public address comes in safely, and what she could see.

It looks from this machine, so a firewall beyond it is not seen. What cannot be found out is told as unknown,
which is not good.
"""

from collections.abc import Iterator
from functools import partial

import httpx

from presence.home import Home
from presence.node_secret import node_secret, secret_file
from presence.settings import Settings
from presence.sight.checked import Check, Checked
from presence.sight.public.front import certificate_check, headers_check, http_check, name_check, past_check, unfit
from presence.sight.public.kept import backup_checks
from presence.sight.public.letters import mail_checks
from presence.sight.public.reach import Reach, trusting
from presence.sight.public.through import metrics_check, seen_checks, unreached, webhook_check
from presence.sight.public.time_kept import clock_check
from presence.sight.seen import word

__all__ = ["Reach", "public_checks", "trusting"]


def public_checks(settings: Settings, home: Home, reach: Reach) -> dict[str, Check]:
    """Give everything that is looked at from outside, as a node's settings say that it is reached."""
    wrong = unfit(reach.url)
    front: dict[str, Check] = {
        "domain": partial(name_check, reach),
        "certificate": partial(certificate_check, reach),
        "http": partial(http_check, reach),
        "headers": partial(headers_check, reach),
        "stream": partial(_seen, reach, home),
        "past": partial(past_check, reach, settings.port),
        "webhook": partial(webhook_check, reach, settings),
        "metrics": partial(metrics_check, reach),
        "clock": partial(clock_check, reach),
    }
    if wrong is not None:
        front = {"domain": partial(iter, (wrong,)), **dict.fromkeys(list(front)[1:], lambda: iter(()))}
    reached: dict[str, Check] = {name: partial(_where_reached, name, check) for name, check in front.items()}
    return reached | {"mail": partial(mail_checks, settings), "backup": partial(backup_checks, settings, home)}


def _where_reached(name: str, check: Check) -> Iterator[Checked]:
    """Carry a check out; where nothing is reached, it is unknown what it would have found."""
    try:
        yield from check()
    except (httpx.TransportError, OSError) as error:
        yield unreached(name, error)


def _seen(reach: Reach, home: Home) -> Iterator[Checked]:
    if not secret_file(home).is_file():
        said = "The node has no secret of its own yet, by which it would know its doctor."
        for check in ("stream", "requests"):
            yield Checked(check, "unknown", said, "Start it once: presence serve.")
        return
    yield from seen_checks(reach, word(node_secret(home)))
