"""Figures for Prometheus. Their labels are few and closed: no listener, no question, no title is ever one.

Counted is since the process started. What can be read off the node at any moment (the queue, what is set
aside) is read when somebody looks, and not before.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from presence.asking.walk import Walk

CONTENT_TYPE = CONTENT_TYPE_LATEST

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ANSWER_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
SEARCH_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
LABELS_KEPT = 1_024
OTHER = "other"
"""Stands for what is not among the labels that are known."""

Gauged = Callable[[], float]


class Metrics:
    """One per node. Thread-safe."""

    def __init__(self, currency: str) -> None:
        self._registry = CollectorRegistry()
        self._currency = currency
        ProcessCollector(registry=self._registry)
        self._requests = self._counter("requests", "Requests.", "method", "route", "status")
        self._refusals = self._counter("refusals", "What was refused, by the kind of refusal.", "kind")
        self._answers = self._counter("answers", "Answers that ended.", "outcome", "tier", "act", "writer")
        self._sentences = self._counter("sentences", "Sentences that were shown.", "writer")
        self._first = self._histogram("first_sentence_seconds", "From the question to the first sentence.", "writer")
        self._whole = self._histogram("answer_seconds", "From the question to the settled answer.", "writer")
        self._wait = self._histogram("wait_seconds", "Until the writing of an answer began.")
        self._search = self._histogram("search_seconds", "Searches in the notes.", buckets=SEARCH_SECONDS)
        self._tokens = self._counter("tokens", "Tokens: read anew, reused, written.", "kind", "writer")
        self._charged = self._counter("charged_micros", "Charged for answers, in millionths.", "currency")
        self._grants = self._counter("trust_documents", "Signed documents that were taken in.", "kind")
        self._commits = self._histogram("commit_seconds", "Groups of commands committed.", buckets=COMMIT_SECONDS)
        self._commands = self._counter("commands", "Commands that went through the write lane.")
        # The library checks labels anew each time; these are few.
        self._of: Callable[..., Any] = lru_cache(LABELS_KEPT)(lambda metric, *labels: metric.labels(*labels))

    def request(self, method: str, route: str, status: int) -> None:
        """Count a request; `route` is the template, never an address."""
        self._of(self._requests, method if method in METHODS else OTHER, route, str(status)).inc()

    def refused(self, kind: type[Exception]) -> None:
        """Count a refusal."""
        self._refusals.labels(kind.__name__).inc()

    def answered(self, walk: Walk, *, outcome: str, tier: int, act: str, writer: str) -> None:
        """Count an answer that ended, with all that was measured of it."""
        kind = writer.partition(":")[0]
        self._of(self._answers, outcome, str(tier), act, kind).inc()
        self._of(self._sentences, kind).inc(walk.sentences)
        for histogram, seconds in ((self._of(self._first, kind), walk.first_sentence_s), (self._search, walk.search_s)):
            if seconds is not None:
                histogram.observe(seconds)
        self._of(self._whole, kind).observe(walk.whole_s or 0.0)
        self._wait.observe(walk.wait_s or 0.0)
        usage = walk.usage
        counts = {"read": usage.prompt_tokens - usage.reused_tokens, "reused": usage.reused_tokens}
        for name, count in (counts | {"written": usage.answer_tokens}).items():
            self._of(self._tokens, name, kind).inc(max(0, count))
        self._of(self._charged, self._currency).inc(walk.charged_micros)

    def trusted(self, kind: str) -> None:
        """Count a signed document that was taken in: a grant, a revocation, a delegation, a key."""
        self._grants.labels(kind).inc()

    def committed(self, commands: int, seconds: float) -> None:
        """Count a group of commands that was committed."""
        self._commits.observe(seconds)
        self._commands.inc(commands)

    def watch(self, gauges: Iterable[tuple[str, str, Gauged]]) -> None:
        """Read these whenever somebody looks: a name, what it is, and what gives it."""
        for name, told, read in gauges:
            Gauge(f"presence_{name}", told, registry=self._registry).set_function(read)

    def text(self) -> bytes:
        """Give all of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"presence_{name}", told, labels, registry=self._registry)

    def _histogram(self, name: str, told: str, *labels: str, buckets: tuple[float, ...] = ANSWER_SECONDS) -> Histogram:
        more: dict[str, Any] = {"buckets": buckets, "registry": self._registry}
        return Histogram(f"presence_{name}", told, labels, **more)
