"""What a server's refusal, or its silence, means: each a sentence that says what to do.

No sentence quotes what the server wrote: it may repeat the prompt, or the key.
"""

import email.utils
import re
import socket
import ssl
import time

import httpx

from models.errors import ModelError, WriterBusy, WriterUnreachable
from models.remote.address import Address

# How long a listener is told to wait when the server does not say, and at most.
RETRY_AFTER_S = 10
RETRY_AFTER_S_MAX = 3_600

_TOO_LONG = re.compile(r"exceed_context|context (size|length|window)|maximum context|too many tokens", re.IGNORECASE)


def refusal_of(address: Address, model: str, response: httpx.Response, said: str) -> ModelError:
    """Name what a status means; `said` is looked through, never shown."""
    status = response.status_code
    if status == 429 or (status == 503 and "retry-after" in response.headers):
        return WriterBusy(0, retry_after_s(response.headers.get("retry-after")))
    if response.is_redirect:
        return WriterUnreachable(_redirected(address, response))
    if is_too_long(said):
        return WriterUnreachable(
            f"The question and its sentences are longer than the context of {model or 'the model'} at {address.host}. "
            "Give the server a larger context."
        )
    return WriterUnreachable(_sentence(address, model, status))


def is_too_long(said: str) -> bool:
    """Whether a server complains about the length of the question: then no field is to blame."""
    return _TOO_LONG.search(said) is not None


def _sentence(address: Address, model: str, status: int) -> str:
    where = f"The remote writer at {address.host}"
    if status in (401, 403):
        return f"{where} does not accept the key ({status}). Set the key that its server was given."
    if status == 404:
        named = f"the model {model!r}" if model else "this address"
        return f"{where} does not know {named} (404). Check the name of the model, and that the address ends in /v1."
    if status in (400, 422):
        return f"{where} does not accept the question ({status}). Its log says what it wants; perhaps it is too old."
    if status in (502, 503, 504):
        return f"{where} is starting, or its model is not loaded ({status}). Try again in a minute."
    return f"{where} failed ({status}). Its log says why."


def _redirected(address: Address, response: httpx.Response) -> str:
    # Followed, a redirection would carry the key to whoever it names.
    target = response.next_request.url.netloc.decode() if response.next_request else "another place"
    return f"The remote writer at {address.host} sends on to {target}. If that is right, set that address."


def silence_of(address: Address, error: httpx.HTTPError) -> WriterUnreachable:
    """Name why no connection was made, or why it ended."""
    where = f"The remote writer at {address.host}"
    if caused_by(error, ssl.SSLError):
        return WriterUnreachable(
            f"{where} shows no certificate that can be trusted. Check https:// and its certificate."
        )
    if caused_by(error, socket.gaierror):
        return WriterUnreachable(f"{where} cannot be found: no address belongs to that name. Check the name.")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return WriterUnreachable(f"{where} does not answer. Start its server, or check the address.")
    return WriterUnreachable(f"{where} broke off. Its log says why.")


def caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    """Look for a cause along the whole chain."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, kind):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def retry_after_s(header: str | None) -> int:
    """Read seconds or a date; what cannot be read counts as not said."""
    said = (header or "").strip()
    if said.isascii() and said.isdigit():
        wait = int(said[:9])
    else:
        try:
            wait = round(email.utils.parsedate_to_datetime(said).timestamp() - time.time())
        except (ValueError, TypeError, OverflowError):
            wait = RETRY_AFTER_S
    return min(max(wait, 1), RETRY_AFTER_S_MAX)
