"""The web application, put together from its routers."""

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from presence import problems
from presence.bootstrap import Services
from presence.web import (
    audio,
    auth,
    cards,
    discovery,
    embed_room,
    feeds,
    follow,
    forwarding,
    health,
    invites,
    key_page,
    keys,
    leaving,
    likes,
    listener,
    mail_sign_in,
    mcp_server,
    me_events,
    memory,
    openai_api,
    operator,
    passkeys,
    people,
    pricing,
    protected,
    public_log,
    questions,
    receipts,
    recordings,
    reports,
    splits,
    statements,
    studio_people,
    telling,
    tiers,
    trust,
    wallet,
)
from presence.web.embeds import Embeds
from presence.web.guard import Guard
from presence.web.limits import Limits
from presence.web.pages import STATIC


def create_app(services: Services) -> FastAPI:
    """Give the application for services that are open; whoever opened them closes them."""
    app = FastAPI(title="Presence", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.services = services
    app.state.limits = Limits(services.settings.limits)
    for room in (
        listener,
        questions,
        forwarding,
        recordings,
        reports,
        audio,
        auth,
        cards,
        trust,
        passkeys,
        mail_sign_in,
        keys,
        key_page,
        me_events,
        memory,
        leaving,
        likes,
        tiers,
        people,
        follow,
        invites,
        pricing,
        wallet,
        telling,
        receipts,
        splits,
        statements,
        public_log,
        discovery,
        feeds,
        embed_room,
        openai_api,
        mcp_server,
        protected,
        studio_people,
        operator,
        health,
    ):
        app.include_router(room.router)
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
