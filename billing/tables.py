"""The ledger, wallets and holds; prices, splits, receipts.

The database itself refuses to change or delete what was posted, to add to it, and to take in what does
not balance: entries come first, then their transaction, which seals them.
"""

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy import event as events
from sqlalchemy import text as clause
from sqlalchemy.schema import ExecutableDDLElement

metadata = MetaData()

ID_CHARS = 160
_Count = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only what it calls INTEGER


def _index_where(name: str, *columns: str, where: str) -> Index:
    """Give an index over the rows that meet a condition, on both databases."""
    return Index(name, *columns, sqlite_where=clause(where), postgresql_where=clause(where))


ledger_accounts = Table(
    "ledger_accounts",
    metadata,
    Column("name", String(ID_CHARS), primary_key=True),
    Column("opened_at", BigInteger, nullable=False),  # Unix milliseconds, here and below
)

ledger_transactions = Table(
    "ledger_transactions",
    metadata,
    Column("seq", _Count, primary_key=True, autoincrement=True),
    Column("id", String(ID_CHARS), nullable=False, unique=True),  # chosen by who posts
    Column("kind", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),  # of kind, entries and about: the same id never says two things
    Column("about", Text, nullable=False),  # JSON: what it was for
    Index("ledger_transactions_times", "at"),
    sqlite_autoincrement=True,
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column(
        "transaction_id",
        String(ID_CHARS),
        ForeignKey("ledger_transactions.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("account", String(ID_CHARS), ForeignKey("ledger_accounts.name"), nullable=False),
    Column("micros", BigInteger, CheckConstraint("micros <> 0"), nullable=False),  # debit above zero, credit below
    Index("ledger_entries_accounts", "account", "transaction_id"),
)

# The chain follows the commit: who follows it up gives each transaction its place and its hash.
ledger_chain = Table(
    "ledger_chain",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)

wallets = Table(
    "wallets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(ID_CHARS), nullable=False, unique=True),
    Column("posted", BigInteger, nullable=False),  # what was paid in and not spent
    Column("held", BigInteger, nullable=False),  # of it, set aside
    Column("gift", BigInteger, nullable=False),  # what was given and not spent
    Column("gift_held", BigInteger, nullable=False),
    Column("gift_expires_at", BigInteger),
    Column("frozen_because", String(200)),
    Column("day_max", BigInteger),
    Column("month_max", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("held >= 0 AND posted >= held", name="wallets_cover_what_is_set_aside"),
    CheckConstraint("gift_held >= 0 AND gift >= gift_held", name="gifts_cover_what_is_set_aside"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", String(ID_CHARS), primary_key=True),
    Column("owner", String(ID_CHARS), nullable=False),
    Column("wallet", String(32), ForeignKey("wallets.id")),  # null where nothing but a free place is held
    Column("micros", BigInteger, nullable=False),
    Column("gift_micros", BigInteger, nullable=False),
    Column("free", String(64)),  # which free place it takes, such as first or month 2026-11
    # From where, for the places that are free to newcomers; for what is paid, who spends by an allowance.
    Column("client", String(64)),
    Column("state", String(8), nullable=False),
    Column("placed_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("captured", BigInteger, nullable=False),
    CheckConstraint("state IN ('pending', 'captured', 'released', 'expired')", name="holds_have_a_state"),
    CheckConstraint("captured >= 0 AND captured <= micros + gift_micros", name="holds_bound_what_is_captured"),
    CheckConstraint("micros >= 0 AND gift_micros >= 0", name="holds_are_not_below_zero"),
    # Each index holds only the rows that are looked for by it: what was paid long ago costs no page of any.
    _index_where("holds_pending", "expires_at", where="state = 'pending'"),
    _index_where("holds_wallets", "wallet", where="state = 'pending'"),
    _index_where("holds_free", "owner", "free", where="free IS NOT NULL"),
    _index_where("holds_newcomers", "free", "placed_at", where="free IS NOT NULL"),
    _index_where("holds_allowances", "wallet", "client", "placed_at", where="client IS NOT NULL AND free IS NULL"),
)

# What a listener paid about one thing of the artist's: until it is hers to ask about.
owned = Table(
    "owned",
    metadata,
    Column("wallet", String(32), ForeignKey("wallets.id"), primary_key=True),
    Column("thing", String(ID_CHARS), primary_key=True),
    Column("paid", BigInteger, nullable=False),
    Column("is_bought", Integer, nullable=False),
)

price_lists = Table(
    "price_lists",
    metadata,
    Column("version", _Count, primary_key=True, autoincrement=True),
    Column("prices", Text, nullable=False),  # as the artist wrote them, checked
    Column("at", BigInteger, nullable=False),
)

parties = Table(
    "parties",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("word_sha256", String(64), unique=True),  # of the word in the link by which she accepts and sees
    Column("created_at", BigInteger, nullable=False),
)

witnesses = Table(
    "witnesses",
    metadata,
    Column("party", String(32), ForeignKey("parties.id"), primary_key=True),
    Column("name", String(ID_CHARS), nullable=False, unique=True),  # in front of her cosignatures
    Column("public_key", String(64), nullable=False),  # of Ed25519, in hexadecimal
    Column("at", BigInteger, nullable=False),
)

splits = Table(
    "splits",
    metadata,
    Column("version", _Count, primary_key=True, autoincrement=True),
    Column("scope", String(ID_CHARS), nullable=False),  # node, release:ID or note:ID
    Column("shares", Text, nullable=False),  # JSON: party to hundredths of a percent
    Column("at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("splits_scopes", "scope", "version"),
)

split_parties = Table(
    "split_parties",
    metadata,
    Column("version", BigInteger, ForeignKey("splits.version"), primary_key=True, autoincrement=False),
    Column("party", String(32), primary_key=True),
    Column("share", Integer, nullable=False),
    Column("accepted_at", BigInteger),
)

receipts = Table(
    "receipts",
    metadata,
    Column("seq", _Count, primary_key=True, autoincrement=True),
    Column("id", String(ID_CHARS), nullable=False, unique=True),
    Column("owner", String(ID_CHARS), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON, as it was signed: this is what the public log holds
    Column("signature", String(88), nullable=False),
    Column("salts", Text, nullable=False),  # JSON: what opens the commitments, for the payer alone
    Index("receipts_owners", "owner", "seq"),
)

# A leaf for each receipt, given when a batch is published.
receipt_leaves = Table(
    "receipt_leaves",
    metadata,
    Column("leaf", BigInteger, primary_key=True, autoincrement=False),
    Column("receipt", BigInteger, ForeignKey("receipts.seq"), nullable=False, unique=True),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("note", Text, nullable=False),  # signed, as it is served; cosignatures are added
    Column("at", BigInteger, nullable=False),
)

STAYS = ("ledger_transactions", "ledger_entries", "ledger_chain", "price_lists", "receipts", "receipt_leaves")
"""Tables of which no row is ever changed or deleted."""

_REFUSAL = "what was posted stays as it is"
_SQLITE_STAYS = f"""CREATE TRIGGER IF NOT EXISTS {{table}}_{{deed}} BEFORE {{deed}} ON {{table}}
 BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
_SQLITE_SEALED = """CREATE TRIGGER IF NOT EXISTS ledger_entries_sealed BEFORE INSERT ON ledger_entries
 WHEN EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id)
 BEGIN SELECT RAISE(ABORT, 'a posted transaction takes no further entry'); END"""
_SQLITE_BALANCED = """CREATE TRIGGER IF NOT EXISTS ledger_transactions_balance BEFORE INSERT ON ledger_transactions
 WHEN (SELECT coalesce(sum(micros), 1) FROM ledger_entries WHERE transaction_id = NEW.id) <> 0
 BEGIN SELECT RAISE(ABORT, 'the entries of a transaction do not balance'); END"""
_POSTGRESQL_STAYS_FUNCTION = f"""CREATE OR REPLACE FUNCTION money_stays() RETURNS trigger LANGUAGE plpgsql AS $$
 BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"""
_POSTGRESQL_STAYS = """CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
 FOR EACH STATEMENT EXECUTE FUNCTION money_stays()"""
_POSTGRESQL_SEALED_FUNCTION = """CREATE OR REPLACE FUNCTION ledger_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
 BEGIN
 IF EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id) THEN
 RAISE EXCEPTION 'a posted transaction takes no further entry'; END IF;
 RETURN NEW; END $$"""
_POSTGRESQL_SEALED = """CREATE TRIGGER ledger_entries_sealed BEFORE INSERT ON ledger_entries
 FOR EACH ROW EXECUTE FUNCTION ledger_sealed()"""
_POSTGRESQL_BALANCE_FUNCTION = """CREATE OR REPLACE FUNCTION ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $$
 BEGIN
 IF (SELECT coalesce(sum(micros), 1) FROM ledger_entries WHERE transaction_id = NEW.id) <> 0 THEN
 RAISE EXCEPTION 'the entries of a transaction do not balance'; END IF;
 RETURN NEW; END $$"""
_POSTGRESQL_BALANCED = """CREATE TRIGGER ledger_transactions_balance BEFORE INSERT ON ledger_transactions
 FOR EACH ROW EXECUTE FUNCTION ledger_balance()"""


def _when_made(table: Table, text: str, dialect: str) -> None:
    ddl: ExecutableDDLElement = DDL(text)  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
    events.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def _guard() -> None:
    for name in STAYS:
        table = metadata.tables[name]
        for deed in ("UPDATE", "DELETE"):
            _when_made(table, _SQLITE_STAYS.format(table=name, deed=deed), "sqlite")
        _when_made(table, _POSTGRESQL_STAYS_FUNCTION, "postgresql")
        _when_made(table, _POSTGRESQL_STAYS.format(table=name), "postgresql")
    for text in (_SQLITE_SEALED, _SQLITE_BALANCED):
        _when_made(ledger_entries, text, "sqlite")
    for text in (_POSTGRESQL_SEALED_FUNCTION, _POSTGRESQL_SEALED):
        _when_made(ledger_entries, text, "postgresql")
    for text in (_POSTGRESQL_BALANCE_FUNCTION, _POSTGRESQL_BALANCED):
        _when_made(ledger_transactions, text, "postgresql")


_guard()
