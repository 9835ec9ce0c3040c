"""The processor's messages: checked, written down, answered; then looked into, one by one.

A message is only believed to say that something changed. It is done when what it names was read again.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import stripe
from sqlalchemy import Connection

from billing.cards.alarms import alarm
from billing.cards.errors import WebhookRefused
from billing.cards.payments import Cards
from billing.cards.subscriptions import Subscriptions
from billing.contracts import Snapshots, WriteLane
from billing.errors import BillingError
from billing.plain import Plain, statement

TOLERANCE_S = 300
BODY_BYTES_MAX = 256 * 1024
TRIES_MAX = 10
AT_ONCE = 100
FIRST_PAUSE_MS = 5_000
SWEEP_S = 3 * 24 * 3600
FIRST_SWEEP_S = 29 * 24 * 3600
"""The processor keeps its messages for thirty days: a node that was away looks at all of them once."""

_KEEP = statement(
    """INSERT INTO card_inbox (id, kind, object_id, received_at, next_at, tries)
 VALUES (:id, :kind, :object, :at, :at, 0) ON CONFLICT (id) DO NOTHING"""
)
_DUE = statement(
    """SELECT id, kind, object_id, tries FROM card_inbox WHERE next_at IS NOT NULL AND next_at <= :at
 ORDER BY received_at, id LIMIT :most"""
)
_DONE = statement("UPDATE card_inbox SET next_at = NULL, why = NULL, tries = :tries WHERE id = :id")
_LATER = statement("UPDATE card_inbox SET next_at = :next, tries = :tries, why = :why WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Message:
    """What a webhook says, in either of its styles."""

    ident: str
    kind: str
    object_id: str


class Inbox:
    """Takes webhooks in and works through them. Thread-safe."""

    def __init__(
        self,
        cards: Cards,
        snapshots: Snapshots,
        lane: WriteLane,
        secrets: Sequence[str],
        now: Callable[[], float] = time.time,
        subscriptions: Subscriptions | None = None,
    ) -> None:
        self.cards = cards
        self.subscriptions = subscriptions
        self._snapshots = snapshots
        self._lane = lane
        self._secrets = [secret for secret in secrets if secret]
        self._now = now
        self._has_swept = False

    def receive(self, payload: bytes, signature: str | None) -> bool:
        """Check a webhook and write it down; False where it was here before. Raises `WebhookRefused`."""
        if len(payload) > BODY_BYTES_MAX:
            raise WebhookRefused("This message is too long.")
        self._check_signed(payload, signature)
        message = self._read(payload)
        row = {"id": message.ident, "kind": message.kind, "object": message.object_id, "at": self._millis()}
        return bool(self._lane.run(lambda owner: Plain(owner).run(_KEEP, **row)))

    def work(self) -> int:
        """Look into every message that is due; give how many were done. One that fails is tried again later."""
        with self._snapshots() as connection:
            due = Plain(connection).rows(_DUE, at=self._millis(), most=AT_ONCE)
        done = 0
        for ident, kind, object_id, tries in due:
            try:
                self._look(kind, object_id)
            except (BillingError, KeyError) as error:
                self._later(ident, kind, tries + 1, str(error))
            else:
                self._lane.run(partial(_done, ident=ident, tries=tries + 1))
                done += 1
        return done

    def sweep(self) -> int:
        """Ask for the messages of the last days and take in what never arrived; give how many that were."""
        new = 0
        back_s = SWEEP_S if self._has_swept else FIRST_SWEEP_S
        for told in self.cards.processor.told_since(int(self._now()) - back_s):
            row = {"id": told.ident, "kind": told.kind, "object": told.object_id, "at": self._millis()}

            def keep(owner: Connection, row: dict[str, Any] = row) -> int:
                return Plain(owner).run(_KEEP, **row)

            new += self._lane.run(keep)
        self._has_swept = True
        return new

    def _look(self, kind: str, object_id: str) -> None:
        family = kind.removeprefix("v1.").rpartition(".")[0]
        cards = self.cards
        looks: dict[str, Callable[[str], object]] = {
            "checkout.session": cards.fulfil,
            "checkout.session.async_payment": cards.fulfil,
            "payment_intent": cards.look_at_intent,
            "charge": cards.look_at_charge,
            "refund": cards.look_at_refund,
            "charge.refund": cards.look_at_refund,
            "charge.dispute": cards.look_at_dispute,
            "payout": cards.look_at_payout,
            "radar.early_fraud_warning": cards.look_at_warning,
        }
        if self.subscriptions is not None:
            looks |= {
                "customer.subscription": self.subscriptions.look_at,
                "invoice": self.subscriptions.look_at_invoice,
            }
        look = looks.get(family)
        if look is not None:
            look(object_id)

    def _later(self, ident: str, kind: str, tries: int, why: str) -> None:
        at = self._millis()
        next_at = None if tries >= TRIES_MAX else at + FIRST_PAUSE_MS * 2**tries

        def keep(owner: Connection) -> None:
            plain = Plain(owner)
            plain.run(_LATER, id=ident, next=next_at, tries=tries, why=why[:1000])
            if next_at is None:
                sentence = f"A message of the payment service ({kind}) could not be looked into: {why}"
                alarm(plain, f"message:{ident}", sentence, at)

        self._lane.run(keep)

    def _check_signed(self, payload: bytes, signature: str | None) -> None:
        if not self._secrets:
            raise WebhookRefused("This presence has no secret to check messages with.")
        for secret in self._secrets:
            try:
                stripe.WebhookSignature.verify_header(payload.decode(), signature or "", secret, TOLERANCE_S)
            except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
                continue
            if _signed_at(signature or "") > self._now() + TOLERANCE_S:
                break  # the library looks at the past only
            return
        raise WebhookRefused("This message is not signed by the payment service, here and now.")

    def _read(self, payload: bytes) -> Message:
        try:
            event = json.loads(payload)
            thing = event.get("related_object") or event["data"]["object"]
            message = Message(str(event["id"]), str(event["type"]), str(thing["id"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WebhookRefused("This message cannot be read.") from error
        if bool(event.get("livemode")) != self.cards.processor.is_live:
            raise WebhookRefused("This message is of the other mode: test and live do not mix.")
        if event.get("account") is not None or (event.get("context") is not None):
            raise WebhookRefused("This message is of another account.")
        return message

    def _millis(self) -> int:
        return int(self._now() * 1000)


def _done(owner: Connection, ident: str, tries: int) -> int:
    return Plain(owner).run(_DONE, id=ident, tries=tries)


def _signed_at(signature: str) -> int:
    fields = dict(part.partition("=")[::2] for part in signature.split(","))
    try:
        return int(fields.get("t", "0"))
    except ValueError:
        return 0
