"""What letters and pushes say: that something happened, and where to read it. Never what was written there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from presence.telling.events import Event
from presence.telling.kinds import Kind
from presence.telling.mail import Letter

_FOOT = """
--
You get this because you asked for it at {artist}’s presence, which is an AI. What you are told, and how:
{page}
"""
_STOP = """Stop mails {about}, with one press:
{link}
"""
ABOUT = {
    Kind.QUESTION_ANSWERED: "about your questions",
    Kind.LET_IN: "about what opens to you",
    Kind.SHE_IS_HERE: "about {artist} being here",
    Kind.TIER_ENDS_SOON: "about what ends soon",
    Kind.RENEWAL_FAILED: "about your subscription",
}
EVERYTHING = "of every kind"


@dataclass(frozen=True, slots=True)
class Stop:
    """A link that stops mails, and of which kind; None is all of them."""

    kind: Kind | None
    link: str


@dataclass(frozen=True, slots=True)
class Words:
    """Writes for one artist."""

    artist: str

    def title(self, event: Event) -> str:
        """Say in one line what happened."""
        when = datetime.fromtimestamp(event.until, UTC)
        return {
            Kind.QUESTION_ANSWERED: f"{self.artist} has answered your question",
            Kind.LET_IN: f"More is open to you at {self.artist}’s presence",
            Kind.SHE_IS_HERE: f"{self.artist} is here now",
            Kind.TIER_ENDS_SOON: f"What is open to you at {self.artist}’s presence ends on {when.day} {when:%B %Y}",
            Kind.RENEWAL_FAILED: f"Your subscription at {self.artist}’s presence was not renewed",
        }[event.kind]

    def title_of_all(self, events: Sequence[Event]) -> str:
        """Say it of several."""
        if len({event.link for event in events}) == 1:
            return self.title(events[0])
        return f"{len(events)} news from {self.artist}’s presence"

    def letter(self, to: str, events: Sequence[Event], origin: str, stops: Sequence[Stop], one_click: str) -> Letter:
        """Write one letter about these; `origin` is the address of this presence, `one_click` for a mail program."""
        told = "\n".join(f"{self._sentence(event)}\n{origin}{event.link}\n" for event in events)
        foot = _FOOT.format(artist=self.artist, page=f"{origin}/telling")
        ways = "".join(_STOP.format(about=self.about(stop.kind), link=stop.link) for stop in stops)
        return Letter(to, self.title_of_all(events), told + foot + ways, one_click)

    def about(self, kind: Kind | None) -> str:
        """Name a kind of mail, as in “mails about your questions”."""
        return EVERYTHING if kind is None else ABOUT[kind].format(artist=self.artist)

    def _sentence(self, event: Event) -> str:
        is_known = event.did.startswith("did:")  # who asked without a key may leave an address all the same
        more = {
            Kind.QUESTION_ANSWERED: f"Read it here{', where you are signed in' if is_known else ''}:",
            Kind.LET_IN: "What it is, you see here:",
            Kind.SHE_IS_HERE: "Come in here:",
            Kind.TIER_ENDS_SOON: "How it can go on, you see here:",
            Kind.RENEWAL_FAILED: "What it opens stays open for a few days. How it can go on, you see here:",
        }[event.kind]
        return f"{self.title(event)}. {more}"
