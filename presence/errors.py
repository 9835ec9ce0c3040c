"""What the house itself refuses.

PresenceError
  + SettingsWrong       a setting is unknown, missing or out of range
  + NamedElsewhere      the artist's name is set where the house is started
  + HomeOwned           another process has this home open
  + HomeTooNew          the database was written by a newer version
  + DatabaseAway        the database does not answer
  + DiskRefuses         the disk is full, or takes nothing in
  + MoveRefused         stores that cannot be moved to a server, or did not arrive there as they are
  + OtherKeys           who serves on this database has another node's secret
  + OwnerGone           the running node did not answer on its socket
  + QuestionEmpty       no words in it
  + QuestionTooLong     more characters than a question may have
  + BodyTooLarge        more bytes than a request may have
  + SentTooMuch         more is brought in at once than may be
  + UnknownBringing     nothing that is being brought in has this name
  + NotWaiting          it does not wait for this, or not any more
  + UnknownAct          an act that this presence does not offer
  + ThingNeeded         an act about a record or a set, and none was named
  + UnknownConversation no such conversation, or not this listener's
  + PersonaWrong        a file of the artist's voice that cannot be used
  + KeyReused           an idempotency key with another body
  + PriceNotAgreed      a paid act without an offer, or above the cap that was named
  + NoCards             this presence takes no cards
  + OfferExpired        the price was promised too long ago, or to somebody else
  + UnknownQuestion     no such ticket, or not this listener's
  + NothingToForward    an answer that was given, or is being written: there is nothing to hand on
  + UnknownGroup        no such group of questions in the inbox
  + NothingWritten      an answer, a correction or a list that has no words, or is for nobody
  + ListWrong           a list of questions that cannot be read, or is too long
  + TextUnreadable      a text for a command that is not there, too long, or not UTF-8
  + UnknownModel        a chat asks for a model that does not answer here
  + ChatRefused         a chat asks for something that is not done here
  + AnswerFailed        an answer that was waited for, and failed
  + Unpaid              a price was not agreed to; nothing was asked
  + UnknownSource       no such passage, or not for this tier
  + TierTooLow          a stored answer rests on more than the listener may read now
  + NotSignedIn         the operator's pages without the operator
  + SignInRefused       a proof of a key that does not hold here and now
  + PasskeyRefused      a passkey that does not prove itself when it is made
  + PasskeysFull        as many passkeys as one person can have
  + SignInUnsafe        a sign-in over plain http from another machine
  + TokenSpent          a sign-in link that was used, or never was one
  + LogNotOurs          a log of trust that does not go on from what the artist signed last
  + MayNotIntroduce     a listener without a right to introduce anybody so far
  + NodeUnreachable     another presence that does not answer, or refuses
  + CrossSite           a form that came from another site
  + NotText             a character that no text can hold
  + NothingHere         an address that no page can have
  + SignatureWrong      a signed request whose signature does not hold here and now
  + BearerWrong         a program's key that is unknown, expired, revoked, or used from elsewhere
  + OwnKeyNeeded        something that only a session of her own key can do
  + TooManyKeys         as many keys for programs as somebody may have
  + UnknownKey          no such key for programs, or not hers
  + KeyMissing          an address for programs that were let in, without the key of one
  + ProgramUnknown      a program that never registered here, or whose request is over
  + ProgramWrong        a program's request that is wrong, and that it cannot be told of
  + TooMany             more requests than are taken within a while
  + NoMail              this presence sends no mail
  + Undelivered         something that waited was not taken over
  + MailUndelivered     the mail server did not take a letter
  + PushUndelivered     a browser's push service did not take a push
  + BrowserWrong        a browser's push address that nothing can be sent to
  + ConfirmationSpent   a link that confirms an address, used already or too old
  + UnknownStop         a link that is to stop mails, and is not whole
  + LinkSpent           a sign-in link from a mail that was used, or is too old
  + KeyMoved            a sign-in by mail of somebody who brought her own key
  + RuleWrong           a rule for people that does not exist, or cannot be so
  + NameWrong           a display name without a letter, too long, or with signs that cannot be seen
  + TermsWrong          terms of a tier that cannot be so
  + TooManyToday        as many questions today as her tier, or her program's key, allows
  + SentencesUsedUp     as many sentences today as her tier allows
  + AddressUsedUp       as many questions today as are taken from strangers of one address
  + ConversationFull    as many questions as one conversation may hold
  + ReportWrong         a report of an answer that cannot be so
  + UnknownReport       an answer that nobody reported
  + NotShown            a conversation that the artist is not let look into
  + LineWrong           a line of the artist's own without words, or too long
  + NotHeld             a conversation that this studio does not hold (any more)
  + HeldByAnother       a conversation that another studio holds
  + ShutOut             a listener who may not read any more what the artist would write to
  + NotInPerson         a choice that only the listener herself can make, in the room
  + RoomClosed          a tier whose listeners may not ask at all
  + SignInFirst         something that only a listener with a key can do
  + TillShut            the till's key has no right to let in who pays (any more)
  + DoorShut            the door's key has no right to let anybody in (any more)
  + TakenBack           somebody whose trust was taken back comes by a link again
  + UnknownInvite       a link that nobody made here
  + InviteWrong         an invite that cannot be made so
  + InviteClosed        the artist has closed this link
  + InviteExpired       the time of this link is over
  + InviteFull          as many people came by this link as it is for
  + RequestWrong        a request to follow that cannot be so
  + RequestsFull        more requests wait than can be kept
  + UnknownRequest      nobody with this key asks to follow
  + AddressWrong        no e-mail address
  + Busy                more wants to be written down than can be, just now
  + UnknownReceipt      no such receipt, or not hers
  + UnknownWallet       nobody of this key has a wallet here
  + UnknownSplit        a collaborator's link that nobody made, or that was replaced
  + StatementWrong      a copy of a signed answer that does not hold
  + NotSigned           an answer that no key of the presence stands by (any more)
  + SiteWrong           a site that cannot be named so
  + UnknownSite         a site that is not on the list
  + NotEmbedded         a room elsewhere, on a site that is not on the artist's list
  + EmbedPassOver       a room elsewhere that was open for too long, or a pass that nobody gave
  + SiteFull            as many questions today as are taken from a site
  + ResourceMissing     a look-up that does not say what it is about
  + UnknownResource     a look-up of somebody who is not here
  + NotPublished        a file of the public log that is not there (yet)
  + MemoryOff           nothing is remembered of who did not agree, or at her tier
  + UnknownMemory       nothing of this name is remembered of her
  + NothingToRemember   an answer rests on nothing that has a title
  + NotConfirmed        somebody would be deleted who did not say that she means it
  + StillAnswering      an answer has to be settled before anything is deleted
  + PassphraseNeeded    a backup without a passphrase, or with one that is too short
  + BackupUnderWay      another backup is being made
  + NoRoomForBackup     a disk that has no room for a backup, or for what is restored
  + BackupFailed        a backup that could not be written, or not be put back
  + BackupDoubtful      a backup of something that is not sound itself
  + BackupUnreadable    a backup that was changed or cut, or that this passphrase does not open
  + BackupTooNew        a backup by a newer version
  + NotEmptyHere        a place to restore to where something is already
  + UnknownBackup       no backup of this name is here
  + UnknownShare        nothing is shared at this address
"""

