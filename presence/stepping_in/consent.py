"""“She may look in”: what a listener lets the artist see of what she asks. Nothing, unless she says so."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from presence.stepping_in.tables import permissions
from presence.tables import questions

ALL = ""
"""Stands in the place of a conversation for all of them."""


class May(StrEnum):
    """Where the artist may look in."""

    NOWHERE = "no"
    HERE = "here"
    EVERYWHERE = "all"


def choose(owner: Connection, listener: str, may: May, conversation: str | None, at: float) -> None:
    """Keep what a listener chose, from a moment in Unix seconds on. “No” takes back whatever she said before."""
    owner.execute(delete(permissions).where(permissions.c.listener == listener, _replaced_by(may, conversation)))
    if may is May.NOWHERE:
        return
    where = ALL if may is May.EVERYWHERE else conversation
    if where is not None:
        owner.execute(insert(permissions).values(listener=listener, conversation=where, since=at))


def _replaced_by(may: May, conversation: str | None) -> ColumnElement[bool]:
    if may is not May.HERE:
        return permissions.c.listener.is_not(None)
    return permissions.c.conversation.in_((ALL, conversation or ALL))


def chosen(connection: Connection, listener: str, conversation: str | None) -> May:
    """Give what a listener chose, as far as it concerns a conversation."""
    of_it = permissions.c.listener == listener, permissions.c.conversation.in_((ALL, conversation or ALL))
    found = set(connection.execute(select(permissions.c.conversation).where(*of_it)).scalars())
    if not found:
        return May.NOWHERE
    return May.EVERYWHERE if ALL in found else May.HERE


def shown() -> ColumnElement[bool]:
    """Join questions with permissions: what she let the artist see of a conversation, or whatever she asked since."""
    this = permissions.c.conversation == questions.c.conversation
    since = and_(permissions.c.conversation == ALL, questions.c.created_at >= permissions.c.since)
    return and_(permissions.c.listener == questions.c.listener, or_(this, since))


def forget(owner: Connection, listeners: Collection[str]) -> None:
    """Forget what some listeners chose."""
    owner.execute(delete(permissions).where(permissions.c.listener.in_(listeners)))
