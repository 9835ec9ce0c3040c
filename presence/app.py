"""The web application, put together from its routers."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from presence import problems
from presence.bootstrap import Services
from presence.web import audio, auth, forwarding, health, listener, operator, questions, recordings, trust
from presence.web.guard import Guard
from presence.web.pages import STATIC


def create_app(services: Services) -> FastAPI:
    """Give the application for services that are open; whoever opened them closes them."""
    app = FastAPI(title="Presence", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.services = services
    for room in (listener, questions, forwarding, recordings, audio, auth, trust, operator, health):
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app)
    app.add_middleware(
        Guard,
        body_bytes_max=services.settings.asking.body_bytes_max,
        recording_bytes_max=services.settings.knowledge.recording_bytes_max,
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=services.settings.allowed_hosts)
    return app