from typing import TYPE_CHECKING

from presence.languages import later, said, together

if TYPE_CHECKING:
    from presence.asking.offers import PinnedOffer


class PresenceError(Exception):
    """Base of every refusal of this package."""


class SettingsWrong(PresenceError):
    """The settings cannot be used; the message says what to set."""


class NamedElsewhere(PresenceError):
    """The artist's name is set where the house is started: what the file says would not be heard."""

    def __init__(self) -> None:
        super().__init__("The name is set by PRESENCE_ARTIST_NAME where this presence is started. Change it there.")


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


class DatabaseAway(PresenceError):
    """The database does not answer; nothing is let in uncounted meanwhile."""

    retry_after_s = 5

    def __init__(self) -> None:
        super().__init__("The database does not answer just now. Nothing was charged. Try again in a moment.")


class DiskRefuses(PresenceError):
    """The disk is full, or takes nothing in: what cannot be written down is not answered, and not charged."""

    retry_after_s = 60

    def __init__(self) -> None:
        super().__init__(
            "The disk here takes nothing in just now, so nothing new can be answered. Nothing was charged. "
            "Try again in a few minutes."
        )


class MoveRefused(PresenceError):
    """Stores cannot be moved to that server, or did not arrive as they are; the message says why, and what to do."""


class OtherKeys(PresenceError):
    """Whoever serves on this database already has another node's secret."""

    def __init__(self) -> None:
        super().__init__(
            "Another process serves on this database with another secret: what one sealed, the other could not open. "
            "Copy keys/node.secret and the other files in keys/ from its home into this one, then start again."
        )


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
        form = later("The question has {chars} characters and may have {most}. Ask for less at once.")
        super().__init__(said(form, chars=chars, most=chars_max))
        self.chars = chars
        self.chars_max = chars_max


