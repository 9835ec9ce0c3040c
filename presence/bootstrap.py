"""The only place of wiring: from settings to live objects, and back to nothing when the node closes."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from pathlib import Path

import structlog

from billing import Currency
from knowledge import (
    Curation,
    Embedder,
    Embedding,
    Leaves,
    Library,
    Moments,
    Move,
    OpenAgain,
    Origin,
    Recordings,
    Search,
    Things,
    Turns,
    Uploads,
    VectorIndex,
)
from knowledge.arriving import KeptIndex
from knowledge.browsing import Browsing
from knowledge.facts.directory import Directory
from knowledge.lexical import Analyser, lexical_index_for
from knowledge.review import Review
from models import (
    Fallback,
    LocalModel,
    ModelError,
    Places,
    QuotingWriter,
    Readiness,
    Writer,
    identity_of,
    open_local,
    readiness,
)
from presence.asking.acts import Acts
from presence.asking.answering import Ticket
from presence.asking.answers import Answers
from presence.asking.contracts import Outcome
from presence.asking.conversations import Conversations
from presence.asking.desk import Desk, News
from presence.asking.history import History
from presence.asking.house import Asking, Neighbours, open_asking
from presence.asking.inbox import Inbox
from presence.asking.offers import Offers
from presence.asking.prompt import persona
from presence.asking.quality import Quality
from presence.asking.reports import Reports
from presence.asking.shared import Shares
from presence.asking.speaking import Voice
from presence.asking.tickets import Counter
from presence.asking.trying import Trying
from presence.asking.unsettled import LOOK_S as SETTLE_S
from presence.bringing.house import BringingIn
from presence.database import Database, open_database
from presence.home import Home
from presence.identity import NodeKeys, begin_log, node_keys
from presence.keeping.house import Keeping
from presence.keeping.making import Source
from presence.keeping.outgrowing import refuse_half_moved
from presence.kept_apart import KeptApart
from presence.memory.house import Memory
from presence.memory.leaving import Leaving
from presence.memory.volunteering import Volunteering
from presence.migrations import upgrade
from presence.node_secret import node_secret
from presence.paying.cards import CardSide, CardsWorker, open_cards
from presence.paying.house import Bookkeeper, Paying, open_paying
from presence.people.house import People, open_people
from presence.people.names import called_on, has_key
from presence.persona.files import Personas
from presence.processes.counting import SharedCounts
from presence.processes.house import Processes, open_processes
from presence.processes.left import Left
from presence.processes.living import Living
from presence.processes.turns import IMPORTING, INDEXING, MOVING, Turn
from presence.sessions.bearer import BearerKeys
from presence.sessions.challenge import Challenges
from presence.sessions.held_keys import HeldKeys
from presence.sessions.letting_in import LettingIn
from presence.sessions.listeners import ListenerSessions
from presence.sessions.mail_link import MailLinks
from presence.sessions.mailboxes import mailbox_of
from presence.sessions.operator import LocalSessions, Operator
from presence.sessions.origins import Origins
from presence.sessions.passkeys import Passkeys
from presence.sessions.signed_requests import SignedRequests
from presence.sessions.standing import Standings
from presence.settings import ModelsSettings, Settings
from presence.sight.metrics import Metrics
from presence.sight.noting import noting, watch_house
from presence.sites import Sites, open_sites
from presence.stepping_in.house import SteppingIn
from presence.stepping_in.lamp import Lamp
from presence.stepping_in.lookout import Lookout
from presence.telling.house import Telling, open_telling
from presence.telling.listeners import take_over as told_instead
from presence.telling.mail import mail_server
from presence.telling.outbox import Outbox
from presence.write_lane import WriteLane
from trustgraph import GrantLog, HeadFile, Tier
from trustgraph.sealing import Seal

MEBIBYTE = 1024**2
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that lives while a node is open."""

    settings: Settings
    home: Home
    database: Database
    lane: WriteLane
    library: Library
    search: Search
    curation: Curation
    recordings: Recordings
    bringing: BringingIn
    review: Review
    writer: Writer
    operator: Operator
    local: LocalSessions
    trust: GrantLog
    standings: Standings
    origins: Origins
    node_keys: NodeKeys
    sessions: ListenerSessions
    challenges: Challenges
    acts: Acts
    personas: Personas
    conversations: Conversations
    offers: Offers
    counter: Counter
    desk: Desk
    engine_readiness: Callable[[], Readiness]
    answers: Answers
    trying: Trying
    quality: Quality
    browsing: Browsing
    directory: Directory
    kept_apart: KeptApart
    inbox: Inbox
    reports: Reports
    people: People
    passkeys: Passkeys
    news: News
    signed_requests: SignedRequests
    bearers: BearerKeys
    letting_in: LettingIn
    outbox: Outbox
    telling: Telling
    mail_links: MailLinks
    held_keys: HeldKeys
    paying: Paying
    bookkeeper: Bookkeeper
    cards: CardSide | None
    cards_worker: CardsWorker | None
    metrics: Metrics
    sites: Sites
    memory: Memory
    leaving: Leaving
    volunteering: Volunteering
    stepping_in: SteppingIn
    leaves: Leaves
    moments: Moments
    keeping: Keeping
    history: History
    settling: Lookout
    shares: Shares
    processes: Processes


