"""What letters and pushes say: that something happened, and where to read it. Never what was written there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from presence.languages import Day, Said, later, said, say, speaking, wording
from presence.languages.choosing import ENGLISH
from presence.telling.events import Event
from presence.telling.kinds import Kind
from presence.telling.mail import Letter

_FOOT = later("""
--
You get this because you asked for it at {artist}’s presence, which is an AI. What you are told, and how:
{page}
""")
_STOP = later("""Stop mails {about}, with one press:
{link}
""")
ABOUT = {
    Kind.QUESTION_ANSWERED: later("about your questions"),
    Kind.LET_IN: later("about what opens to you"),
    Kind.SHE_IS_HERE: later("about {artist} being here"),
    Kind.TIER_ENDS_SOON: later("about what ends soon"),
    Kind.RENEWAL_FAILED: later("about your subscription"),
}
EVERYTHING = later("of every kind")


TITLES = {
    Kind.QUESTION_ANSWERED: later("{artist} has answered your question"),
    Kind.LET_IN: later("More is open to you at {artist}’s presence"),
    Kind.SHE_IS_HERE: later("{artist} is here now"),
    Kind.TIER_ENDS_SOON: later("What is open to you at {artist}’s presence ends on {day}"),
    Kind.RENEWAL_FAILED: later("Your subscription at {artist}’s presence was not renewed"),
}
MORE = {
    Kind.QUESTION_ANSWERED: later("Read it here:"),
    Kind.LET_IN: later("What it is, you see here:"),
    Kind.SHE_IS_HERE: later("Come in here:"),
    Kind.TIER_ENDS_SOON: later("How it can go on, you see here:"),
    Kind.RENEWAL_FAILED: later("What it opens stays open for a few days. How it can go on, you see here:"),
}
SIGNED_IN = later("Read it here, where you are signed in:")


@dataclass(frozen=True, slots=True)
class Stop:
    """A link that stops mails, and of which kind; None is all of them."""

    kind: Kind | None
    link: str


@dataclass(frozen=True, slots=True)
class Words:
    """Writes for one artist; `called` gives her name as it is now."""

    called: Callable[[], str]
    language: str = ENGLISH
    """Of letters and pushes."""

    def title(self, event: Event) -> Said:
        """Say in one line what happened."""
        return said(TITLES[event.kind], artist=self.called(), day=Day(event.until))

    def title_of_all(self, events: Sequence[Event]) -> Said:
        """Say it of several."""
        if len({event.link for event in events}) == 1:
            return self.title(events[0])
        return said("{news} news from {artist}’s presence", news=len(events), artist=self.called())

    def pushed(self, events: Sequence[Event]) -> str:
        """Say it in the language of letters and pushes."""
        with speaking(self.language, self.called()):
            return wording(self.title_of_all(events))

    def letter(self, to: str, events: Sequence[Event], origin: str, stops: Sequence[Stop], one_click: str) -> Letter:
        """Write one letter about these; `origin` is the address of this presence, `one_click` for a mail program."""
        with speaking(self.language, self.called()):
            told = "\n".join(f"{self._sentence(event)}\n{origin}{event.link}\n" for event in events)
            foot = say(_FOOT, artist=self.called(), page=f"{origin}/telling")
            ways = "".join(say(_STOP, about=self.about(stop.kind), link=stop.link) for stop in stops)
            return Letter(to, wording(self.title_of_all(events)), told + foot + ways, one_click)

    def about(self, kind: Kind | None) -> Said:
        """Name a kind of mail, as in “mails about your questions”."""
        return said(EVERYTHING if kind is None else ABOUT[kind], artist=self.called())

    def _sentence(self, event: Event) -> str:
        more = MORE[event.kind]
        if event.kind is Kind.QUESTION_ANSWERED and event.did.startswith("did:"):
            more = SIGNED_IN  # who asked without a key may leave an address all the same
        return say("{title}. {more}", title=self.title(event), more=said(more))