class BodyTooLarge(PresenceError):
    """The request has more bytes than it may have."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(said("The request is larger than {bytes} bytes. Send less.", bytes=bytes_max))
        self.bytes_max = bytes_max


class SentTooMuch(PresenceError):
    """More is brought in at once than may be."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"All files together may have {bytes_max / 1e6:,.0f} MB. Bring them in in several goes.")
        self.bytes_max = bytes_max


class UnknownBringing(PresenceError):
    """Nothing that is being brought in has this name."""

    def __init__(self) -> None:
        super().__init__("This was thrown away, or it is among your notes by now. Bring it in again if it is not.")


class NotWaiting(PresenceError):
    """Something is done with what is brought in while something else is being done with it, or was."""

    def __init__(self) -> None:
        super().__init__("It does not wait for this now. Open its page again to see where it stands.")


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


class PriceNotAgreed(PresenceError):
    """A paid act was asked for without its price; `offer` is the price that `payer` can agree to now."""

    def __init__(self, offer: "PinnedOffer", payer: str | None = None) -> None:
        super().__init__("This has a price. Agree to it by sending the offer's id with the question.")
        self.offer = offer
        self.payer = payer


class NoCards(PresenceError):
    """There is no key of a payment service."""

    def __init__(self) -> None:
        super().__init__("This presence takes no cards.")


class OfferExpired(PresenceError):
    """The offer is too old, unknown, or was made for another question."""

    def __init__(self) -> None:
        super().__init__("This offer has expired or is not for this question. Ask for the price again.")


class UnknownQuestion(PresenceError):
    """There is no such question, or it is not this listener's."""

    def __init__(self) -> None:
        super().__init__("There is no such answer here, or it belongs to another listener.")


class PersonaWrong(PresenceError):
    """A file of the artist's voice cannot be used."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} cannot be used: {why}.")


class UnknownConversation(PresenceError):
    """There is no such conversation, or it is not this listener's."""

    def __init__(self) -> None:
        super().__init__("There is no such conversation here, or it belongs to another listener. Begin a new one.")


class Unpaid(PresenceError):
    """A price was not agreed to; nothing was asked."""

    def __init__(self) -> None:
        super().__init__("Nothing was asked, and nothing paid. Say with --most how much an answer may cost.")


class ThingNeeded(PresenceError):
    """An act was asked for that is about a record or a set, and no such thing was named."""

    def __init__(self, act: str, kind: str) -> None:
        forms = {
            "release": later("“{act}” is about one record: name it as `thing`, by the id that its page has."),
            "event": later("“{act}” is about one set: name it as `thing`, by the id that its page has."),
        }
        super().__init__(said(forms[kind], act=act))


class UnknownModel(PresenceError):
    """A chat asks for a model that does not answer here."""

    code = "model_not_found"

    def __init__(self, model: str) -> None:
        super().__init__(f"There is no model “{model[:40]}” here. Ask for “presence”.")


class ChatRefused(PresenceError):
    """A chat asks for something that is not done here; the message says what to leave out."""

    def __init__(self, param: str, why: str) -> None:
        super().__init__(why)
        self.param = param