@contextmanager
def bootstrap(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    index: VectorIndex | None = None,
    writer: Writer | None = None,
    open_again: OpenAgain | None = None,
) -> Iterator[Services]:
    """Open a node in its home; arguments replace what the settings would choose."""
    home = Home(settings.home)
    with ExitStack() as closing:
        closing.enter_context(home.owned())
        url = settings.database_url.get_secret_value() if settings.database_url else None
        database = open_database(url, home.database)
        closing.callback(database.close)
        upgrade(database.owner)
        refuse_half_moved(database.owner)
        living = Living(database)
        closing.callback(living.close)
        living.open()
        lane = WriteLane(database.owner)
        closing.callback(lane.close)
        origin = _origin(settings) if embedder is None else Origin()
        embedder = embedder or _embedder(settings, home)
        index = index or _index(settings, home, closing)
        analyser = Analyser()
        lexical = lexical_index_for(database.dialect, analyser)
        move = Move(lane, index, embedder, origin, open_again or _opener(home), _announce, _turns(database))
        library = Library(database.reader, lane, move, lexical, is_alone=lambda: not living.others())
        closing.callback(library.close)
        search = Search(database.reader, move.searched, lexical, analyser, keeps_vectors=not index.is_elsewhere)
        personas = Personas(home.persona)
        writer = writer or _writer(settings, home, personas)
        closing.callback(writer.close)
        yield _house(settings, home, database, lane, living, library, search, analyser, personas, writer, closing)


def _house(
    settings: Settings,
    home: Home,
    database: Database,
    lane: WriteLane,
    living: Living,
    library: Library,
    search: Search,
    analyser: Analyser,
    personas: Personas,
    writer: Writer,
    closing: ExitStack,
) -> Services:
    news = News()
    operator = Operator(database, lane)
    trust = GrantLog(database.snapshot, lane, HeadFile(home.keys / "head.json"), time.time)
    begin_log(home, trust)
    standings = Standings(operator, trust, is_near=database.dialect == "sqlite")
    keys, seal, bearers = node_keys(home), Seal(lambda: node_secret(home)), BearerKeys(database, lane)
    people = open_people(database, lane, trust, keys.door, keys.till, lambda address: mailbox_of(address, seal))
    origins = Origins(settings.public_url, settings.port)
    sessions, outbox = (
        ListenerSessions(database, lane, taken_over=told_instead),
        _outbox(settings, database, lane, seal, closing),
    )
    paying = open_paying(
        database,
        lane,
        keys.presence,
        lambda: trust.root or "",
        home.log,
        Currency(settings.billing.currency),
        cache(lambda: node_secret(home)),
        time.time,
    )
    bookkeeper = Bookkeeper(paying, settings.billing.publish_seconds, lambda: living.leads)
    closing.callback(bookkeeper.close)
    cards, cards_worker = _cards(settings, paying, database, trust, people, living, closing)
    telling = open_telling(
        database,
        lane,
        seal,
        outbox,
        origins,
        trust,
        lambda document, tier: library.first_passage(document, tier) is not None,
        cards.subscriptions if cards is not None else None,
        called=lambda: settings.artist_name,
        language=settings.language,
        contact=_contact(settings),
        now=time.time,
    )
    closing.callback(telling.close)
    places = Places(settings.models.places_max, at_once=settings.asking.answers_at_once)
    metrics = Metrics(settings.billing.currency)
    watch_house(metrics, database, lane, places)
    things = Things(database.reader, search)
    memory = Memory(database, lane, people.terms, standings, library.shown_tiers, things.every)
    stepping_in = _stepping_in(settings, database, lane, news, trust, telling, lambda: asking.desk, closing)
    asking = open_asking(
        settings,
        database,
        lane,
        news,
        Neighbours(
            library,
            search,
            analyser,
            writer,
            personas,
            standings,
            paying.pricing,
            paying.holds,
            people.terms,
            places,
            Voice(trust, keys.presence, lambda: identity_of(writer)),
            memory,
            _after(noting(metrics, lambda: writer.name), memory.answered),
            stepping_in,
            paying.holds.abandon,
        ),
    )
    processes = _processes(home, database, lane, living, paying, asking, library, closing)
    uploads = Uploads(home.uploads, settings.knowledge.recording_bytes_max)
    recordings = Recordings(database.reader, database.records, lane, uploads)
    closing.callback(recordings.close)
    bringing = BringingIn(
        home.folder,
        library,
        lambda: settings.artist_name,
        file_bytes_max=settings.knowledge.file_bytes_max,
        sent_bytes_max=settings.knowledge.sent_bytes_max,
    )
    closing.callback(bringing.close)
    changed = _both(_both(news.announce_all, telling.wake), stepping_in.lookout.wake)
    trust.changed, trust.taken_in = changed, metrics.trusted
    return Services(
        settings,
        home,
        database,
        lane,
        library,
        search,
        Curation(database.reader, lane, asking.exact, library.bring_in_step),
        recordings,
        bringing,
        Review(database.reader),
        writer,
        operator,
        LocalSessions(operator),
        trust,
        standings,
        origins,
        keys,
        sessions,
        Challenges(lane, trust, origins),
        asking.acts,
        personas,
        asking.conversations,
        asking.offers,
        asking.counter,
        asking.desk,
        engine_readiness=lambda: readiness(settings.models.gguf, settings.models.build_folder),
        answers=asking.answers,
        trying=asking.trying,
        quality=_quality(database, lane, asking.trying, closing),
        browsing=Browsing(),
        directory=Directory(database.reader, asking.exact),
        kept_apart=KeptApart(database, lane),
        reports=Reports(database, lane, asking.counter, asking.desk.transcripts),
        inbox=Inbox(database, lane, library, asking.counter, lambda: settings.artist_name, answered=telling.answered),
        people=people,
        passkeys=Passkeys(database, lane, origins, lambda: settings.artist_name),
        news=news,
        signed_requests=SignedRequests(lane, origins),
        bearers=bearers,
        letting_in=LettingIn(seal, bearers, sessions),
        outbox=outbox,
        telling=telling,
        mail_links=MailLinks(lane, seal, outbox, origins, lambda: settings.artist_name),
        held_keys=HeldKeys(database, lane, seal, trust, keys, sessions),
        paying=paying,
        bookkeeper=bookkeeper,
        cards=cards,
        cards_worker=cards_worker,
        metrics=metrics,
        sites=_sites(home, database, lane, origins, living, closing),
        memory=memory,
        leaving=Leaving(database, lane, processes.stop, telling, cards),
        volunteering=Volunteering(memory, library, things, asking.acts.recommending),
        stepping_in=stepping_in,
        leaves=Leaves(database.reader),
        moments=Moments(database.reader),
        keeping=_keeping(settings, home, database, living, closing),
        history=History(database, asking.desk.transcripts),
        settling=_settling(asking.unsettled.settle, closing),
        shares=Shares(database, lane, asking.counter, asking.answers),
        processes=processes,
    )


