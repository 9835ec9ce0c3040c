"""What the doctor sees of an open node: database, indexes, writer, keys, the two logs, money, mail, cards, clock."""

import time
from collections.abc import Iterator
from functools import partial

from sqlalchemy import func, select, text

from billing.audit import audit
from billing.cards.errors import CardsAway, CardsRefused
from billing.chain import follow_up
from billing.errors import LogRewound
from models import Fallback
from presence.bootstrap import Services
from presence.errors import MailUndelivered
from presence.migrations import head as newest_revision
from presence.paying.signatures import is_signed_by
from presence.sight.checked import Check, Checked
from presence.sight.outside import CLOCK_MIN
from presence.tables import questions
from presence.telling.mail import mail_server
from trustgraph import Key, Tier

INTEGRITY_MAX = 5
"""So many faults of a database are told; there are never few."""
ENDS_SOON_SECONDS = 30 * 24 * 3600
DAY_SECONDS = 24 * 3600
CLOCK_SECONDS = 60
RESTORE = "Stop the node, keep a copy of what is there, and restore the newest backup."
ROLES = {
    "presence": "what it says is not signed, and nothing can be paid",
    "till": "who pays is not let in",
    "door": "nobody is let in by links or requests",
}
"""What does not happen without the key of a role."""


def inside_checks(services: Services) -> dict[str, Check]:
    """Give what can be looked at in an open node."""
    checks = {
        "database": _database,
        "indexes": _indexes,
        "writer": _writer,
        "trust": _trust,
        "keys": _keys,
        "ledger": _ledger,
        "receipts": _receipts,
        "mail": _mail,
        "cards": _cards,
        "clock": _clock,
        "reports": _reports,
        "voice": _voice,
    }
    return {name: partial(check, services) for name, check in checks.items()}


def _database(services: Services) -> Iterator[Checked]:
    dialect, faults = services.database.dialect, list[str]()
    with services.database.records() as records:
        if dialect == "sqlite":
            faults = [str(row[0]) for row in records.execute(text(f"PRAGMA integrity_check({INTEGRITY_MAX})"))]
            torn = records.execute(text("PRAGMA foreign_key_check")).all()
            faults = [fault for fault in faults if fault != "ok"] + [f"torn off: {row[0]}" for row in torn]
        revision = records.execute(text("SELECT version_num FROM alembic_version")).scalar()
    for fault in faults[:INTEGRITY_MAX]:
        yield Checked("database", "wrong", f"The database is damaged: {fault}.", RESTORE)
    if revision != newest_revision():
        said = f"The database is of revision {revision}, this program of {newest_revision()}."
        yield Checked("database", "wrong", said, "Start the node again with one version of the program.")
    elif not faults:
        yield Checked("database", "ok", f"{dialect}, whole, revision {revision}.")


def _indexes(services: Services) -> Iterator[Checked]:
    found = services.library.check()
    for one in found:
        yield Checked("indexes", "wrong", one.sentence, "" if one.healed else "presence reindex")
    if services.library.is_index_away:
        do = "Start the Chroma server again, or look at PRESENCE_CHROMA_URL and at the folder chroma/ in the home."
        yield Checked("indexes", "wrong", services.library.words_alone_reason or "", do)
        return
    if (reason := services.library.words_alone_reason) is not None:
        yield Checked("indexes", "note", f"Notes are found by their words alone: {reason}", "presence reindex")
    if (moving := services.library.embedding) is not None:
        yield Checked("indexes", "note", f"Passages are embedded anew: {moving.done:,} of {moving.whole:,}.")
    if not found:
        yield Checked("indexes", "ok", "They hold what the database holds.")


def _writer(services: Services) -> Iterator[Checked]:
    if isinstance(services.writer, Fallback) and (reason := services.writer.awaited()) is not None:
        do = "Answers are quoted meanwhile. presence models list names what is installed."
        yield Checked("writer", "wrong", f"The language model does not write: {reason}", do)
    else:
        yield Checked("writer", "ok", f"{services.writer.name} writes.")


def _trust(services: Services) -> Iterator[Checked]:
    wrong = services.trust.check()
    for sentence in wrong:
        yield Checked("trust", "wrong", sentence, "presence keys sign-head, with your key, once you know why.")
    if not wrong:
        yield Checked("trust", "ok", f"The log of trust is whole, {services.trust.head[0]:,} entries.")


