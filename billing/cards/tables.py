"""Payments from outside, what was paid back and disputed, subscriptions, and the processor's messages."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from billing.tables import ID_CHARS, metadata

__all__ = ["metadata"]

card_payments = Table(
    "card_payments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(ID_CHARS), nullable=False),
    Column("purpose", String(16), nullable=False),  # top_up or tip
    Column("micros", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),  # created, paid, suspense, expired, failed
    Column("session_id", String(ID_CHARS), unique=True),
    Column("intent_id", String(ID_CHARS), unique=True),
    Column("url", Text),
    Column("fee_micros", BigInteger),  # what the processor really took, once it says so
    Column("created_at", BigInteger, nullable=False),
    Column("paid_at", BigInteger),
    Column("is_auto", Integer, nullable=False, server_default="0"),
    Column("tax_micros", BigInteger, nullable=False, server_default="0"),  # collected on top of, or within, the price
    Index("card_payments_owners", "owner", "created_at"),
    Index("card_payments_states", "state", "created_at"),
)

card_refunds = Table(
    "card_refunds",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("payment", String(32), ForeignKey("card_payments.id"), nullable=False),
    Column("micros", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),  # asked, pending, succeeded, failed
    Column("refund_id", String(ID_CHARS), unique=True),
    Column("why", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("tax_micros", BigInteger, nullable=False, server_default="0"),  # how much of it was tax
    Index("card_refunds_payments", "payment"),
)

card_disputes = Table(
    "card_disputes",
    metadata,
    Column("id", String(ID_CHARS), primary_key=True),
    Column("payment", String(32), ForeignKey("card_payments.id"), nullable=False),
    Column("state", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("card_disputes_payments", "payment"),
)

card_inbox = Table(
    "card_inbox",
    metadata,
    Column("id", String(ID_CHARS), primary_key=True),  # of the event
    Column("kind", String(80), nullable=False),
    Column("object_id", String(ID_CHARS), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("next_at", BigInteger),  # null when it is done
    Column("tries", Integer, nullable=False),
    Column("why", Text),
    Index("card_inbox_due", "next_at"),
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", String(ID_CHARS), primary_key=True),
    Column("sentence", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
)

auto_top_ups = Table(
    "auto_top_ups",
    metadata,
    Column("owner", String(ID_CHARS), primary_key=True),
    Column("micros", BigInteger, nullable=False),
    Column("below", BigInteger, nullable=False),
    Column("month_max", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),  # off, waiting (for the first payment), on
    Column("payment", String(32), nullable=False),
    Column("customer", String(ID_CHARS)),
    Column("method", String(ID_CHARS)),
    Column("why", Text),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(ID_CHARS), nullable=False),
    Column("every", String(8), nullable=False),  # month or year
    Column("micros", BigInteger, nullable=False),
    Column("gift_micros", BigInteger, nullable=False),  # the allowance that each period brings
    Column("paid_by", String(8), nullable=False),  # card or wallet
    Column("state", String(24), nullable=False),  # created, then in the processor's words
    Column("processor_id", String(ID_CHARS), unique=True),
    Column("customer", String(ID_CHARS)),
    Column("period_end", BigInteger, nullable=False),  # Unix seconds
    Column("ends", Integer, nullable=False),  # it is not renewed
    Column("has_lapsed", Integer, nullable=False, server_default="0"),  # and whoever had it was told
    Column("tries_at", BigInteger, nullable=False),  # Unix seconds, of the next try after one that failed
    Column("created_at", BigInteger, nullable=False),
    Index("subscriptions_owners", "owner", "state"),
    Index("subscriptions_due", "paid_by", "state", "period_end"),
)

supporter_periods = Table(
    "supporter_periods",
    metadata,
    Column("payment", String(ID_CHARS), primary_key=True),  # an invoice's, or a transaction's of the wallet
    Column("owner", String(ID_CHARS), nullable=False),
    Column("ends_at", BigInteger, nullable=False),  # Unix seconds
    Index("supporter_periods_owners", "owner"),
)

supporters = Table(
    "supporters",
    metadata,
    Column("owner", String(ID_CHARS), primary_key=True),
    Column("until", BigInteger, nullable=False),  # Unix seconds; 0 where nothing that she paid stands
    Column("told", BigInteger),  # that `until`, once it was done; null while it was not
)
