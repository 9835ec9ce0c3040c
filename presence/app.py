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


def create_app(services: Services) -> FastAPI:
    """Give the application for services that are open; whoever opened them closes them."""
    app = FastAPI(title="Presence", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.services = services
    app.state.limits = Limits(services.settings.limits)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problems.install(app)
    app.add_middleware(Embeds, bearers=services.bearers)
    app.add_middleware(
        Guard,
        metrics=services.metrics,
        body_bytes_max=services.settings.asking.body_bytes_max,
        recording_bytes_max=services.settings.knowledge.recording_bytes_max,
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=services.settings.allowed_hosts)
    return app
