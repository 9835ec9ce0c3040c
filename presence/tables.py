"""What the house keeps itself: sessions, people and their ways in, offers, questions and their answers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine.default import DefaultExecutionContext

metadata = MetaData()


def _process(context: DefaultExecutionContext) -> int | None:
    """Give the process whose connection this is, as `presence.database` named it."""
    process: int | None = context.execution_options.get("process")
    return process


sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("preview_tier", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),  # Unix seconds
)

offers = Table(
    "offers",
    metadata,
    Column("id", String, primary_key=True),
    Column("act", String, nullable=False),
    Column("question_sha256", String(64), nullable=False),
    Column("price_micros", Integer, nullable=False),
    Column("ceiling_micros", Integer, nullable=False),
    Column("version", String, nullable=False),
    Column("terms", Text, nullable=False),  # the whole offer, as JSON
    Column("tier", Integer, nullable=False),
    Column("expires_at", Float, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("listener", String, nullable=False),
    Column("act", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("tier", Integer, nullable=False),  # the standing it was asked with
    Column("sources_tier", Integer, nullable=False),  # the highest tier of what the answer quotes
    Column("price_micros", Integer, nullable=False),
    Column("idempotency_key", String),
    Column("body_sha256", String(64), nullable=False),
    Column("conversation", String),  # the id of its first question
    Column("thing", String),  # the opaque id of a row of what an act is about
    Column("repeat_sha256", String(64)),  # all that the answer rests on (`presence.asking.repeats`)
    Column("writer", String, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Column("outcome", String),
    Column("process", Integer, default=_process),  # that writes it; null where there is one alone
    UniqueConstraint("listener", "idempotency_key"),
    Index("questions_unfinished", "finished_at"),
    Index("questions_repeated", "listener", "repeat_sha256"),
    Index("questions_by_conversation", "listener", "conversation"),
    Index("questions_by_day", "listener", "created_at"),
)

answer_events = Table(
    "answer_events",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Column("tier", Integer, nullable=False, server_default="0"),  # the highest of what this step rests on
)

# What an answer rests on, by the ids of `knowledge`: a passage or a row, and the document that holds it.
citations = Table(
    "citations",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),  # passage or fact
    Column("document_id", String, nullable=False),
    Column("source_id", String, nullable=False),  # of the passage or the row
    Index("citations_by_document", "document_id"),
)

# Questions that listeners gave to the artist.
inbox = Table(
    "inbox",
    metadata,
    Column("question_id", ForeignKey("questions.id"), primary_key=True),
    Column("with_name", Boolean, nullable=False),
    Column("forwarded_at", Float, nullable=False),
    Column("state", String, nullable=False),  # open, answered, dismissed, corrected
    Column("document_id", String),  # the note that answers it
    Index("inbox_by_state", "state"),
)

# What a client has to sign to prove that it holds a key; each works once.
challenges = Table(
    "challenges",
    metadata,
    Column("nonce_sha256", String(64), primary_key=True),
    Column("expires_at", Float, nullable=False),
)

# A listener who proved a key. The tier is no part of it: it is read from the signed grants each time.
listener_sessions = Table(
    "listener_sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("did", String(71), nullable=False),
    Column("how", String(8), nullable=False),  # key, or mail: a key that the node holds for her
    Column("began_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index("listener_sessions_by_did", "did"),
)

# Keys for programs, and the short-lived ones of embedded rooms.
bearer_keys = Table(
    "bearer_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("did", String(71), nullable=False),
    Column("label", String(80), nullable=False),
    Column("kind", String(8), nullable=False),  # program or embed
    Column("tier_max", Integer, nullable=False),
    Column("questions_per_day", Integer),
    Column("origin", String(255)),  # where an embed may be used from
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
    Column("spend_micros_per_day", BigInteger),  # of her wallet; null is as much as she may herself
    Index("bearer_keys_by_did", "did"),
)

# Nonces of signed requests, kept as long as such a request could be sent again.
request_nonces = Table(
    "request_nonces",
    metadata,
    Column("nonce_sha256", String(64), primary_key=True),
    Column("expires_at", Float, nullable=False),
)

# Addresses are kept as keyed hashes (`mailbox`): enough to know one again, not to write to anybody.
mail_links = Table(
    "mail_links",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("mailbox", String(64), nullable=False),
    Column("expires_at", Float, nullable=False),
)

held_keys = Table(
    "held_keys",
    metadata,
    Column("mailbox", String(64), primary_key=True),
    Column("did", String(71), nullable=False, unique=True),
    Column("seed", Text, nullable=False),  # sealed with the node's secret
    Column("made_at", Float, nullable=False),
    Column("moved_to", String(71)),  # her own key, once she brought one
)

# Mail that waits to be sent; sealed with the node's secret, deleted once it is sent.
outbox = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("about", String(60)),  # whose, and of which kind: so that it can be taken back
    Index("outbox_by_time", "next_at"),
)

# Names that people gave themselves, or the artist gave them: unsigned, and no proof of anything.
people = Table(
    "people",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("changed_at", Float, nullable=False),
)

follow_requests = Table(
    "follow_requests",
    metadata,
    Column("did", String(71), primary_key=True),
    Column("words", String(400), nullable=False),
    Column("tier", Integer, nullable=False),  # what is asked for; above follower only where a place was kept
    Column("requested_at", Float, nullable=False),
    Column("state", String(10), nullable=False),  # open, let_in, dismissed
    Index("follow_requests_by_state", "state", "requested_at"),
)

# Links and codes by which the door key lets people in.
invites = Table(
    "invites",
    metadata,
    Column("id", String, primary_key=True),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("label", String(80), nullable=False),
    Column("people_max", Integer, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("closed_at", Float),
)

invite_takers = Table(
    "invite_takers",
    metadata,
    Column("invite_id", ForeignKey("invites.id"), primary_key=True),
    Column("did", String(71), primary_key=True),
    Column("taken_at", Float, nullable=False),
)

# A place kept for an address until its owner comes.
places = Table(
    "places",
    metadata,
    Column("mailbox", String(64), primary_key=True),
    Column("tier", Integer, nullable=False),
    Column("label", String(80), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("taken_by", String(71)),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("credential_id", String(1400), primary_key=True),  # base64url
    Column("whose", String(71), nullable=False),  # operator, or a listener's did
    Column("public_key", Text, nullable=False),  # COSE, base64url
    Column("sign_count", Integer, nullable=False),
    Column("wrapped_key", Text),  # her key, sealed in her browser with what only her passkey gives
    Column("made_at", Float, nullable=False),
    Index("passkeys_by_owner", "whose"),
)

# What the artist set for each tier; what is not set is as `people.terms` says.
tier_terms = Table(
    "tier_terms",
    metadata,
    Column("tier", Integer, primary_key=True, autoincrement=False),
    Column("terms", Text, nullable=False),  # JSON
)

# The artist's other rules, by name.
rules = Table(
    "rules",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

# Answers that listeners reported. Who did is not kept: an answer is read by whom it was given to.
reports = Table(
    "reports",
    metadata,
    Column("question_id", ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", String(10), nullable=False),
    Column("words", String(500), nullable=False),
    Column("reported_at", Float, nullable=False),
    Column("closed_at", Float),
    Column("closed_because", String(500)),  # as the listener reads it
    Index("reports_by_time", "closed_at", "reported_at"),
)

# How many questions came from one address in a day, of those who are not let in; the address is a keyed hash.
client_days = Table(
    "client_days",
    metadata,
    Column("client", String(64), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970, UTC
    Column("questions", Integer, nullable=False),
)

# Answers that a listener let others see, by an address that cannot be guessed.
shared_answers = Table(
    "shared_answers",
    metadata,
    Column("question_id", ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True),
    Column("token", String(43), nullable=False, unique=True),
    Column("shared_at", Float, nullable=False),
)

report_tables = (reports, client_days)
"""What came with reports and limits of the day, for the migration."""

trust_tables = (
    challenges,
    listener_sessions,
    bearer_keys,
    request_nonces,
    mail_links,
    held_keys,
    outbox,
    people,
    follow_requests,
    invites,
    invite_takers,
    places,
    passkeys,
    tier_terms,
    rules,
)
"""What came with signed trust, for the migration."""