class AnswerFailed(PresenceError):
    """An answer that somebody waited for failed; nothing was charged."""

    def __init__(self) -> None:
        super().__init__("Something failed here. It cost you nothing. Ask again.")


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
        super().__init__("Sign in first, with the link that the program printed when it started.")


class SignInRefused(PresenceError):
    """A sign-in does not hold; the message says why."""


class PasskeyRefused(PresenceError):
    """A new passkey cannot be taken in; the message says why."""


class PasskeysFull(PresenceError):
    """There are as many passkeys of one person as can be kept."""

    def __init__(self, passkeys_max: int) -> None:
        form = later("There are {passkeys} passkeys for this already. Save the key as a file or on paper.")
        super().__init__(said(form, passkeys=passkeys_max))
        self.passkeys_max = passkeys_max


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
        super().__init__(said("You may not introduce anybody as {tier}, or not anybody more.", tier=tier))
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


class NotText(PresenceError):
    """What was sent holds a character that no text can hold."""

    def __init__(self) -> None:
        super().__init__("What was sent holds a character that no text can hold (NUL). Take it out and send it again.")


class NothingHere(PresenceError):
    """No page can have this address: there is a character in it that no text can hold."""

    def __init__(self) -> None:
        super().__init__("There is nothing at this address.")


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


class NothingWritten(PresenceError):
    """A form of the studio came without words, or without saying who may see them; the message says which."""


class ListWrong(PresenceError):
    """The artist's list of questions cannot be used; the message says what to change."""


class RuleWrong(PresenceError):
    """A rule cannot be so; the message says what it can be."""


class NameWrong(PresenceError):
    """A name cannot be kept; the message says why."""


class TermsWrong(PresenceError):
    """Terms of a tier cannot be so."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field.replace('_', ' ')}: {why}.")
        self.field = field


class TooManyToday(PresenceError):
    """The questions of today are used up; tomorrow begins at midnight UTC."""

    def __init__(self, per_day: int, retry_after_s: int) -> None:
        form = later("You have asked {questions} questions today; more are not open to you. Come back tomorrow.")
        super().__init__(said(form, questions=per_day))
        self.per_day = per_day
        self.retry_after_s = retry_after_s


class SentencesUsedUp(PresenceError):
    """The sentences of today are used up; tomorrow begins at midnight UTC."""

    def __init__(self, per_day: int, retry_after_s: int) -> None:
        form = later("You have been told {sentences} sentences today; more are not open to you. Come back tomorrow.")
        super().__init__(said(form, sentences=per_day))
        self.per_day = per_day
        self.retry_after_s = retry_after_s


class AddressUsedUp(PresenceError):
    """Everybody at one address together has asked as much today as is taken from there."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "So many questions came from your network today that no more are taken from strangers there. "
            "Come back tomorrow, or be let in: the page “tiers” says how."
        )
        self.retry_after_s = retry_after_s


class ConversationFull(PresenceError):
    """A conversation holds as many questions as one may; another can be begun at once."""

    retry_after_s = 1

    def __init__(self, turns_max: int) -> None:
        form = later("This conversation holds {questions} questions, as many as one may. Begin another one.")
        super().__init__(said(form, questions=turns_max))
        self.turns_max = turns_max


class ReportWrong(PresenceError):
    """A report of an answer cannot be taken as it is."""


class UnknownReport(PresenceError):
    """No such answer was reported."""

    def __init__(self, ident: str) -> None:
        super().__init__(f"No answer {ident} was reported. `presence reports list` names those that were.")
        self.ident = ident


class RoomClosed(PresenceError):
    """Listeners of this tier may not ask."""

    def __init__(self) -> None:
        super().__init__("Asking is not open to you here yet. The page “tiers” says how one comes in.")


class SignInFirst(PresenceError):
    """Only somebody who is known by a key can do this."""

    def __init__(self) -> None:
        super().__init__("Sign in first, so that you can be known again.")


class TillShut(PresenceError):
    """The till's key may let nobody in."""

    def __init__(self) -> None:
        super().__init__("This presence cannot let in supporters now. The artist has to renew the right of its till.")


class DoorShut(PresenceError):
    """The door's key may let nobody in."""

    def __init__(self) -> None:
        super().__init__("Nobody can be let in here now. The artist opens the door again with `presence keys renew`.")


