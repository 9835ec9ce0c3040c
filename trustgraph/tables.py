"""The grant log and what finds its entries; the database itself refuses to change or delete an entry."""

from sqlalchemy import DDL, BigInteger, Column, Index, Integer, MetaData, String, Table, Text, event
from sqlalchemy.schema import ExecutableDDLElement

metadata = MetaData()

trust_log = Table(
    "trust_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("event", String(71), nullable=False, unique=True),
    Column("envelope", Text, nullable=False),  # as it was signed
    Column("received_at", BigInteger, nullable=False),  # Unix seconds
    Column("ordinal", BigInteger),
    Column("about", BigInteger),
    Column("pair", String(160)),
    Column("slots", String(160)),
    Column("sub", String(71)),
    Column("tier", Integer),
    Column("exp", BigInteger),
    Column("prev", String(71), nullable=False),  # the hash of the entry before; an entry's own is computed
    Index("trust_log_slots", "slots", "sub", "ordinal"),
    Index("trust_log_ordinals", "slots", "ordinal"),
    Index("trust_log_pairs", "pair", "seq"),
    Index("trust_log_subjects", "sub", "seq"),
)

# Which entry is live for a pair: only to find it by. What it finds is checked like everything else.
trust_live = Table(
    "trust_live",
    metadata,
    Column("pair", String(160), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("sub", String(71)),  # null for delegates, who let in and are not let in
    Column("tier", Integer, nullable=False),
    Column("exp", BigInteger, nullable=False),
    Column("nearness", Integer, nullable=False),  # to the artist: 0 signed by her, 1 by a delegate, 2 by a listener
    Index("trust_live_subjects", "sub", "tier", "nearness", "seq"),
)

trust_checkpoints = Table(
    "trust_checkpoints",
    metadata,
    Column("event", String(71), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Index("trust_checkpoints_newest", "received_at"),
)

_SQLITE = """CREATE TRIGGER IF NOT EXISTS trust_log_{deed} BEFORE {deed} ON trust_log
 BEGIN SELECT RAISE(ABORT, 'entries of the grant log stay as they are'); END"""
_POSTGRESQL_FUNCTION = """CREATE OR REPLACE FUNCTION trust_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
 BEGIN RAISE EXCEPTION 'entries of the grant log stay as they are'; END $$"""
_POSTGRESQL = """CREATE TRIGGER trust_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON trust_log
 FOR EACH STATEMENT EXECUTE FUNCTION trust_log_stays()"""


def _when_made(statement: str, dialect: str) -> None:
    ddl: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(trust_log, "after_create", ddl.execute_if(dialect=dialect))


for _deed in ("UPDATE", "DELETE"):
    _when_made(_SQLITE.format(deed=_deed), "sqlite")
for _statement in (_POSTGRESQL_FUNCTION, _POSTGRESQL):
    _when_made(_statement, "postgresql")
