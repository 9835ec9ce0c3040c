"""Puts the room of asking together: what can be asked for, the counter, the desk, and what was answered."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from knowledge import (
    ExactQuestions,
    Knowing,
    Leaning,
    Library,
    NearestQuestion,
    Recommending,
    Search,
    Things,
    Walks,
)
from knowledge.lexical import Analyser
from knowledge.reading_ahead import ReadingAhead
from models import Places, Writer
from presence.asking.acts import Acts
from presence.asking.answering import Answering, Ticket
from presence.asking.answers import Answers
from presence.asking.choosing import WriterChooses
from presence.asking.contracts import Holds, Outcome, Prices, Remembering, StandBy, TierOf, WithHer
from presence.asking.conversations import Conversations
from presence.asking.desk import Desk, News
from presence.asking.offers import Offers
from presence.asking.repeats import Marks
from presence.asking.tickets import Counter
from presence.asking.transcripts import Transcripts
from presence.asking.trying import Trying
from presence.asking.unsettled import Unsettled
from presence.database import Database
from presence.people.terms import TierTerms
from presence.persona.files import Personas
from presence.persona.refusing import Refusing
from presence.settings import Settings
from presence.write_lane import WriteLane


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What asking needs of the other rooms."""

    library: Library
    search: Search
    analyser: Analyser
    writer: Writer
    personas: Personas
    tier_of: TierOf
    prices: Prices
    holds: Holds
    terms: TierTerms
    places: Places
    stand_by: StandBy
    remembering: Remembering
    watch: Callable[[Ticket, Outcome], object]
    with_her: WithHer
    abandon: Callable[[Connection, str], object]


@dataclass(frozen=True, slots=True)
class Asking:
    """The room of asking."""

    exact: ExactQuestions
    acts: Acts
    offers: Offers
    conversations: Conversations
    counter: Counter
    desk: Desk
    answers: Answers
    trying: Trying
    unsettled: Unsettled
    ahead: ReadingAhead


def open_asking(settings: Settings, database: Database, lane: WriteLane, news: News, beside: Neighbours) -> Asking:
    """Open it; whoever opened it closes the desk, and starts and closes the reading ahead."""
    library, search, writer = beside.library, beside.search, beside.writer

    def called() -> str:
        return settings.artist_name

    transcripts = Transcripts(database, lane, news.announce)

    def cited_tier(ident: str) -> int:
        return library.highest_tier(transcripts.cited_documents(ident))

    conversations = Conversations(database, lambda idents: {one: cited_tier(one) for one in idents})
    offers = Offers(database, lane, beside.prices, beside.tier_of, seconds=settings.asking.offer_seconds)
    counter = Counter(
        offers,
        beside.prices,
        beside.tier_of,
        beside.places,
        beside.holds,
        transcripts,
        lambda: writer.name,
        cited_tier,
        conversations,
        Marks(
            library.versions,
            lambda: writer.name,
            lambda tier: beside.personas.at(tier).sha256,
            lambda listener, tier: beside.remembering.of(listener, tier).version,
        ),
        beside.terms.of,
        settings.asking.turns_max,
        settings.limits.people_per_address,
        beside.with_her,
    )
    unsettled = Unsettled(lane, transcripts, beside.abandon)
    beside.places.given_back = unsettled.leave
    nearest = NearestQuestion(search.embed, WriterChooses(writer))
    exact = ExactQuestions(database.reader, called, nearest=nearest)
    things = Things(database.reader, search)
    acts = Acts(things, Walks(database.reader), Recommending(things, search), settings.asking.question_chars_max)
    answering = Answering(
        called,
        Knowing(exact, search, Leaning(beside.analyser, exact), database.at_one_moment),
        writer,
        beside.tier_of,
        beside.holds,
        beside.places,
        transcripts,
        beside.personas,
        Refusing(beside.analyser),
        acts,
        notes_at=library.documents_lately,  # each question looks at the versions when it is opened
        remembering=beside.remembering,
        stand_by=beside.stand_by,
        watch=_also(unsettled, beside.watch),
        sentences_at=beside.terms.sentences,
        by_words_alone=lambda: library.is_index_away,
    )
    desk = Desk(answering, beside.places, news, answers_at_once=settings.asking.answers_at_once)
    answers = Answers(database, library, transcripts, counter)
    trying = Trying(answering, exact, search, settings.asking.question_chars_max)
    ahead = ReadingAhead(search, lambda: desk.under_way > 0)
    return Asking(exact, acts, offers, conversations, counter, desk, answers, trying, unsettled, ahead)


def _also(unsettled: Unsettled, watch: Callable[[Ticket, Outcome], object]) -> Callable[[Ticket, Outcome], object]:
    def settled(ticket: Ticket, outcome: Outcome) -> None:
        unsettled.settled(ticket.ident)
        watch(ticket, outcome)

    return settled
