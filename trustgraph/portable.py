"""A log that travels: one JSON object a line, verified without asking the node it comes from.

The first line says what it is, then come the entries in their order, last the artist's newest word
for a head. Whoever replays it by the same rules gets the same entries, hashes and tiers.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trustgraph.entries import Entry
from trustgraph.errors import DocumentRefused, ExportWrong, LogNotEmpty
from trustgraph.replay import Replay

if TYPE_CHECKING:
    from trustgraph.grant_log import GrantLog

FORMAT = "presence-log"
CHECKPOINT_KIND = "checkpoint"


@dataclass(frozen=True, slots=True)
class Verified:
    """What an exported log says: whose it is, how long, its head, and up to where the artist vouches for it."""

    replay: Replay
    root: str
    entries: int
    head: str
    signed_to: int


def exported(log: "GrantLog") -> Iterator[str]:
    """Give the lines of a log."""
    yield json.dumps({"format": FORMAT, "v": 1, "root": log.keys.root})
    for entry in log.entries():
        yield json.dumps(entry.as_json())
    if (checkpoint := log.last_checkpoint()) is not None:
        yield json.dumps({"kind": CHECKPOINT_KIND, "envelope": json.loads(checkpoint)})


def verified(lines: Iterable[str], *, each: Callable[[Entry], None] = lambda _: None) -> Verified:
    """Replay an exported log from its first document on, or raise `ExportWrong`.

    `each` is told every entry as it is verified.
    """
    replay, signed_to = Replay(), 0
    for number, line in enumerate(lines, start=1):
        told = _object(line, number)
        if number == 1:
            _check_format(told)
        elif told.get("kind") == CHECKPOINT_KIND:
            signed_to = _vouched(replay, told, number)
        else:
            each(_entry(replay, told, number))
    if replay.spine.keys.root is None:
        raise ExportWrong(1, "it holds no artist's key.")
    return Verified(replay, replay.spine.keys.root, replay.spine.seq, replay.spine.head, signed_to)


def taken_in(lines: Iterable[str], log: "GrantLog") -> int:
    """Put an exported log into an empty one; give how many entries it has. Verify it first.

    Raises `LogNotEmpty`, `ExportWrong`.
    """
    if log.head[0]:
        raise LogNotEmpty
    entries: list[Entry] = []
    checkpoints: list[dict[str, Any]] = []
    kept = list(lines)
    verified(kept, each=entries.append)
    checkpoints = [told["envelope"] for told in map(json.loads, kept) if told.get("kind") == CHECKPOINT_KIND]
    log.take_in(entries, checkpoints)
    return len(entries)


def _entry(replay: Replay, told: dict[str, Any], number: int) -> Entry:
    try:
        entry = replay.accept(told["envelope"], told["kind"], told["received_at"])
    except DocumentRefused as refusal:
        raise ExportWrong(number, f"{refusal} ({refusal.code})") from refusal
    except (KeyError, TypeError) as error:
        raise ExportWrong(number, "it is not an entry of a log.") from error
    if entry.as_json() != told:
        raise ExportWrong(number, "its place in the log is not what follows from the documents before it.")
    return entry


def _vouched(replay: Replay, told: dict[str, Any], number: int) -> int:
    try:
        return replay.check(told["envelope"], replay.spine.newest_at).seq
    except (DocumentRefused, KeyError, TypeError) as error:
        raise ExportWrong(number, "it is not the artist's word for a head of this log.") from error


def _check_format(told: dict[str, Any]) -> None:
    if told.get("format") != FORMAT or told.get("v") != 1:
        raise ExportWrong(1, "this is not an exported log of trust.")


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError as error:
        raise ExportWrong(number, "it is not JSON.") from error
    if not isinstance(told, dict):
        raise ExportWrong(number, "it is not a JSON object.")
    return told
