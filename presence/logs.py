"""Structured logs: JSON in service, readable at a terminal. Never a question's text, a key or a token."""

import logging
import sys
from typing import Literal

import structlog

# Whatever carries words of a listener or a secret never reaches a log line, whoever passes it.
FORBIDDEN_KEYS = frozenset(
    {"question_text", "text", "token", "cookie", "authorization", "secret", "password", "quote", "prompt"}
)


def configure(shape: Literal["json", "pretty"] | None, *, level: int = logging.INFO) -> None:
    """Set up logging for this process; None chooses by whether standard error is a terminal."""
    pretty = shape == "pretty" or (shape is None and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _forget_words,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for noisy in ("httpx", "sentence_transformers", "transformers", "chromadb", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _forget_words(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in FORBIDDEN_KEYS & event.keys():
        event[key] = "…"
    return event