def _keys(services: Services) -> Iterator[Checked]:
    if services.trust.doubt is not None:
        return  # no right can be read then
    if services.trust.keys.root is None:
        yield Checked("keys", "note", "There is no key of the artist here yet.", "presence init makes one.")
        return
    for role, without in ROLES.items():
        key: Key | None = getattr(services.node_keys, role)
        if key is None:
            yield Checked("keys", "note", f"There is no key for {role}: {without}.", "presence keys renew")
        else:
            yield _right(services, role, key, without)


def _right(services: Services, role: str, key: Key, without: str) -> Checked:
    right = services.trust.delegated(role, key.did)
    if right is None:
        return Checked("keys", "wrong", f"The key for {role} has no right any more: {without}.", "presence keys renew")
    days = int((right.exp - services.trust.now()) // DAY_SECONDS)
    if right.exp - services.trust.now() < ENDS_SOON_SECONDS:
        return Checked("keys", "note", f"The right of the key for {role} ends in {days} days.", "presence keys renew")
    return Checked("keys", "ok", f"The key for {role} has its right for {days:,} days.")


def _ledger(services: Services) -> Iterator[Checked]:
    follow_up(services.paying.lane)
    found = audit(services.database.snapshot, is_signed_by)
    for sentence in found.wrong[:INTEGRITY_MAX]:
        yield Checked(
            "ledger", "wrong", sentence, "presence ledger verify tells all of it. Take no money until it is clear."
        )
    if not found.wrong:
        said = f"{found.transactions:,} transactions of {found.wallets:,} wallets, {found.receipts:,} receipts agree."
        yield Checked("ledger", "ok", said)


def _receipts(services: Services) -> Iterator[Checked]:
    if services.paying.public is None:
        return
    try:
        published = services.paying.public.publish()
    except LogRewound as error:
        do = "The database is older than what was published: restore the newer one. Receipts wait until then."
        yield Checked("receipts", "wrong", f"The public log of receipts cannot go on: {error}", do)
        return
    size = 0 if published is None else published.size
    yield Checked("receipts", "ok", f"The public log holds {size:,} receipts.")


def _mail(services: Services) -> Iterator[Checked]:
    url = services.settings.smtp_url
    if url is None:
        yield Checked("mail", "note", "No mail is sent from here.", "PRESENCE_SMTP_URL names a mail server.")
        return
    try:
        mail_server(url.get_secret_value(), services.settings.mail_from).greet()
    except MailUndelivered as error:
        yield Checked("mail", "wrong", str(error), "Look at PRESENCE_SMTP_URL, and at the mail server itself.")
    else:
        yield Checked("mail", "ok", "The mail server takes our letters.")


def _cards(services: Services) -> Iterator[Checked]:
    if services.cards is None:
        return
    try:
        is_live = services.cards.cards.processor.look()
    except (CardsAway, CardsRefused) as error:
        do = "Look at PRESENCE_BILLING__STRIPE_KEY and at the connection; what is in wallets can still be spent."
        yield Checked("cards", "wrong", f"Stripe does not answer as it should: {error}", do)
    else:
        yield Checked("cards", "ok", f"Stripe answers, with {'real' if is_live else 'test'} money.")
    if services.settings.billing.stripe_webhook_secret is None:
        do = "Set PRESENCE_BILLING__STRIPE_WEBHOOK_SECRET; until then payments are seen when it is looked for them."
        yield Checked("cards", "wrong", "Stripe's messages cannot be believed: their secret is not set.", do)
    for _, sentence, _ in services.cards.cards.alarms():
        yield Checked("cards", "wrong", sentence, "presence ledger alarms tells more.")


def _clock(services: Services) -> Iterator[Checked]:
    now = time.time()
    with services.database.records() as records:
        newest = records.execute(select(func.max(questions.c.created_at))).scalar() or 0.0
    if now < max(CLOCK_MIN, newest - CLOCK_SECONDS):
        said = (
            f"This machine's clock says {time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))} UTC, which is over already."
        )
        yield Checked("clock", "wrong", said, "Set it, and let it be kept by NTP: trust and prices go by it.")
    else:
        yield Checked("clock", "ok", f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))} UTC.")


def _voice(services: Services) -> Iterator[Checked]:
    wrong = services.personas.check()
    for sentence in wrong:
        yield Checked("voice", "wrong", sentence, "Until it is put right, what it said before holds.")
    if not wrong:
        voice = services.personas.at(int(Tier.PUBLIC)).voice
        yield Checked("voice", "ok", f"The presence speaks in the {voice} voice.")


def _reports(services: Services) -> Iterator[Checked]:
    if count := services.reports.open_count():
        said = "1 reported answer waits." if count == 1 else f"{count:,} reported answers wait."
        yield Checked("reports", "note", said, "presence reports list")
