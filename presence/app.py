"""The web application, put together from its routers."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from presence import problems
from presence.bootstrap import Services
from presence.web.embeds import Embeds
from presence.web.guard import Guard
from presence.web.limits import Limits
from presence.web.pages import STATIC
from presence.web.rooms import ROUTERS

FORM_BYTES_MAX = 1024**2
"""What a form says beside its files: names, and what stands between them."""


def create_app(services: Services) -> FastAPI:
    """Give the application for services that are open; whoever opened them closes them."""
    app = FastAPI(title="Presence", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.services = services
    app.state.limits = Limits(services.settings.limits, together=services.processes.counts)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app)
    app.add_middleware(Embeds, bearers=services.bearers)
    app.add_middleware(
        Guard,
        metrics=services.metrics,
        body_bytes_max=services.settings.asking.body_bytes_max,
        streamed=_streamed(services),
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=services.settings.allowed_hosts)
    return app


NOTE_FORM_BYTES_MAX = 4 * 1024**2
"""A long note, as a form sends it: a line's end takes six bytes."""


def _streamed(services: Services) -> dict[tuple[str, str], int]:
    """Say below which places more may be sent than a request usually has, and how much, in bytes.

    Handlers there read what is sent by themselves: a parameter of theirs would be read before anybody
    has asked who sends it.
    """
    chosen = services.settings.knowledge
    return {
        ("PATCH", "/api/recordings/"): chosen.recording_bytes_max,
        ("POST", "/studio/recordings/file"): chosen.recording_bytes_max + FORM_BYTES_MAX,
        ("POST", "/studio/bring-in/files"): chosen.sent_bytes_max + FORM_BYTES_MAX,
        ("PUT", "/studio/bring-in/files/"): chosen.sent_bytes_max,
        ("POST", "/studio/notes/"): NOTE_FORM_BYTES_MAX,
    }