def _stepping_in(
    settings: Settings,
    database: Database,
    lane: WriteLane,
    news: News,
    trust: GrantLog,
    telling: Telling,
    desk: Callable[[], Desk],
    closing: ExitStack,
) -> SteppingIn:
    opened = SteppingIn(
        database,
        lane,
        desk,
        news,
        Lamp(database, lane, telling.arrived),
        lambda listener: int(trust.tier_of(listener).tier) if has_key(listener) else None,
        called_on,
        lambda: settings.artist_name,
    )
    closing.callback(opened.lookout.close)
    return opened


def _quality(database: Database, lane: WriteLane, trying: Trying, closing: ExitStack) -> Quality:
    quality = Quality(database, lane, trying)
    closing.callback(quality.close)
    return quality


def _cards(
    settings: Settings,
    paying: Paying,
    database: Database,
    trust: GrantLog,
    people: People,
    living: Living,
    closing: ExitStack,
) -> tuple[CardSide | None, CardsWorker | None]:
    if settings.billing.stripe_key is None:
        return None, None
    side = open_cards(settings.billing, paying, database, trust, people.till)
    worker = CardsWorker(side, lambda: living.leads)
    closing.callback(worker.close)
    return side, worker


def _sites(
    home: Home, database: Database, lane: WriteLane, origins: Origins, living: Living, closing: ExitStack
) -> Sites:
    sites = open_sites(database, lane, origins, cache(lambda: node_secret(home)), lambda: living.leads)
    closing.callback(sites.watch.close)
    return sites


def _turns(database: Database) -> Turns:
    if database.process is None:
        return Turns()
    return Turns(Turn(database, IMPORTING), Turn(database, INDEXING), Turn(database, MOVING))


def _processes(
    home: Home,
    database: Database,
    lane: WriteLane,
    living: Living,
    paying: Paying,
    asking: Asking,
    library: Library,
    closing: ExitStack,
) -> Processes:
    closing.callback(asking.desk.close)
    closing.callback(asking.ahead.close)
    asking.ahead.start()
    counts = None if living.is_alone else SharedCounts(database, cache(lambda: node_secret(home)))
    left = Left(database, lane, living, asking.desk.transcripts, paying.holds)
    processes = open_processes(living, left, counts, asking.desk.stop, library.bring_in_step)
    closing.callback(processes.steward.close)
    return processes


