"""Witnesses of the public log: collaborators who look at each checkpoint, and cosign it with keys of their own.

A cosignature says that its signer saw the log only grow. It is hers to see to that; here it is only
checked to be hers, of the checkpoint that is served now, and of this hour. Whatever is wrong is stored nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from billing.contracts import Snapshots, WriteLane
from billing.errors import WitnessRefused
from billing.plain import Plain, Statement, statement
from billing.publishing import PublicLog, Published
from billing.receipt_log import COSIGNATURE, LogProofWrong, VerifierKey, Verify, check_name, cosigned_at

NAME_CHARS_MAX = 160
SIGNATURE_PARTS = 3  # a dash, a name, a signature
ANOTHER = "This does not cosign the checkpoint that is served now. Fetch it again, then sign."
GAP = "\n\n"
OFF_MAX_S = 600
"""How far the time of a cosignature may be off: clocks differ, and a checkpoint is replaced within minutes."""

_REGISTER = statement(
    """INSERT INTO witnesses (party, name, public_key, at) VALUES (:party, :name, :key, :at)
 ON CONFLICT (party) DO UPDATE SET name = excluded.name, public_key = excluded.public_key, at = excluded.at"""
)
_MAY = statement("SELECT 1 FROM split_parties WHERE party = :party AND accepted_at IS NOT NULL LIMIT 1")
_IS_TAKEN = statement("SELECT 1 FROM witnesses WHERE name = :name AND party <> :party")
_OF_PARTY = statement("SELECT party, name, public_key FROM witnesses WHERE party = :party")
_BY_NAME = statement("SELECT party, name, public_key FROM witnesses WHERE name = :name")


@dataclass(frozen=True, slots=True)
class Witness:
    """A collaborator's key for cosigning, by the name that stands in front of her signatures."""

    party: str
    name: str
    public_key: bytes


class Witnesses:
    """Who may cosign the public log, one key each. Thread-safe."""

    def __init__(
        self, snapshots: Snapshots, lane: WriteLane, public: PublicLog, verify: Verify, now: Callable[[], float]
    ) -> None:
        self._snapshots = snapshots
        self._lane = lane
        self._public = public
        self._verify = verify
        self._now = now

    def may_register(self, party: str) -> bool:
        """Whether a collaborator may: whoever agreed to share in something."""
        with self._snapshots() as connection:
            return Plain(connection).row(_MAY, party=party) is not None

    def register(self, party: str, key: VerifierKey) -> Witness:
        """Take in the key by which a collaborator cosigns, in the place of the one before. Raises `WitnessRefused`."""
        try:
            check_name(key.name)
        except LogProofWrong as error:
            raise WitnessRefused(str(error)) from error
        if key.kind != COSIGNATURE or len(key.name) > NAME_CHARS_MAX:
            raise WitnessRefused("This is no key for cosigning. `presence receipt cosign` shows the line of yours.")
        if not self.may_register(party):
            raise WitnessRefused("Whoever agreed to share in something can cosign. Agree first.")

        def take_in(writer: Connection) -> None:
            plain = Plain(writer)
            if plain.row(_IS_TAKEN, name=key.name, party=party) is not None:
                raise WitnessRefused("Somebody else cosigns under this name. Choose another one.")
            plain.run(_REGISTER, party=party, name=key.name, key=key.public_key.hex(), at=int(self._now() * 1000))

        self._lane.run(take_in)
        return Witness(party, key.name, key.public_key)

    def of_party(self, party: str) -> Witness | None:
        """Give the key that a collaborator cosigns with."""
        return self._found(_OF_PARTY, party=party)

    def cosign(self, line: str) -> Published:
        """Add a cosignature to the checkpoint that is served; one that is there already changes nothing.

        Raises `WitnessRefused`.
        """
        parts = line.split(" ")
        witness = self._found(_BY_NAME, name=parts[1]) if len(parts) == SIGNATURE_PARTS else None
        if witness is None:
            raise WitnessRefused("Nobody cosigns here under this name. Name your key on the page of your link first.")
        published = self._public.published()
        if published is None:
            raise WitnessRefused("There is no checkpoint yet. Come again when something was paid.")
        if self._time_of(published.note, witness) is not None:
            return published
        at = self._time_of(f"{published.note.rpartition(GAP)[0]}{GAP}{line}", witness)
        if at is None:
            raise WitnessRefused(ANOTHER)
        if abs(at - self._now()) > OFF_MAX_S:
            raise WitnessRefused("The time of this cosignature is not now. Set your clock, then sign again.")
        try:
            return self._public.cosigned(line, witness.name, witness.public_key)
        except LogProofWrong as error:
            raise WitnessRefused(ANOTHER) from error  # it was replaced a moment ago

    def _time_of(self, note: str, witness: Witness) -> int | None:
        try:
            return cosigned_at(note, witness.name, witness.public_key, self._verify)
        except LogProofWrong:
            return None

    def _found(self, query: Statement, **by: str) -> Witness | None:
        with self._snapshots() as connection:
            row = Plain(connection).row(query, **by)
        return None if row is None else Witness(str(row[0]), str(row[1]), bytes.fromhex(row[2]))
