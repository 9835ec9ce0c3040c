"""What can go wrong with trust.

TrustError
  + UnknownTier       a slug that is not one of the five
  + DocumentRefused   a signed document that is not accepted; `code` says why
    + LogInDoubt      the log is not the one that was signed, or the clock is behind it: nothing is accepted
  + KeyFileWrong      a key file that is not there, too open, or not to be opened with this passphrase
  + SealedFileWrong   a sealed file that was changed or cut, or that does not open with this passphrase
  + LogNotEmpty       a log that already tells of an artist cannot take in another one
  + ExportWrong       an exported log that does not hold together, with the line where it breaks
"""

SENTENCES = {
    # the envelope
    "bad_envelope": "The envelope is not a DSSE envelope with exactly one signature.",
    "wrong_type": "This document is not of the type that belongs here.",
    "bad_base64": "The payload or the signature is not strict base64.",
    "too_big": "The payload is larger than 4,096 bytes.",
    "bad_did": "A key is not a did:key of the Ed25519 form.",
    "weak_key": "A key is not a sound point of the curve.",
    "bad_signature": "The signature does not fit the document.",
    # the payload's form
    "bad_utf8": "The payload is not UTF-8.",
    "bad_json": "The payload is not JSON.",
    "duplicate_key": "The payload names a field twice.",
    "not_integer": "The payload holds a number that is not an integer.",
    "int_range": "The payload holds an integer beyond 2^53.",
    "not_canonical": "The payload is not in canonical form (RFC 8785).",
    "bad_fields": "The payload has not exactly the fields that it must have.",
    "issuer_mismatch": "The signature is not by the key that the document names as its issuer.",
    # the fields
    "bad_version": "The document is of another version.",
    "bad_root": "The artist's id is not sha256: and 64 hexadecimal digits.",
    "bad_tier": "The tier is not one that can be granted here.",
    "bad_vouch": "The right to introduce others is out of bounds.",
    "bad_parent": "The parent is neither null nor a document's id.",
    "bad_time": "A time is out of bounds: it must end after it begins, within three years.",
    "bad_via": "The way in is none of artist, vouch or subscription.",
    "bad_nonce": "The nonce is not 22 characters of base64url.",
    "bad_target": "The target is neither a document's id nor a key.",
    "bad_role": "The role is none of presence, till or door.",
    "bad_key": "The key document is out of bounds.",
    "self_grant": "Nobody can let herself in.",
    # whether it is true here and now
    "wrong_root": "The document is for another artist.",
    "expired": "The document has expired.",
    "not_yet_valid": "The document is not valid yet.",
    "not_artist": "Only the artist's own key can sign this.",
    "artist_with_parent": "What the artist signs has no parent.",
    "unknown_parent": "The parent is not known here.",
    "issuer_not_parent_subject": "The parent was not given to this issuer.",
    "may_not_vouch": "The issuer may not introduce anybody.",
    "tier_widened": "The tier is above what the issuer may open.",
    "time_widened": "The document begins earlier or lasts longer than its parent.",
    "vouch_widened": "The right to introduce others is wider than the parent's.",
    "cycle": "The chain comes back to the same person.",
    "parent_not_live": "The parent does not hold any more.",
    "quota_exceeded": "The issuer has introduced as many as she may.",
    "blocked": "One of the keys is blocked.",
    "not_delegated": "The parent gives this key no right to let anybody in.",
    "role_exceeded": "The document goes beyond the role of its key.",
    "delegate_expired": "The role of this key has expired.",
    "delegate_revoked": "The role of this key was taken back.",
    "unknown_target": "The document to take back is not known here.",
    "may_not_revoke": "Only its subject, an issuer above it or the artist can take this back.",
    "not_committed": "The new key is not the one that was committed to.",
    "wrong_prev": "The key document does not follow the last one.",
    "not_recovery": "The key is not one of the recovery keys.",
    "already_begun": "This log has its artist already.",
    "no_artist": "This log has no artist yet.",
    "wrong_head": "The checkpoint is not of the head of this log.",
    "log_in_doubt": "The log is not the one that was last seen. Until the artist signs its head again, all is public.",
    "clock_behind": "The clock of this machine is behind the log. Set it right first.",
}
"""Every code with what it means; codes are fixed, sentences may get better."""


class TrustError(Exception):
    """Base of every refusal of this package."""


class UnknownTier(TrustError):
    """A tier by a name that does not exist."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no tier {slug!r}; use public, follower, supporter, circle or inner.")
        self.slug = slug


class DocumentRefused(TrustError):
    """A signed document is not accepted; the code says why, and never more than that."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


class LogInDoubt(DocumentRefused):
    """The log cannot be trusted now; everybody is public and nothing is accepted."""


class KeyFileWrong(TrustError):
    """A key file cannot be used; the message says what to do."""


class SealedFileWrong(TrustError):
    """A sealed file was changed or cut, or does not open with this passphrase."""


class LogNotEmpty(TrustError):
    """Another log cannot be taken in here."""

    def __init__(self) -> None:
        super().__init__("This home has a log of trust already. Take an exported one into an empty home.")


class ExportWrong(TrustError):
    """An exported log does not hold together."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"Line {line:,} of the exported log: {why}")
        self.line = line
        self.why = why