def _settling(settle: Callable[[], int], closing: ExitStack) -> Lookout:
    """End answers that lost their database, again and again."""
    settling = Lookout(settle, name="unsettled", seconds=SETTLE_S)
    closing.callback(settling.close)
    return settling


def _keeping(settings: Settings, home: Home, database: Database, living: Living, closing: ExitStack) -> Keeping:
    url = settings.database_url.get_secret_value() if settings.database_url else None
    source = Source(home, database, url, lambda: settings.artist_name)
    keeping = Keeping(source, settings.keeping, leads=lambda: living.leads)
    closing.callback(keeping.close)
    return keeping


def _contact(settings: Settings) -> str:
    """Give an address by which push services could reach who runs this node."""
    sender = parseaddr(settings.mail_from or "")[1]
    if (settings.public_url or "").startswith("https://") or not sender:
        return settings.public_url or "https://localhost"
    return f"mailto:{sender}"


def _both(one: Callable[[], None], other: Callable[[], None]) -> Callable[[], None]:
    def both() -> None:
        one()
        other()

    return both


def _after(
    told: Callable[[Ticket, Outcome], object], more: Callable[[Ticket, Outcome], object]
) -> Callable[[Ticket, Outcome], object]:
    def after(ticket: Ticket, outcome: Outcome) -> None:
        told(ticket, outcome)
        more(ticket, outcome)

    return after


def _outbox(settings: Settings, database: Database, lane: WriteLane, seal: Seal, closing: ExitStack) -> Outbox:
    url = settings.smtp_url
    outbox = Outbox(database, lane, seal, mail_server(url.get_secret_value(), settings.mail_from) if url else None)
    outbox.start()
    closing.callback(outbox.close)
    return outbox


def _embedder(settings: Settings, home: Home) -> Embedder:
    from models.embedders.opening import open_embedder  # heavy doors open when needed

    chosen = settings.knowledge
    return open_embedder(chosen.embedder, home.models / "embedders", chosen.embedder_folder, chosen.embedder_brought)


def _origin(settings: Settings) -> Origin:
    folder = settings.knowledge.embedder_folder
    return Origin(settings.knowledge.embedder, str(folder.resolve()) if folder else None)


def _opener(home: Home) -> OpenAgain:
    """Open embedders of earlier settings; one whose weights are gone or changed is None, never an error."""
    from models.embedders.opening import open_embedder, setting_of

    def opened(name: str, origin: Origin) -> Embedder | None:
        folder = Path(origin.folder) if origin.folder else None
        try:
            return open_embedder(origin.setting or setting_of(name), home.models / "embedders", folder)
        except (ModelError, OSError, ValueError, RuntimeError, ImportError) as error:
            log.warning("embedder_gone", embedder=name, why=str(error))
            return None

    return opened


def _announce(what: str, embedding: Embedding) -> None:
    log.info("embedding", state=what, done=embedding.done, whole=embedding.whole)


def _index(settings: Settings, home: Home, closing: ExitStack) -> VectorIndex:
    from knowledge.chroma import ChromaIndex

    if settings.chroma_url:
        index = ChromaIndex.server(settings.chroma_url, at_once=False)
        closing.callback(index.close)
        return index
    return ChromaIndex.embedded(home.chroma)


def open_chroma(url: str) -> KeptIndex:
    """Open a Chroma server to which a home is moved."""
    from knowledge.chroma import ChromaIndex

    return ChromaIndex.server(url)


def _writer(settings: Settings, home: Home, voices: Personas) -> Writer:
    chosen = settings.models
    if chosen.url is not None:
        return Fallback(lambda: _remote(chosen), QuotingWriter())
    if chosen.gguf is None:
        return QuotingWriter()
    model = LocalModel(
        chosen.gguf,
        home.models,
        build_folder=chosen.build_folder,
        context_tokens=chosen.context_tokens,
        threads=chosen.threads,
        listeners=chosen.listeners,
        waiting=chosen.places_max,
        first_token_s=chosen.first_token_seconds,
        conversation_bytes=chosen.conversation_mebibytes * MEBIBYTE,
    )
    personas = [(int(tier), persona(settings.artist_name, voices.at(tier))) for tier in Tier]
    return Fallback(lambda: open_local(model, personas), QuotingWriter())


def _remote(chosen: ModelsSettings) -> Writer:
    from models.remote import RemoteWriter

    key = chosen.url_key.get_secret_value() if chosen.url_key else None
    return RemoteWriter(chosen.url or "", model=chosen.url_model, key=key, constraint=chosen.url_constraint)


__all__ = ["Services", "bootstrap", "open_chroma"]
