"""What the protocol's tools do: `ask` is priced as everywhere, `search` and `fetch` read what is open.

They know nothing of the protocol but the shape of a result.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.types import CallToolResult, TextContent

from knowledge.evidence import SourcePassage
from presence.asking.contracts import Listener, Outcome
from presence.asking.question import cleaned
from presence.bootstrap import Services
from presence.errors import AnswerFailed, RoomClosed, UnknownSource
from presence.web.beside import named_beside, with_addresses
from presence.web.disclosure import disclosed, quotes_notes
from presence.web.mcp_shapes import Ask, Find, Open
from presence.web.openai_request import max_price_of
from presence.web.questions import Opened, QuestionBody, allowed, ask, question_of
from presence.web.spoken import absolute, cited_at, ending, in_her_name, sources_in_words, with_pointers

RESULTS_MAX = 10

Context = ServerRequestContext[Any, Any]
Structured = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools as one listener has them, for one request."""

    services: Services
    listener: Listener
    tier: int
    origin: str
    count: Callable[[str], None]
    """Counts one more of what is limited, or raises `TooMany`."""

    @property
    def artist(self) -> str:
        """Whose notes these are."""
        return self.services.settings.artist_name

    async def ask(self, context: Context, wanted: Ask) -> CallToolResult:
        """Answer a question; each sentence is told as progress to who asked to hear of it."""
        opened = await asyncio.to_thread(self._asked, wanted)
        said = 0
        async for events in allowed(self.services, opened.ident, self.listener):
            for event in events:
                if event.kind == "sentence":
                    said += 1
                    await context.session.report_progress(said, message=event.body["text"])
        return await asyncio.to_thread(self._answer, opened)

    async def search(self, _context: Context, wanted: Find) -> CallToolResult:
        """Find places in the notes that are open to this listener, the best first."""
        return _as_json({"results": await asyncio.to_thread(self._found, wanted.query)})

    async def fetch(self, _context: Context, wanted: Open) -> CallToolResult:
        """Open a place in the notes, if it is open to this listener."""
        return _as_json(await asyncio.to_thread(self._place, wanted.id))

    def _asked(self, wanted: Ask) -> Opened:
        self.count("questions")
        agreed = max_price_of(self.listener, wanted.max_price_micros, wanted.offer_id)
        body = QuestionBody(**{**wanted.model_dump(), "max_price_micros": agreed})
        return ask(self.services, question_of(self.services, body, self.listener, self.tier))

    def _answer(self, opened: Opened) -> CallToolResult:
        answer = self.services.answers.read(opened.ident, self.listener)
        outcome = Outcome(answer["outcome"])
        if outcome is Outcome.FAILED:
            raise AnswerFailed
        told = {
            **answer,
            **disclosed(answer["writer"], self.artist, quotes=quotes_notes(answer)),
            "citations": cited_at(answer["citations"], self.origin),
            "conversation": opened.conversation,
            "tier": opened.tier,
            "price_micros": opened.price_micros,
        }
        if "nearest" in told:
            told["nearest"] = [{**near, "url": absolute(near["url"], self.origin)} for near in told["nearest"]]
        if opened.free_because:
            told["free_because"] = opened.free_because
        spoken = (sentence["text"] for sentence in told["sentences"])
        named = named_beside(self.services, opened.ident, self.listener, spoken, told["citations"])
        if named is not None:
            told["before_you_leave"] = with_addresses(named, self.origin)
        hers = [in_her_name(line) for line in told.get("human", ())]
        parts = [told["disclosure"], with_pointers(told["sentences"]), *hers, ending(outcome, told, self.origin)]
        parts.append(sources_in_words(told["citations"]))
        return _result("\n\n".join(part for part in parts if part), told)

    def _found(self, query: str) -> list[Structured]:
        """Rank places; where a tier may not ask, it does not search either."""
        self.count("offers")
        if self.listener.operator_session is None and not self.services.people.terms.of(self.tier).may_ask:
            raise RoomClosed
        words = cleaned(query, self.services.settings.asking.question_chars_max)
        ranked = self.services.search.passages(words, self.tier)[:RESULTS_MAX]
        return [
            {"id": one.passage.ident, "title": _titled(one.passage), "url": self._url("sources", one.passage.ident)}
            for one in ranked
        ]

    def _place(self, wanted: str) -> Structured:
        ident = wanted.rstrip("/").rpartition("/")[2].partition("#")[0]
        if (opened := self.services.library.passage(ident, self.tier)) is not None:
            return self._passage(opened.passage)
        if (found := self.services.library.row(ident, self.tier)) is None:
            raise UnknownSource
        row = found.row
        metadata = {"kind": "fact", "speaker": row.speaker, "date": row.date, "locator": row.locator, "tier": row.tier}
        return self._shown(row.ident, row.title, row.raw, "rows", metadata)

    def _passage(self, passage: SourcePassage) -> Structured:
        metadata = {
            "kind": "passage",
            "speaker": passage.speaker,
            "date": passage.date,
            "locator": {"file": passage.file_name, "heading": passage.heading},
            "licence": passage.licence,
            "tier": passage.tier,
        }
        return self._shown(passage.ident, _titled(passage), passage.text, "sources", metadata)

    def _shown(self, ident: str, title: str, text: str, page: str, metadata: Structured) -> Structured:
        return {"id": ident, "title": title, "text": text, "url": self._url(page, ident), "metadata": metadata}

    def _url(self, page: str, ident: str) -> str:
        return f"{self.origin}/{page}/{ident}"


def _titled(passage: SourcePassage) -> str:
    return f"{passage.title}: {passage.heading}" if passage.heading else passage.title


def _as_json(structured: Structured) -> CallToolResult:
    """Give a result whose text is the same as JSON, which is where connectors look for it."""
    return _result(json.dumps(structured, ensure_ascii=False), structured)


def _result(text: str, structured: Structured) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)
