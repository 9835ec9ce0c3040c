"""Passkeys: a way into the studio, and for listeners the lock on a copy of their key.

A listener's key comes here sealed with a secret that her passkey alone gives, in her browser. It is
given back to whoever shows that passkey, and is of no use without it. Which passkey it is, is only
said by what it signed: nobody names herself first.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from presence.database import Database
from presence.errors import PasskeyRefused, PasskeysFull, SignInRefused
from presence.sessions.origins import Origins
from presence.sessions.tokens import token_hash
from presence.tables import challenges, passkeys
from presence.write_lane import WriteLane

OPERATOR = "operator"
CHALLENGE_SECONDS = 300
PASSKEYS_MAX = 10
WRAPPED_CHARS_MAX = 400
CREDENTIAL_ID_CHARS_MAX = 1400
# The person, not only the device: a passkey's secret is another one where the person was not verified.
_VERIFIED = UserVerificationRequirement.REQUIRED
_OLD = "This request is older than five minutes, or was used already. Try again."


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that proved itself: whose it is, and the sealed key that it opens."""

    whose: str
    wrapped_key: str | None


class Passkeys:
    """Registers passkeys and takes their proofs."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        origins: Origins,
        called: Callable[[], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._origins = origins
        self._called = called
        self._now = now

    def to_register(self, whose: str, host: str) -> dict[str, Any]:
        """Give what a browser needs to make a passkey for somebody at one of our addresses."""
        known = self._known(whose)
        if len(known) >= PASSKEYS_MAX:
            raise PasskeysFull(PASSKEYS_MAX)
        artist = self._called()
        name = f"Studio of {artist}" if whose == OPERATOR else f"My key for {artist}"
        options = generate_registration_options(
            rp_id=self._origins.relying_party(host),
            rp_name=artist,
            user_name=name,
            user_id=bytes.fromhex(token_hash(whose)),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(ident)) for ident in known],
        )
        self._keep(options.challenge, f"register {whose}")
        return _as_json(options_to_json(options))

    def register(self, whose: str, host: str, credential: Mapping[str, Any], wrapped_key: str | None = None) -> None:
        """Take a new passkey in; raises `PasskeyRefused` for one that does not prove itself."""
        challenge = self._spent(credential, f"register {whose}", PasskeyRefused)
        try:
            verified = verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self._origins.relying_party(host),
                expected_origin=self._origins.all,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise PasskeyRefused("The passkey did not prove itself. Try again.") from error
        row = {
            "credential_id": bytes_to_base64url(verified.credential_id),
            "whose": whose,
            "public_key": bytes_to_base64url(verified.credential_public_key),
            "sign_count": verified.sign_count,
            "wrapped_key": wrapped_key,
            "made_at": self._now(),
        }
        if len(str(row["credential_id"])) > CREDENTIAL_ID_CHARS_MAX:
            raise PasskeyRefused("The name of this passkey is too long to be kept.")
        self._lane.run(lambda owner: _put(owner, row))

    def to_show(self, host: str, *, operator: bool = False) -> dict[str, Any]:
        """Give what a browser needs to show a passkey, whoever's it is."""
        options = generate_authentication_options(rp_id=self._origins.relying_party(host), user_verification=_VERIFIED)
        self._keep(options.challenge, _showing(operator=operator))
        return _as_json(options_to_json(options))

    def shown(self, host: str, credential: Mapping[str, Any], *, operator: bool = False) -> Shown:
        """Say whose passkey signed; raises `SignInRefused` for all that is not one of ours, used here and now."""
        challenge = self._spent(credential, _showing(operator=operator), SignInRefused)
        row = self._row(str(credential.get("id", "")))
        if row is None or (row.whose == OPERATOR) != operator:
            raise SignInRefused("This passkey is not known here. Was it made for something else?")
        try:
            verified = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self._origins.relying_party(host),
                expected_origin=self._origins.all,
                credential_public_key=base64url_to_bytes(row.public_key),
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise SignInRefused("The passkey did not prove itself. Try again.") from error
        if not self._counted(row.credential_id, row.sign_count, verified.new_sign_count):
            raise SignInRefused(_OLD)
        return Shown(row.whose, row.wrapped_key)

    def count(self, whose: str) -> int:
        """How many passkeys somebody has here."""
        return len(self._known(whose))

    def remove_all(self, whose: str) -> None:
        """Forget somebody's passkeys, as after one was lost."""
        self._lane.run(lambda owner: owner.execute(delete(passkeys).where(passkeys.c.whose == whose)))

    def _known(self, whose: str) -> list[str]:
        with self._database.records() as records:
            return list(records.execute(select(passkeys.c.credential_id).where(passkeys.c.whose == whose)).scalars())

    def _row(self, credential_id: str) -> Any:
        with self._database.records() as records:
            return records.execute(select(passkeys).where(passkeys.c.credential_id == credential_id)).first()

    def _keep(self, challenge: bytes, what_for: str) -> None:
        row = {"nonce_sha256": _named(challenge, what_for), "expires_at": self._now() + CHALLENGE_SECONDS}

        def keep(owner: Connection) -> None:
            owner.execute(delete(challenges).where(challenges.c.expires_at < self._now()))
            owner.execute(insert(challenges).values(**row))

        self._lane.run(keep)

    def _spent(self, credential: Mapping[str, Any], what_for: str, refusal: type[Exception]) -> bytes:
        """Give the challenge that was answered, which works once, for what it was made for."""
        try:
            told = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
            challenge = base64url_to_bytes(told["challenge"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise refusal("This is not what a passkey answers.") from error
        name = _named(challenge, what_for)
        spend = delete(challenges).where(challenges.c.nonce_sha256 == name, challenges.c.expires_at >= self._now())
        if self._lane.run(lambda owner: owner.execute(spend).rowcount) != 1:
            raise refusal(_OLD)
        return challenge

    def _counted(self, credential_id: str, before: int, after: int) -> bool:
        """Note how often a passkey has signed; of two proofs with one count, one holds."""
        change = (
            update(passkeys)
            .where(passkeys.c.credential_id == credential_id, passkeys.c.sign_count == before)
            .values(sign_count=after)
        )
        return bool(self._lane.run(lambda owner: owner.execute(change).rowcount) == 1)


def _put(owner: Connection, row: dict[str, Any]) -> None:
    of_hers = select(func.count()).select_from(passkeys).where(passkeys.c.whose == row["whose"])
    if owner.execute(of_hers).scalar_one() >= PASSKEYS_MAX:
        raise PasskeysFull(PASSKEYS_MAX)
    known = select(passkeys.c.whose).where(passkeys.c.credential_id == row["credential_id"])
    if owner.execute(known).first() is not None:
        raise PasskeyRefused("This passkey is known here already.")
    owner.execute(insert(passkeys).values(**row))


def _showing(*, operator: bool) -> str:
    return f"show {OPERATOR}" if operator else "show listener"


def _named(challenge: bytes, what_for: str) -> str:
    """Name a challenge together with what it is for, so that it is good for nothing else."""
    return token_hash(f"passkey {what_for} {bytes_to_base64url(challenge)}")


def _as_json(options: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(options)
    return told
