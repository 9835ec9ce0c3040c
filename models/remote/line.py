"""The line to one server: sends a request until it is taken, and never follows it elsewhere."""

import asyncio
import ssl

import httpx

from models.errors import WriterUnreachable
from models.remote.address import Address
from models.remote.refusals import caused_by, silence_of

# Twice again at most, and only as long as no byte of an answer has come.
RETRY_PAUSES_S = (0.2, 0.8)
_RETRIED = (502, 503, 504)


class Line:
    """Holds the connections and the key; lives on one event loop."""

    def __init__(
        self,
        address: Address,
        headers: dict[str, str],
        *,
        connect_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.address = address
        # Proxies named by the environment are not ours to use: the key would pass through them.
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(None, connect=connect_s),
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(address),
            transport=transport,
        )

    async def get(self, url: str) -> httpx.Response:
        return await self._send(self._client.build_request("GET", url))

    async def post(self, url: str, body: object) -> httpx.Response:
        return await self._send(self._client.build_request("POST", url, json=body))

    async def close(self) -> None:
        await self._client.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        for pause_s in RETRY_PAUSES_S:
            try:
                response = await self._client.send(request, stream=True)
            except httpx.HTTPError as error:
                if not _worth_another(error):
                    raise silence_of(self.address, error) from error
            else:
                if response.status_code not in _RETRIED or "retry-after" in response.headers:
                    return response
                await response.aclose()
            await asyncio.sleep(pause_s)
        try:
            return await self._client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise silence_of(self.address, error) from error


async def read_whole(response: httpx.Response, bytes_max: int) -> bytes:
    """Read a short answer and close it; raises `WriterUnreachable` when it is no short one."""
    body = b""
    try:
        async for block in response.aiter_raw():
            body += block
            if len(body) > bytes_max:
                raise WriterUnreachable("The remote writer sent more than was asked for. Is it a chat server?")
    finally:
        await response.aclose()
    return body


def _worth_another(error: httpx.HTTPError) -> bool:
    """A name that is not found and a bad certificate stay so; a lost connection may come back."""
    if caused_by(error, ssl.SSLError):
        return False
    return isinstance(error, httpx.ConnectError | httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError)


def _trusted(address: Address) -> ssl.SSLContext:
    """The usual authorities, and those the machine was told to trust: a house may have its own."""
    if not address.root.startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is made at once
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
