"""The people who were asked what they want to be told: a row for each, and what goes with her or away with her."""

import secrets

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from presence.telling.tables import browsers, choices, confirmations, due, events, listeners

OF_ONE_PERSON: tuple[Table, ...] = (listeners, choices)
"""Of these, the ones of her new key hold where both have some."""
IDENT_BYTES = 9


def insert_once(owner: Connection, table: Table, row: dict[str, object]) -> bool:
    """Insert a row unless its key is there already, by whichever process; whether it is new."""
    make = postgresql.insert if owner.dialect.name == "postgresql" else sqlite.insert
    first = next(iter(table.primary_key))  # a count of rows is not to be had of every driver
    put = make(table).values(**row).on_conflict_do_nothing().returning(first)
    return owner.execute(put).first() is not None


def ident_of(owner: Connection, did: str, tier: int) -> str:
    """Give the name by which letters speak of somebody; made at the first time, with the tier she has then."""
    row = {"did": did, "ident": secrets.token_urlsafe(IDENT_BYTES), "tier_known": tier}
    insert_once(owner, listeners, row)
    return str(owner.execute(select(listeners.c.ident).where(listeners.c.did == did)).scalar_one())


def row_of(connection: Connection, did: str) -> Row[tuple[object, ...]] | None:
    """Give what is kept of somebody, or None where she was never asked."""
    return connection.execute(select(listeners).where(listeners.c.did == did)).first()


def take_over(owner: Connection, held: str, own: str) -> None:
    """Make what one key is told be told to another, of the same person."""
    for table in OF_ONE_PERSON:
        if owner.execute(select(table.c.did).where(table.c.did == own)).first() is not None:
            owner.execute(delete(table).where(table.c.did == held))
        owner.execute(update(table).where(table.c.did == held).values(did=own))
    for table in (browsers, events, due):
        owner.execute(update(table).where(table.c.did == held).values(did=own))


def forget(owner: Connection, did: str) -> str | None:
    """Forget all that is kept of somebody here; gives the name that letters had for her."""
    ident = owner.execute(select(listeners.c.ident).where(listeners.c.did == did)).scalar()
    if ident is not None:
        owner.execute(delete(confirmations).where(confirmations.c.ident == ident))
    for table in (due, events, browsers, choices, listeners):
        owner.execute(delete(table).where(table.c.did == did))
    return ident
