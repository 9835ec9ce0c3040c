"""What a listener can be told, and how she wants it. Nothing is told that she did not choose."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What there is to tell."""

    QUESTION_ANSWERED = "question_answered"
    LET_IN = "let_in"
    SHE_IS_HERE = "she_is_here"
    TIER_ENDS_SOON = "tier_ends_soon"
    RENEWAL_FAILED = "renewal_failed"


AT_ONCE_ONLY = (Kind.SHE_IS_HERE,)
"""Tomorrow this is no news."""


class Channel(StrEnum):
    """By which way."""

    MAIL = "mail"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class Choice:
    """By which ways she is told of one kind, and whether once a day or at once."""

    mail: bool = False
    push: bool = False
    daily: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.mail or self.push)

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(channel for channel, is_on in ((Channel.MAIL, self.mail), (Channel.PUSH, self.push)) if is_on)


NOTHING = Choice()
