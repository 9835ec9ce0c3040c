"""What subscriptions entitle to: to the end of the last period whose payment stands.

A payment stands until all of it was paid back, or until it is disputed; a dispute that is won lets it
stand again. It is worked out anew from what is written down each time, so that no order of the
processor's messages makes a difference, and what could not be done then is done later.
"""

import threading
from collections.abc import Callable

from billing.cards.alarms import alarm
from billing.cards.payments import Cards
from billing.plain import Plain, statement

TRIES_MAX = 5
Entitle = Callable[[str, int], str | None]
"""Told whom payments entitle, and until when (Unix seconds; 0 where nothing stands). Gives a sentence that
says why that could not be done, or None; raises nothing."""

_PERIOD = statement(
    """INSERT INTO supporter_periods (payment, owner, ends_at) VALUES (:payment, :owner, :ends)
 ON CONFLICT (payment) DO NOTHING"""
)
_IS_KNOWN = statement("SELECT 1 FROM supporter_periods WHERE payment = :payment")
_STANDS = statement(
    """SELECT coalesce(max(s.ends_at), 0) FROM supporter_periods s LEFT JOIN card_payments p ON p.id = s.payment
 WHERE s.owner = :owner AND (p.id IS NULL OR (p.state = 'paid'
 AND NOT EXISTS (SELECT 1 FROM card_disputes d WHERE d.payment = p.id AND d.state IN ('needs_response',
 'under_review', 'warning_needs_response', 'warning_under_review', 'lost'))
 AND p.micros + p.tax_micros > (SELECT coalesce(sum(r.micros), 0) FROM card_refunds r
 WHERE r.payment = p.id AND r.state <> 'failed')))"""
)
_IS_TO_BE = statement(
    """INSERT INTO supporters (owner, until, told) VALUES (:owner, :until, NULL)
 ON CONFLICT (owner) DO UPDATE SET until = excluded.until, told = NULL"""
)
_IS_DONE = statement("UPDATE supporters SET told = :until WHERE owner = :owner AND until = :until")
_NOT_DONE = statement("SELECT owner FROM supporters WHERE told IS NULL ORDER BY owner")
_UNTIL = statement("SELECT until FROM supporters WHERE owner = :owner")


def bought(plain: Plain, payment: str, owner: str, ends_at: int) -> None:
    """Write down to when (Unix seconds) a payment pays; once for each payment."""
    plain.run(_PERIOD, payment=payment, owner=owner, ends=ends_at)


class Entitlements:
    """Who is entitled until when. Thread-safe."""

    def __init__(self, cards: Cards, entitle: Entitle) -> None:
        self._cards = cards
        self._entitle = entitle
        self._in_turn = threading.Lock()

    def settle(self, owner: str) -> None:
        """Work out what somebody is entitled to, and have it done; what could not be is an alarm, and tried again."""
        with self._in_turn:  # what is worked out first is told first
            for _ in range(TRIES_MAX):
                until = self._cards.run(lambda plain: _worked_out(plain, owner))
                why = self._entitle(owner, until)
                if why is not None or self._is_done(owner, until):
                    break  # or another process worked out something else meanwhile, and was told before or after this
            if why is not None:
                at, is_over = self._cards.millis(), until <= self._cards.seconds()
                has = "was paid back or disputes it, and is let in still" if is_over else "has paid and is not let in"
                sentence = f"{owner} {has}: {why}"
                self._cards.run(lambda plain: alarm(plain, f"supporter:{owner}:{until}", sentence, at))

    def _is_done(self, owner: str, until: int) -> bool:
        return bool(self._cards.run(lambda plain: plain.run(_IS_DONE, owner=owner, until=until)))

    def knows(self, payment: str) -> bool:
        """Whether it is written down to when a payment pays."""
        return self._cards.read(lambda plain: plain.row(_IS_KNOWN, payment=payment)) is not None

    def has_paid(self, owner: str) -> bool:
        """Whether anything that somebody paid stands, however long ago it was over."""
        row = self._cards.read(lambda plain: plain.row(_UNTIL, owner=owner))
        return row is not None and bool(row[0])

    def sweep(self) -> None:
        """Try again what could not be done, or was broken off."""
        for (owner,) in self._cards.read(lambda plain: plain.rows(_NOT_DONE)):
            self.settle(owner)


def _worked_out(plain: Plain, owner: str) -> int:
    row = plain.row(_STANDS, owner=owner)
    until = int(row[0]) if row else 0
    plain.run(_IS_TO_BE, owner=owner, until=until)
    return until
