"""An answer in OpenAI's shape: each verified sentence is one chunk, with what it rests on beside it.

Indices of annotations count characters of the whole content, the end not included.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from presence.asking.contracts import Outcome
from presence.asking.steps import Event
from presence.asking.transcripts import Asked
from presence.web.beside import with_addresses
from presence.web.disclosure import disclosed, how_written
from presence.web.openai_errors import chat_error
from presence.web.openai_request import CITED, MODEL
from presence.web.spoken import absolute, cited_at, ending, in_her_name, sources_in_words

_UNANSWERED = {Outcome.REFUSED: "content_filter", Outcome.REVOKED: "content_filter"}
_TOLD = ("choices", "nearest", "reason", "statement")


@dataclass(slots=True)
class Reply:
    """What was said so far of one answer; `heard` takes its committed steps in, in order."""

    asked: Asked
    conversation: str
    artist: str
    origin: str
    is_labelled: bool  # whether it begins with the label, as the first of a conversation does
    free_because: str | None = None
    model: str = MODEL
    content: str = ""
    citations: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    outcome: Outcome | None = None
    receipt: dict[str, Any] | None = None
    ended: dict[str, Any] = field(default_factory=dict)
    human: list[dict[str, Any]] = field(default_factory=list)
    beside: dict[str, Any] | None = None
    """What is named beside it to who agreed to that; it is told with the end."""
    _is_begun: bool = False

    def opened(self) -> Iterator[dict[str, Any]]:
        """Give the first chunk: whose turn it is, and what speaks here."""
        label = f"{how_written(self.asked.writer, self.artist)}\n\n" if self.is_labelled else ""
        self.content = label
        yield self.chunk({"role": "assistant", "content": label})

    def heard(self, event: Event) -> Iterator[dict[str, Any]]:
        """Give what a step adds, as chunks."""
        if event.kind == "sentence":
            yield self.chunk(self._sentence(event.body))
        elif event.kind == "human":
            yield self.chunk(self._hers(event.body), ai_generated=False)
        elif event.kind == "receipt":
            self.receipt = event.body
        elif event.kind == "done":
            yield from self._done(event.body)

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> dict[str, Any]:
        """Give a chunk of the stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return {**self._head("chat.completion.chunk"), "choices": [choice], "ai_generated": True, **more}

    def usage_chunk(self) -> dict[str, Any]:
        """Give the last chunk of who asked for it: nothing is said, but how much it was."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage}

    def completion(self) -> dict[str, Any]:
        """Give the whole answer in one piece."""
        message = {
            "role": "assistant",
            "content": self.content,
            "refusal": None,
            "annotations": self.annotations,
            "citations": self.citations,
        }
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason, "logprobs": None}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage, **self._about()}

    @property
    def failure(self) -> dict[str, Any] | None:
        """The error that a stream ends with where an answer failed."""
        if self.outcome is not Outcome.FAILED:
            return None
        return chat_error(503, ending(Outcome.FAILED, {}, self.origin), "answer_failed", {})

    @property
    def finish_reason(self) -> str:
        """Why it ended, in OpenAI's words."""
        return _UNANSWERED.get(self.outcome or Outcome.ANSWERED, "stop")

    @property
    def usage(self) -> dict[str, Any]:
        """How much was read and written: tokens where a language model counted them, words where none wrote."""
        counted = self.ended.get("usage")
        read, written = (
            (counted["prompt_tokens"], counted["answer_tokens"])
            if counted
            else (len(self.asked.question.split()), len(self.content.split()))
        )
        total = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        return {**total, "counted": "tokens" if counted else "words"}

    def _sentence(self, body: dict[str, Any]) -> dict[str, Any]:
        text: str = body["text"]
        before = " " if self._is_begun else ""
        start = len(self.content) + len(before)
        self.content += before + text
        self._is_begun = True
        cited = cited_at(body.get("cited", ()), self.origin)
        marks = [_annotation(one, start, start + len(text)) for one in cited]
        self.citations += cited
        self.annotations += marks
        pointers = "".join(f" [{one['n']}]" for one in cited) if self.model == CITED else ""
        self.content += pointers
        delta: dict[str, Any] = {"content": before + text + pointers}
        return delta | ({"annotations": marks, "citations": cited} if cited else {})

    def _hers(self, body: dict[str, Any]) -> dict[str, Any]:
        """Say a line of the artist's own, with her name before it."""
        text = ("\n\n" if self._is_begun else "") + in_her_name(body)
        self.content += text
        self._is_begun = True
        self.human.append(body)
        return {"content": text}

    def _done(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self.outcome, self.ended = Outcome(body["outcome"]), body
        if self.outcome is Outcome.FAILED:
            return
        words = ending(self.outcome, body, self.origin)
        if self.model == CITED and self.citations:
            words = "\n\n".join(part for part in (words, sources_in_words(self.citations)) if part)
        if words:
            words = ("\n\n" if self._is_begun else "") + words
            self.content += words
            yield self.chunk({"content": words})
        yield self.chunk({}, self.finish_reason, **self._about())

    def _head(self, kind: str) -> dict[str, Any]:
        ident = f"chatcmpl-{self.asked.ident}"
        return {"id": ident, "object": kind, "created": int(self.asked.created_at), "model": self.model}

    def _about(self) -> dict[str, Any]:
        """Tell what plain clients read over: who wrote it, how it ended, what was paid."""
        told = {name: self.ended[name] for name in _TOLD if name in self.ended}
        if "nearest" in told:
            told["nearest"] = [{**near, "url": absolute(near["url"], self.origin)} for near in told["nearest"]]
        presence = {
            "id": self.asked.ident,
            "conversation": self.conversation,
            "outcome": self.outcome,
            "tier": self.asked.tier,
            "price_micros": self.asked.price_micros,
            "free_because": self.free_because,
            "receipt": self.receipt,
            "writer": self.asked.writer,
        }
        if self.human:
            told["human"] = self.human
        if self.beside is not None:
            told["before_you_leave"] = with_addresses(self.beside, self.origin)
        return {**disclosed(self.asked.writer, self.artist), "presence": {**presence, **told}}


def _annotation(cited: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    place = {"start_index": start, "end_index": end, "title": cited["title"], "url": cited["url"]}
    return {"type": "url_citation", "url_citation": place}
