"""How the presence is found: by search engines, by programs that look for agents, by people who know its name.

All of it is for everybody, so all of it is made of what is open to everybody, whoever asks.
"""

import re
import unicodedata
from collections.abc import Iterable
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from mcp.types import LATEST_PROTOCOL_VERSION
from starlette.routing import Match

from presence.bootstrap import Services
from presence.errors import ResourceMissing, UnknownResource
from presence.web.deps import ServicesDep
from presence.web.disclosure import label
from presence.web.letting_in import AUTHORIZE, SERVER, TOKEN
from presence.web.protected import MCP_FOR_SOMEBODY
from trustgraph import Tier

router = APIRouter()

PUBLIC = int(Tier.PUBLIC)
NOTES_TOLD = 50
FEED = "/feed.xml"
MCP, MCP_KIND = "/mcp", "https://modelcontextprotocol.io/"
CHATS, CHATS_KIND = "/v1/chat/completions", "https://platform.openai.com/docs/api-reference/chat"
PAGE_KIND = "http://webfinger.net/rel/profile-page"
KEY_KIND = "https://w3id.org/security#verificationMethod"
SHARED = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
# What belongs to one listener, or to the artist, is in no search engine's interest.
NOT_FOR_SEARCH = (
    "/answers/", "/api/", "/auth/", "/ask", "/embed", "/history", "/key", "/oauth/", "/operator", "/people",
    "/programs", "/receipts/", "/studio/", "/v1/", "/wallet",
)  # fmt: skip
# Programs that collect texts to train models with, by the names under which their makers say they come.
TRAINERS = (
    "AI2Bot", "Amazonbot", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot", "cohere-training-data-crawler",
    "Diffbot", "Google-Extended", "GPTBot", "Meta-ExternalAgent", "PanguBot",
)  # fmt: skip


@router.get("/robots.txt", response_class=PlainTextResponse)
def robots(services: ServicesDep) -> PlainTextResponse:
    """Say what programs that walk the web may read, and whether the texts may train models."""
    may_train = services.settings.discovery.ai_training
    lines = ["User-agent: *", f"Content-Usage: train-ai={'y' if may_train else 'n'}"]
    lines += [f"Disallow: {path}" for path in NOT_FOR_SEARCH] + ["Allow: /", ""]
    if not may_train:
        lines += [f"User-agent: {name}" for name in TRAINERS] + ["Disallow: /", ""]
    return PlainTextResponse("\n".join(lines), headers=SHARED)


@router.get("/llms.txt", response_class=PlainTextResponse)
def for_language_models(request: Request, services: ServicesDep) -> PlainTextResponse:
    """Tell language models in Markdown what is here and how it is asked."""
    artist, origin = services.settings.artist_name, services.origins.first
    lines = [
        f"# {_plain(artist)}",
        "",
        f"> {label(_plain(artist))}. Each sentence names its note.",
        "",
    ]
    lines += ["## Asking", "", f"- [The room]({origin}/): for people"]
    lines += [f"- [{told}]({origin}{path}): {how}" for path, told, how in _ways(request)]
    lines += [f"- [The API]({origin}/api/openapi.json): OpenAPI", f"- [Prices]({origin}/pricing)", ""]
    notes = services.library.newest(PUBLIC, NOTES_TOLD)
    if notes:
        lines += ["## Notes that are open to all", "", f"- [What is new]({origin}{FEED}): Atom"]
        lines += [f"- [{_plain(note.title)}]({origin}/sources/{note.passage})" for note in notes] + [""]
    return PlainTextResponse("\n".join(lines), media_type="text/markdown", headers=SHARED)