class TakenBack(PresenceError):
    """Whose trust was taken back is let in again by the artist alone."""

    def __init__(self) -> None:
        super().__init__("What you had here was taken back. Only the artist can let you in again.")


class UnknownInvite(PresenceError):
    """There is no such invite."""

    def __init__(self) -> None:
        super().__init__(
            "No invitation opens by this link. It was used, has run out or was taken back, or a part of it is missing: "
            "ask whoever sent it to you."
        )


class InviteWrong(PresenceError):
    """An invite cannot be made so; the message says why."""


class InviteClosed(PresenceError):
    """The artist has closed this invite."""

    def __init__(self) -> None:
        super().__init__("This invitation was closed. You can still ask to follow.")


class InviteExpired(PresenceError):
    """The time of this invite is over."""

    def __init__(self) -> None:
        super().__init__("The time of this invitation is over. You can still ask to follow.")


class InviteFull(PresenceError):
    """All places of this invite are taken."""

    def __init__(self, people_max: int) -> None:
        form = later("All {places} places of this invitation are taken. You can ask to follow.")
        super().__init__(said(form, places=people_max))
        self.people_max = people_max


class RequestWrong(PresenceError):
    """A request to follow cannot be so; the message says why."""


class RequestsFull(PresenceError):
    """So many requests wait that no more are taken in."""

    def __init__(self) -> None:
        super().__init__("So many people ask to follow that no more requests are taken now. Try again in a few days.")
        self.retry_after_s = 24 * 3600


class UnknownRequest(PresenceError):
    """There is no such request."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Nobody with the code {code} asks to follow. `presence tier requests` names who does.")
        self.code_of = code


class AddressWrong(PresenceError):
    """A text is no e-mail address."""

    def __init__(self) -> None:
        super().__init__("This is no e-mail address. One looks like ann@example.org.")


class SignatureWrong(PresenceError):
    """A signed request does not hold; the message says why."""


class BearerWrong(PresenceError):
    """A program's key opens nothing here and now."""

    def __init__(self) -> None:
        super().__init__("This key opens nothing here. It was never made, is over, was revoked, or is for elsewhere.")


class OwnKeyNeeded(PresenceError):
    """Only who is signed in with her own key can do this."""

    def __init__(self) -> None:
        super().__init__("Sign in with your own key first. Neither a program's key nor a sign-in by mail can do this.")


class TooManyKeys(PresenceError):
    """Somebody has as many keys for programs as she may have."""

    def __init__(self, keys_max: int) -> None:
        form = later("You have {keys} keys for programs, as many as one may have. Revoke one first.")
        super().__init__(said(form, keys=keys_max))
        self.keys_max = keys_max


class UnknownKey(PresenceError):
    """There is no such key for programs, or it is not hers."""

    def __init__(self) -> None:
        super().__init__("You have no such key for programs.")


class KeyMissing(PresenceError):
    """An address for programs that somebody let in, and this one has no key."""

    def __init__(self) -> None:
        super().__init__("Here a program speaks for somebody, and needs her key. Without one, use /mcp.")


class ProgramUnknown(PresenceError):
    """A program that never registered here, or whose request is over."""

    def __init__(self) -> None:
        super().__init__("This request of a program is over, or was not made here. Begin again in the program.")


class ProgramWrong(PresenceError):
    """A program sent somebody here with a request that nobody can answer, and that it cannot be told of."""

    def __init__(self, why: str) -> None:
        form = later("The program that sent you here asked for something wrong: {why}")
        super().__init__(said(form, why=why))


class TooMany(PresenceError):
    """More than is taken within a while, from one client or of one person."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(said("That was too much at once. Try again in {time}.", time=_duration(retry_after_s)))
        self.retry_after_s = retry_after_s


class NoMail(PresenceError):
    """No mail server is set."""

    def __init__(self) -> None:
        super().__init__("This presence sends no mail.")


class Undelivered(PresenceError):
    """Something was not taken over; it is tried again after `retry_after_s` at the earliest."""

    def __init__(self, why: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class MailUndelivered(Undelivered):
    """The mail server did not take a letter; the message says why."""


class PushUndelivered(Undelivered):
    """A browser's push service did not take a push; the message says why."""


