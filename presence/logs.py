"""Structured logs: JSON in service, readable at a terminal. Never a question's text, a key or a token.

What an error says of itself may repeat what it was given, so of an error stands here which kind it is,
where it happened, and its code or number: its words are left out. Of what other libraries log, only
warnings are shown, without what they fill in.
"""

import logging
import sys
import threading
import traceback
from contextlib import suppress
from typing import Literal, TextIO, cast

import structlog

# Whatever carries words of a listener or a secret never reaches a log line, whoever passes it.
FORBIDDEN_KEYS = frozenset(
    {
        "question_text",
        "text",
        "title",
        "name",
        "words",
        "body",
        "token",
        "cookie",
        "authorization",
        "secret",
        "passphrase",
        "password",
        "quote",
        "prompt",
        "email",
        "address",
        "did",
    }
)
OUR_OWN = ("presence", "knowledge", "trustgraph", "billing", "models")
NOISY = (
    *("alembic", "chromadb", "httpcore", "httpcore2", "httpx", "httpx2", "mcp", "multipart", "openai"),
    *("python_multipart", "sentence_transformers", "sqlalchemy", "stripe", "transformers", "urllib3", "uvicorn"),
)
"""These say at lower levels what they send and read."""
CODES = ("errno", "sqlstate", "smtp_code", "status_code", "code")
"""What of an error is told beside its kind: numbers and short codes, which nobody writes a sentence into."""
CODE_CHARS_MAX = 40


def configure(shape: Literal["json", "pretty"] | None, *, level: int = logging.INFO) -> None:
    """Set up logging for this process; None chooses by whether standard error is a terminal."""
    pretty = shape == "pretty" or (shape is None and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _forget_words,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_errors,
            structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Kept(sys.stderr))),
    )
    for name in OUR_OWN:
        logging.getLogger(name).setLevel(level)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    root = logging.getLogger()
    if _relay not in root.handlers:
        root.addHandler(_relay)


class _Kept:
    """Where lines go; one that a full disk does not take is no reason to fail at anything else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        with suppress(OSError):
            self._stream.write(line)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def catch_threads() -> None:
    """Have what ends a thread said in the log, in the same way as other errors."""

    def tell(ended: threading.ExceptHookArgs) -> None:
        error = ended.exc_value
        structlog.get_logger().error("thread ended", thread=ended.thread and ended.thread.name, exc_info=error)

    threading.excepthook = tell


def told_error(error: BaseException) -> str:
    """Say where an error happened and of which kind it is, with what caused it; never its own words."""
    parts: list[str] = []
    seen = set()
    while True:
        seen.add(id(error))
        parts.append("".join(traceback.format_tb(error.__traceback__)) + _kind(error))
        if isinstance(error, BaseExceptionGroup):
            parts += [told_error(one) for one in error.exceptions]
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None or id(cause) in seen:
            return "\n".join(parts)
        parts.append("… which came from:")
        error = cause


def _kind(error: BaseException) -> str:
    cls = type(error)
    codes = {name: getattr(error, name, None) for name in CODES}
    told = [f"{name} {code}" for name, code in codes.items() if isinstance(code, int) or _is_short(code)]
    return f"{cls.__module__}.{cls.__qualname__}" + (f" ({', '.join(told)})" if told else "")


def _is_short(code: object) -> bool:
    return isinstance(code, str) and code.isidentifier() and code.isascii() and len(code) <= CODE_CHARS_MAX


def _forget_words(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in FORBIDDEN_KEYS & event.keys():
        event[key] = "…"
    return event


def _tell_errors(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is not None and not isinstance(error, BaseException):
        error = sys.exception() if error else None
    if error is not None:
        event["exception"] = told_error(error)
    return event


class _Relay(logging.Handler):
    """Brings what is logged in the standard library's way into the same lines."""

    def emit(self, record: logging.LogRecord) -> None:
        ours = record.name.partition(".")[0] in OUR_OWN
        if not ours and record.levelno < logging.WARNING:
            return
        said = record.getMessage() if ours else str(record.msg)
        log = structlog.get_logger()
        log.log(record.levelno, said, logger=record.name, exc_info=record.exc_info or None)


_relay = _Relay()