@router.get("/.well-known/agent-card.json")
@router.get("/.well-known/agent.json", include_in_schema=False)
def agent_card(request: Request, services: ServicesDep) -> JSONResponse:
    """Describe the presence in A2A's words (1.0); the interfaces that it names are those that it has, and no others.

    Programs made for earlier versions look at `/.well-known/agent.json`, where the same card stands.
    """
    artist, origin = services.settings.artist_name, services.origins.first
    examples = services.library.examples(PUBLIC)
    interfaces = [
        {"url": f"{origin}{path}", "protocolBinding": kind, "protocolVersion": number}
        for path, kind, number in ((MCP, MCP_KIND, LATEST_PROTOCOL_VERSION), (CHATS, CHATS_KIND, "v1"))
        if _is_served(request, path)
    ]
    entering = {"authorizationUrl": f"{origin}{AUTHORIZE}", "tokenUrl": f"{origin}{TOKEN}", "scopes": {}}
    flows = {"authorizationCode": {**entering, "pkceRequired": True}}
    card: dict[str, Any] = {
        "name": f"{artist}’s presence",
        "description": f"{label(artist)}. It quotes her material and names the place of each sentence.",
        "version": version("presence"),
        "provider": {"organization": artist, "url": origin},
        "documentationUrl": f"{origin}/llms.txt",
        "iconUrl": f"{origin}/static/mark.svg",
        "supportedInterfaces": interfaces,
        "capabilities": {"streaming": True, "pushNotifications": False, "extendedAgentCard": False},
        "securitySchemes": {
            "key": {"httpAuthSecurityScheme": {"scheme": "Bearer"}},
            "letting in": {"oauth2SecurityScheme": {"oauth2MetadataUrl": f"{origin}{SERVER}", "flows": flows}},
        },
        "defaultInputModes": ["text/plain"],
        "defaultOutputModes": ["text/plain", "application/json"],
        "skills": [
            {
                "id": "ask",
                "name": f"Ask {artist}’s notes",
                "description": "Answers a question from the notes, with sources, or says that they do not tell.",
                "tags": ["music", "archive", "questions", "citations"],
                "examples": examples,
            }
        ],
    }
    return JSONResponse(card, headers=SHARED)


@router.get("/.well-known/webfinger")
def webfinger(
    request: Request,
    services: ServicesDep,
    resource: Annotated[str, Query(max_length=500)] = "",
    rel: Annotated[list[str] | None, Query()] = None,
) -> JSONResponse:
    """Lead from a name or an address to the presence: its key, its page, its ways in (RFC 7033)."""
    if not resource:
        raise ResourceMissing
    origin = services.origins.first
    if not _is_us(services, resource):
        raise UnknownResource
    key = services.node_keys.presence
    links = [{"rel": PAGE_KIND, "type": "text/html", "href": f"{origin}/"}]
    if key is not None:
        links.append({"rel": KEY_KIND, "href": key.did})
    links.append({"rel": "alternate", "type": "application/atom+xml", "href": f"{origin}{FEED}"})
    links.append({"rel": "service-desc", "type": "application/json", "href": f"{origin}/api/openapi.json"})
    kinds = {MCP: MCP_KIND, MCP_FOR_SOMEBODY: MCP_KIND, CHATS: CHATS_KIND}
    links += [{"rel": kinds[path], "href": f"{origin}{path}"} for path, _, _ in _ways(request)]
    told = {
        "subject": resource,
        "aliases": [f"{origin}/", *([key.did] if key is not None else [])],
        "links": [link for link in links if rel is None or link["rel"] in rel],
    }
    return JSONResponse(told, media_type="application/jrd+json", headers=SHARED)


def artist_data(services: Services) -> dict[str, Any]:
    """Say whose presence this is in schema.org's words, for the first page; only confirmed sites are hers here."""
    origin, artist = services.origins.first, services.settings.artist_name
    return {
        "@context": "https://schema.org",
        "@type": services.settings.discovery.artist_is,
        "name": artist,
        "url": f"{origin}/",
        "sameAs": [site.address for site in services.sites.own.all() if site.confirmed],
        "subjectOf": {"@type": "WebApplication", "name": label(artist), "url": f"{origin}/"},
    }


def handle_of(artist: str) -> str:
    """Make a name for `acct:` of an artist's name: small letters, figures and hyphens."""
    plain = unicodedata.normalize("NFKD", artist).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "artist"


def _is_us(services: Services, resource: str) -> bool:
    if resource.lower().startswith("acct:"):
        name, _, host = resource[5:].lower().rpartition("@")
        ours = {urlsplit(origin).netloc for origin in services.origins.all}
        ours |= {urlsplit(origin).hostname or "" for origin in services.origins.all}
        return name in (handle_of(services.settings.artist_name), "presence") and host in ours
    key = services.node_keys.presence
    addresses = {f"{origin}{end}" for origin in services.origins.all for end in ("", "/")}
    return resource in addresses or (key is not None and resource == key.did)


def _ways(request: Request) -> Iterable[tuple[str, str, str]]:
    """Give the ways in for programs that this node has."""
    ways = (
        (MCP, "Model Context Protocol", "streamable HTTP, with `ask`, `search` and `fetch`"),
        (
            MCP_FOR_SOMEBODY,
            "Model Context Protocol, for a listener",
            "the same at her tier; she lets a program in by OAuth",
        ),
        (CHATS, "Chat completions", "in OpenAI’s shape"),
    )
    return [way for way in ways if _is_served(request, way[0])]


def _is_served(request: Request, path: str) -> bool:
    scope = {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": [], "query_string": b""}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _plain(text: str) -> str:
    """Take from a text what would be a mark in Markdown."""
    return " ".join(re.sub(r"[\[\]()<>`*_#\\|]", " ", text).split())
