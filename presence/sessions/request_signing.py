"""Signs every request of a program, one by one: `httpx2.Client(auth=SignedBy(key))`."""

from collections.abc import Generator

import httpx2

from presence.sessions.signed_requests import sign_request
from trustgraph import Key


class SignedBy(httpx2.Auth):
    """Signs with one key; a request that is sent again is signed again."""

    requires_request_body = True

    def __init__(self, key: Key) -> None:
        self._key = key

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Sign, then send."""
        sign_request(request, request.content, self._key)
        yield request
