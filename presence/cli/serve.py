"""`presence serve`."""

import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presence.cli import session
from presence.errors import SettingsWrong

if TYPE_CHECKING:
    from presence.bootstrap import Services
    from presence.settings import Settings

CLOSE_SECONDS_MAX = 5
LEFT_S = 1_800.0  # no answer takes so long
WITHOUT_A_MODEL = (
    "Answers are quotations only. For a local language model: presence models pull small && presence models use small"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Open the presence to listeners."""
    given: dict[str, Any] = {k: v for k, v in (("host", host), ("port", port)) if v is not None}
    serve_home(session.settings_of_a_home(**given))


@dataclass(frozen=True, slots=True)
class Announced:
    """How the opening is announced."""

    demo: bool = False


def serve_home(
    settings: "Settings", *, before: "Callable[[Services], None]" = lambda _: None, announced: Announced | None = None
) -> None:
    """Open the home, do `before`, then serve until a signal comes."""
    import asyncio

    from presence import logs
    from presence.bootstrap import bootstrap  # --help should load none of this
    from presence.node_secret import node_secret
    from presence.processes.house import number_of

    logs.catch_threads()
    typer.echo(f"Opening {settings.home} …")
    with bootstrap(settings) as services:
        living = services.processes.living
        living.serve(lambda: number_of(node_secret(services.home)))
        for finding in services.library.start():
            typer.echo(finding.sentence)
        services.recordings.start(is_alone=not living.others())
        if (doubt := services.trust.doubt) is not None:
            typer.echo(f"{doubt} Everybody is public until then: presence doctor")
        settled = settle(services)
        if settled:
            typer.echo(f"{settled} answers were broken off by the last stop; they are settled and cost nothing.")
        services.processes.steward.start()
        services.settling.start()
        services.bookkeeper.start()
        services.telling.start()
        services.stepping_in.lookout.start()
        services.sites.watch.start()
        services.keeping.start()
        if services.cards_worker is not None:
            services.cards_worker.start()
        before(services)
        asyncio.run(_serve(services, announced or Announced()))


def settle(services: "Services") -> int:
    """Settle what a crash left in mid-answer, and let go what it had set aside; give how many answers.

    On SQLite this process is the only one. On PostgreSQL others may be writing answers now: what those left that are
    gone is settled by whoever leads, within half a minute, and here only what is older than any answer takes.
    """
    if services.database.dialect == "sqlite":
        services.paying.holds.end_all()
        return services.desk.transcripts.settle_unfinished()
    services.paying.holds.expire()
    return services.desk.transcripts.settle_unfinished(older_than_s=LEFT_S)


async def _serve(services: "Services", announced: Announced) -> None:
    import uvicorn

    from presence.app import create_app
    from presence.local.socket import open_door

    listening = _listen(services.settings)
    app = create_app(services)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=CLOSE_SECONDS_MAX,
    )
    server = uvicorn.Server(config)
    app.state.is_closing = lambda: server.should_exit  # streams without an end of their own look at it
    async with open_door(services):
        services.origins.at_port(listening.getsockname()[1])
        _announce(services, listening.getsockname()[1], announced)
        # uvicorn raises the signal once more when it has closed; by default that would end the
        # process here, with answers unsettled and the home's door left standing.
        for stopping in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stopping, lambda _number, _frame: None)
        await server.serve(sockets=[listening])


def _listen(settings: "Settings") -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Without its protocol by name, asyncio does not see that this is TCP and leaves Nagle's algorithm on: the end
    # of a response then waits up to 40 ms for the other side to acknowledge its beginning.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsWrong(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}). Set PRESENCE_PORT."
        ) from error
    return listening


def _announce(services: "Services", port: int, announced: Announced) -> None:
    settings = services.settings
    # By its name: passkeys exist for names only.
    by_name = settings.public_url is not None or settings.host in ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104
    address = services.origins.first if by_name else f"http://{settings.host}:{port}"
    readiness = services.engine_readiness()
    engine = f"{readiness.state}, {readiness.percent} %" if readiness.percent is not None else readiness.state
    typer.echo(f"\n  {settings.artist_name}'s presence is open at  {address}/")
    if announced.demo:
        typer.echo("  It is an invented artist, to look around in. The passphrase of her key: invented")
    typer.echo(f"  Your way in as its operator (works once):  {address}/operator?token={services.operator.new_token()}")
    typer.echo(f"  Answers come from: {services.writer.name}; language engine: {engine}. Stop with Ctrl-C.\n")
    if settings.models.gguf is None and settings.models.url is None:
        typer.echo(f"  {WITHOUT_A_MODEL}\n")
