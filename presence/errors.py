"""What the house itself refuses.

PresenceError
  + SettingsWrong       a setting is unknown, missing or out of range
  + HomeOwned           another process has this home open
  + HomeTooNew          the database was written by a newer version
  + OwnerGone           the running node did not answer on its socket
  + QuestionEmpty       no words in it
  + QuestionTooLong     more characters than a question may have
  + BodyTooLarge        more bytes than a request may have
  + UnknownAct          an act that this presence does not offer
  + KeyReused           an idempotency key with another body
  + OfferExpired        the price was promised too long ago, or to somebody else
  + UnknownQuestion     no such ticket, or not this listener's
  + NothingToForward    an answer that was given, or is being written: there is nothing to hand on
  + UnknownGroup        no such group of questions in the inbox
  + TextUnreadable      a text for a command that is not there, too long, or not UTF-8
  + UnknownSource       no such passage, or not for this tier
  + TierTooLow          a stored answer rests on more than the listener may read now
  + NotSignedIn         the operator's pages without the operator
  + SignInRefused       a proof of a key that does not hold here and now
  + SignInUnsafe        a sign-in over plain http from another machine
  + TokenSpent          a sign-in link that was used, or never was one
  + LogNotOurs          a log of trust that does not go on from what the artist signed last
  + MayNotIntroduce     a listener without a right to introduce anybody so far
  + NodeUnreachable     another presence that does not answer, or refuses
  + CrossSite           a form that came from another site
"""


class PresenceError(Exception):
    """Base of every refusal of this package."""


class SettingsWrong(PresenceError):
    """The settings cannot be used; the message says what to set."""


class HomeOwned(PresenceError):
    """Another process owns this home."""

    def __init__(self, home: str, pid: int | None) -> None:
        by = f"process {pid}" if pid else "another process"
        super().__init__(
            f"{home} is in use by {by}. One node owns a home: stop the other one first, or set PRESENCE_HOME."
        )
        self.home = home
        self.pid = pid


class HomeTooNew(PresenceError):
    """The database is of a newer version than this program."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"The database is at revision {revision}, which this version does not know. Upgrade.")
        self.revision = revision


class OwnerGone(PresenceError):
    """The node that owns the home does not answer."""

    def __init__(self) -> None:
        super().__init__("The running node does not answer on its socket. Restart it, then try again.")


class QuestionEmpty(PresenceError):
    """There are no words in the question."""

    def __init__(self) -> None:
        super().__init__("There are no words in the question. Write what you would like to know.")


class QuestionTooLong(PresenceError):
    """The question has more characters than it may have."""

    def __init__(self, chars: int, chars_max: int) -> None:
        super().__init__(f"The question has {chars:,} characters and may have {chars_max:,}. Ask for less at once.")
        self.chars = chars
        self.chars_max = chars_max


class BodyTooLarge(PresenceError):
    """The request has more bytes than it may have."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"The request is larger than {bytes_max:,} bytes. Send less.")
        self.bytes_max = bytes_max


class UnknownAct(PresenceError):
    """An act that is not on offer here."""

    def __init__(self, act: str, known: tuple[str, ...]) -> None:
        super().__init__(f"This presence cannot do “{act[:40]}”. It can: {', '.join(known)}.")
        self.act = act
        self.known = known


class KeyReused(PresenceError):
    """The same idempotency key came with another body."""

    def __init__(self) -> None:
        super().__init__("This idempotency key was used for another question. Choose a new key.")


class OfferExpired(PresenceError):
    """The offer is too old, unknown, or was made for another question."""

    def __init__(self) -> None:
        super().__init__("This offer has expired or is not for this question. Ask for the price again.")


class UnknownQuestion(PresenceError):
    """There is no such question, or it is not this listener's."""

    def __init__(self) -> None:
        super().__init__("There is no such answer here, or it belongs to another listener.")


class UnknownSource(PresenceError):
    """There is no such place, or it is not open to this listener."""

    def __init__(self) -> None:
        super().__init__("There is no such place in the notes that are open to you.")


class TierTooLow(PresenceError):
    """A stored answer rests on notes above the listener's tier."""

    def __init__(self) -> None:
        super().__init__("This answer rests on notes that are not open to you any more.")


class NotSignedIn(PresenceError):
    """Only the operator may do this."""

    def __init__(self) -> None:
        super().__init__("Sign in first, with the link that the node printed when it started.")


class SignInRefused(PresenceError):
    """A sign-in does not hold; the message says why."""


class SignInUnsafe(PresenceError):
    """Over plain http, anybody on the way could take the session."""

    def __init__(self) -> None:
        super().__init__("Signing in needs https here. Ask the artist for the address that begins with https://.")


class TokenSpent(PresenceError):
    """A sign-in link works once."""

    def __init__(self) -> None:
        super().__init__("This sign-in link was used already or is not valid. `presence operator` prints a new one.")


class LogNotOurs(PresenceError):
    """The artist's client does not sign for this log; the message says why."""


class MayNotIntroduce(PresenceError):
    """Nothing that this listener holds lets her introduce somebody so far."""

    def __init__(self, tier: str) -> None:
        super().__init__(f"You may not introduce anybody as {tier}, or not anybody more.")
        self.tier = tier


class NodeUnreachable(PresenceError):
    """Another presence did not answer, or refused."""

    def __init__(self, address: str, why: str = "") -> None:
        super().__init__(why or f"{address} does not answer as a presence does. Look at the address.")
        self.address = address


class CrossSite(PresenceError):
    """A form was sent from another site."""

    def __init__(self) -> None:
        super().__init__("This form was sent from another site. Open the page here and send it again.")


class NothingToForward(PresenceError):
    """Only what the notes could not answer goes to the artist."""

    def __init__(self) -> None:
        super().__init__("Only a question that the notes could not answer can be handed on.")


class UnknownGroup(PresenceError):
    """There is no such group of questions in the inbox."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"There is no group {ident} in the inbox. `presence inbox list` names them.")
        self.ident = ident


class TextUnreadable(PresenceError):
    """A text for a command is not there, too long, or not UTF-8."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be read as a text in UTF-8 of at most 1 MB.")
        self.name = name