class BrowserWrong(PresenceError):
    """A browser's push address that nothing can be sent to; the message says why."""


class ConfirmationSpent(PresenceError):
    """A link that confirms an address works for a day, and for the last address that was given."""

    def __init__(self) -> None:
        super().__init__("This link was used already, or is older than a day. Give your address once more.")


class UnknownStop(PresenceError):
    """A link that is to stop mails is not one of ours."""

    def __init__(self) -> None:
        super().__init__(
            "This link is not whole. Copy all of it from the mail, or choose on the page “What I am told”."
        )


class LinkSpent(PresenceError):
    """A link from a mail works once, for a quarter of an hour."""

    def __init__(self) -> None:
        super().__init__("This link was used already, or is older than 15 minutes. Ask for a new one.")


class KeyMoved(PresenceError):
    """Who brought her own key signs in with it."""

    def __init__(self) -> None:
        super().__init__("You have your own key here since then. Sign in with it: what you had is there.")


def _duration(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes <= 1:
        return said("a minute")
    if minutes < 120:
        return said("{minutes} minutes", minutes=minutes)
    return said("{hours} hours", hours=-(-minutes // 60))


class Busy(PresenceError):
    """As much waits to be written down as may wait, or another process keeps the database for itself."""

    def __init__(self, why: str = later("So many people are here that this has to wait.")) -> None:
        super().__init__(together(said(why), later("Nothing happened: try again in a moment.")))
        self.retry_after_s = 2


class UnknownReceipt(PresenceError):
    """There is no such receipt for this listener."""

    def __init__(self) -> None:
        super().__init__("There is no such receipt of yours.")


class UnknownWallet(PresenceError):
    """Nobody of this key has a wallet."""

    def __init__(self) -> None:
        super().__init__("There is no wallet of this key here.")


class UnknownSplit(PresenceError):
    """A collaborator's link was never made, or another took its place."""

    def __init__(self) -> None:
        super().__init__("Nothing is shared by this link. Ask for a new one.")


class NotPublished(PresenceError):
    """The public log has no such file."""

    def __init__(self) -> None:
        super().__init__("The public log of receipts has nothing at this address.")


class StatementWrong(PresenceError):
    """A copy of a signed answer does not hold; the message says why."""


class NotSigned(PresenceError):
    """No key with a right to speak stands by this answer now."""

    def __init__(self) -> None:
        super().__init__("No key of this presence stands by this answer, or not any more.")


class SiteWrong(PresenceError):
    """A site cannot be named so; the message says how."""


class UnknownSite(PresenceError):
    """A site is not on the list."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is not on the list.")
        self.address = address


class NotEmbedded(PresenceError):
    """The room may not stand on this site."""

    def __init__(self) -> None:
        super().__init__("This room may not stand on that site: its artist has not put the site on her list.")


class EmbedPassOver(PresenceError):
    """A room elsewhere was open for too long, or its pass is not ours."""

    def __init__(self) -> None:
        super().__init__("This page was open for a long time. Press Ask once more.")


class SiteFull(PresenceError):
    """As much was asked from a site today as may be."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("No more questions are taken from this site today. Ask in the room itself, or tomorrow.")
        self.retry_after_s = retry_after_s


class ResourceMissing(PresenceError):
    """A look-up names nobody."""

    def __init__(self) -> None:
        super().__init__("Say whom you look for: ?resource=acct:name@host, or the address of a page here.")


class UnknownResource(PresenceError):
    """Somebody is looked up who is not here."""

    def __init__(self) -> None:
        super().__init__("There is nobody of this name here.")


class MemoryOff(PresenceError):
    """Nothing is remembered of who did not agree to it, or at her tier."""

    def __init__(self) -> None:
        super().__init__("Nothing is remembered of you. Say on the page “What is remembered of me” that it may be.")


class UnknownMemory(PresenceError):
    """Nothing of this name is remembered of her."""

    def __init__(self) -> None:
        super().__init__("Nothing like this is remembered of you.")


class NothingToRemember(PresenceError):
    """An answer rests on nothing that has a title."""

    def __init__(self) -> None:
        super().__init__("This answer rests on nothing that could be remembered.")


class NotConfirmed(PresenceError):
    """Somebody would be deleted without having said that she means it."""

    def __init__(self) -> None:
        super().__init__("Nothing was deleted. Say that you mean it: tick the box, or send confirm: “delete me”.")


class StillAnswering(PresenceError):
    """An answer is being written that has to be settled before anything is deleted."""

    def __init__(self) -> None:
        super().__init__("An answer of yours is still being settled, and nothing was deleted. Try again in a minute.")


class NotShown(PresenceError):
    """The artist may not look into this conversation, if there is one."""

    def __init__(self) -> None:
        super().__init__("There is no such conversation, or whoever asks does not let you look in.")


class LineWrong(PresenceError):
    """What the artist would write to a listener has no words, or too many."""

    def __init__(self, chars_max: int) -> None:
        super().__init__(f"Write at least a word, and at most {chars_max:,} characters at once. Nothing was sent.")


class NotHeld(PresenceError):
    """A studio writes into a conversation that it does not hold, or not any more."""

    def __init__(self) -> None:
        super().__init__("You do not hold this conversation any more, and nothing was sent. Step in again to go on.")


class HeldByAnother(PresenceError):
    """Another session of the studio holds the conversation."""

    def __init__(self) -> None:
        super().__init__("This conversation is held in another window of your studio. Hand it back there first.")


class ShutOut(PresenceError):
    """The listener may not read any more what was said in her conversation."""

    def __init__(self) -> None:
        super().__init__("This is not open to her any more: what you write would not reach her. Nothing was sent.")


class NotInPerson(PresenceError):
    """A program or a page elsewhere cannot choose this for a listener."""

    def __init__(self) -> None:
        super().__init__("Only you yourself can choose this, on a page of this house.")


class PassphraseNeeded(PresenceError):
    """A backup is sealed with a passphrase, and there is none, or one that is too short."""

    def __init__(self, chars_min: int) -> None:
        super().__init__(
            f"A backup is sealed with a passphrase of {chars_min} characters or more, which you keep elsewhere. "
            "Set PRESENCE_KEEPING__PASSPHRASE_FILE, or type it at a terminal."
        )


class BackupUnderWay(PresenceError):
    """Another backup is being made."""

    def __init__(self) -> None:
        super().__init__("A backup is being made already. Wait until it is finished.")


class NoRoomForBackup(PresenceError):
    """A disk has no room for a backup, or for what is restored."""

    def __init__(self, folder: str, needed_bytes: int) -> None:
        needed = f"{needed_bytes / 1_000_000:,.0f}"
        super().__init__(f"{folder} has no room for it: about {needed} MB are needed. Make room.")


class BackupFailed(PresenceError):
    """A backup could not be written, or not be put back; the message says why."""


class BackupDoubtful(PresenceError):
    """What was backed up is not sound itself."""

    def __init__(self, file: str, wrong: tuple[str, ...]) -> None:
        super().__init__(
            f"The backup is written to {file}, but what it holds is not sound: {' '.join(wrong[:3])} "
            "Earlier backups were left alone. presence doctor says what to do."
        )


class BackupUnreadable(PresenceError):
    """A backup was changed or cut, or this passphrase does not open it."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file} cannot be used as a backup. {why} Nothing was changed here.")


class BackupTooNew(PresenceError):
    """A backup was made by a newer version of this program."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"This backup was made by version {version}, which is newer than this one. "
            "Install that version, or a newer one, and restore it again."
        )


class NotEmptyHere(PresenceError):
    """Something is already at the place that a backup would be restored to."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"There is something in {place} already, and a backup is never put over anything. "
            "Name an empty place (PRESENCE_HOME, or presence --home FOLDER restore FILE), or move it away first."
        )


class UnknownShare(PresenceError):
    """Nothing is shared at this address, or not any more."""

    def __init__(self) -> None:
        super().__init__("Nothing is shared here (any more). Ask for yourself.")


class UnknownBackup(PresenceError):
    """No backup of this name is here."""

    def __init__(self) -> None:
        super().__init__("There is no backup of this name here (any more).")
