"""A signed answer that travels: what was said, the presence's signature, and the artist's word for its key.

Whoever has such a copy can check it without the node. What no copy can say is whether the artist has taken the right
of that key back since: the node says so, and her exported log.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from presence.errors import StatementWrong
from trustgraph import DocumentRefused, read
from trustgraph.artist import ArtistKeys
from trustgraph.documents import Delegate, KeyEvent, Statement
from trustgraph.envelopes import ident_of

if TYPE_CHECKING:
    from trustgraph import GrantLog

FORMAT = "presence-answer"
ROLE = "presence"


def copy_of(answer: Mapping[str, Any], log: "GrantLog") -> dict[str, Any] | None:
    """Give the copy of an answer; None where it was not signed, or where its key has no right to speak any more."""
    envelope = answer.get("statement")
    if envelope is None:
        return None
    statement, _ = read(envelope, "statement")
    if not isinstance(statement, Statement):
        return None
    pedigree = log.pedigree(ROLE, statement.iss, statement.t)
    if pedigree is None:
        return None
    keys, right = pedigree
    return {
        "format": FORMAT,
        "v": 1,
        "answer": {name: answer[name] for name in ("id", "question", "text", "outcome")},
        "statement": envelope,
        "keys": keys,
        "right": right,
    }


def checked(copy: Any, root: str | None = None) -> dict[str, Any]:
    """Say what a copy proves, or raise `StatementWrong`; `root` is the artist's id, if known from elsewhere."""
    if not isinstance(copy, dict) or copy.get("format") != FORMAT or copy.get("v") != 1:
        raise StatementWrong("This is no copy of a signed answer. The page of an answer gives one.")
    try:
        statement, _ = read(copy["statement"], "statement")
        if not isinstance(statement, Statement):
            raise TypeError(statement)
        _check_words(statement, copy["answer"])
        artist = _artist(copy["keys"])
        _check_right(statement, copy["right"], artist)
    except DocumentRefused as refusal:
        raise StatementWrong(f"A signature in it does not hold: {refusal}") from refusal
    except (KeyError, TypeError, AttributeError) as error:
        raise StatementWrong("Something is missing in this copy.") from error
    if statement.root != artist.root or (root is not None and root != artist.root):
        raise StatementWrong("It was signed for another artist.")
    return {
        "id": statement.answer,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(statement.t)),
        "writer": statement.writer,
        "outcome": statement.outcome,
        "artist": artist.root,
        "presence": statement.iss,
    }


def _check_words(statement: Statement, answer: Mapping[str, str]) -> None:
    said = (answer["id"], ident_of(answer["question"].encode()), ident_of(answer["text"].encode()), answer["outcome"])
    if said != (statement.answer, statement.question_sha256, statement.text_sha256, statement.outcome):
        raise StatementWrong("The words of this copy are not those that were signed.")


def _artist(envelopes: list[Any]) -> ArtistKeys:
    """Follow the artist's keys from her first one on; their numbers in her log are not told, their order is."""
    artist = ArtistKeys()
    for number, envelope in enumerate(envelopes, start=1):
        event, _ = read(envelope, "key")
        if not isinstance(event, KeyEvent):
            raise TypeError(event)
        artist.settle(event.t, number)
        artist.apply(event, number, event.t)
    return artist


def _check_right(statement: Statement, envelope: Any, artist: ArtistKeys) -> None:
    right, _ = read(envelope, "delegate")
    if not isinstance(right, Delegate):
        raise TypeError(right)
    if (right.role, right.sub, right.root) != (ROLE, statement.iss, artist.root):
        raise StatementWrong("The key that signed it is not one that the artist let speak.")
    if not right.nbf <= statement.t < right.exp:
        raise StatementWrong("The key that signed it had no right to speak at that time.")
    # After a theft, what a key signed counts by its place in the log, which is not here: in doubt it does not.
    if not artist.was_artist(right.iss) or (artist.voids and right.iss != artist.key):
        raise StatementWrong("The right to speak was not signed by a key of the artist that holds.")
