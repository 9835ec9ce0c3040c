"""One server: what it is, learnt at the first question, and how an answer is asked of it."""

import asyncio
import json
from typing import Any

import httpx

from models.contracts import Limits, Prompt
from models.errors import WriterUnreachable
from models.remote.asking import body_of, shortened
from models.remote.line import Line, read_whole
from models.remote.manners import Constraint, Manners, manners_of
from models.remote.refusals import is_too_long, refusal_of, silence_of

LIST_SECONDS_MAX = 10.0
LIST_BYTES_MAX = 1_048_576
REFUSAL_BYTES_MAX = 65_536

_REFUSES_FIELDS = (400, 422)
_LISTS_NOTHING = (404, 405, 501)


class Server:
    """Knows its model and its manners; without a name, the first model listed is taken."""

    def __init__(self, line: Line, *, model: str | None, constraint: Constraint) -> None:
        self.line = line
        self.model = model
        self._named = model
        self._constraint: Constraint = constraint
        self._manners: Manners | None = None
        self._meeting = asyncio.Lock()

    async def open(self, prompt: Prompt, limits: Limits) -> tuple[httpx.Response, Manners]:
        """Ask, and ask for less while the server refuses; what it took is remembered."""
        manners = known = await self._meet()
        while True:
            body = body_of(prompt, limits, self.model or "", manners)
            response = await self.line.post(self.line.address.completions, body)
            if response.status_code == 200:
                # Only now: a question may be refused for its own sake.
                self._manners = manners if manners != known else self._manners
                return response, manners
            prompt, manners = await self._less(response, prompt, manners)

    async def look(self) -> Manners:
        """Ask for the list of models, or raise what keeps this server from being used."""
        where = f"The remote writer at {self.line.address.host}"
        try:
            async with asyncio.timeout(LIST_SECONDS_MAX):
                listed = await self._listed()
        except TimeoutError:
            raise WriterUnreachable(f"{where} is silent. Is it a chat server, and not too busy?") from None
        chosen = next((entry for entry in listed if self._named in (None, entry["id"])), None)
        if chosen is None and self._named is None:
            raise WriterUnreachable(f"{where} lists no model. Load one there, or name the one to use.")
        self.model = self._named or str((chosen or {})["id"])
        described = chosen or (listed[0] if listed else {})
        return manners_of(str(described.get("owned_by")), self._constraint)

    async def _meet(self) -> Manners:
        async with self._meeting:
            if self._manners is None:
                self._manners = await self.look()
            return self._manners

    async def _listed(self) -> list[dict[str, Any]]:
        try:
            response = await self.line.get(self.line.address.models)
            body = await read_whole(response, LIST_BYTES_MAX)
        except httpx.HTTPError as error:
            raise silence_of(self.line.address, error) from error
        if response.status_code in _LISTS_NOTHING and self._named:
            return []
        if response.status_code != 200:
            raise refusal_of(self.line.address, "", response, "")
        return _entries(body)

    async def _less(self, response: httpx.Response, prompt: Prompt, manners: Manners) -> tuple[Prompt, Manners]:
        """Find what to leave out after a refusal, or raise it."""
        complaint = (await read_whole(response, REFUSAL_BYTES_MAX)).decode(errors="replace")
        if response.status_code in _REFUSES_FIELDS:
            if not is_too_long(complaint) and (weaker := manners.weaker(complaint)):
                return prompt, weaker
            if is_too_long(complaint) and (shorter := shortened(prompt)):
                return shorter, manners
        if response.status_code == 404:
            self._manners = None  # the model may have been changed: look again at the next question
        raise refusal_of(self.line.address, self.model or "", response, complaint)


def _entries(body: bytes) -> list[dict[str, Any]]:
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        raise WriterUnreachable("The list of models is not JSON. Check that the address ends in /v1.") from None
    entries = listed.get("data") if isinstance(listed, dict) else None
    return [entry for entry in entries or [] if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
